"""The pictures of Thidua: values in, SVG text out. No database, no clock; the same values give the same bytes."""

"""The report of a simulated year as one HTML page: values and names in, text out; nothing fetched, no script."""

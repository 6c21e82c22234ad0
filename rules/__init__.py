"""Pure law: values in, verdicts out. Standard library only; no clock, no row, no file."""

"""Exemplars (docs/movements.md): found, nurtured, reviewed, made known; and counts of titles that come from files."""

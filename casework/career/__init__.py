"""Titles, grades, disciplines and service of earlier years: read from files, recorded, corrected (docs/careers.md)."""

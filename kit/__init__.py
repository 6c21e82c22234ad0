"""Plumbing without a word of the trade: settings, clock, database, strict YAML, canonical JSON."""

"""Doors for the scheduler: thin, idempotent, each over a batch."""

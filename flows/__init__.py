"""Prefect's doors: each flow opens the home, calls one function of `casework/`, leaves an artifact and a ledger row."""

"""Proving the history: walking its chains, giving them out as a file, and checking such a file without a database."""

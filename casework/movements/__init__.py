"""Movements (docs/movements.md): plans that ask units below for plans of their own, and what came of them."""

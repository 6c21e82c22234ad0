"""Lifecycles: a published procedure becomes a machine; `advance` takes one step of it, purely."""

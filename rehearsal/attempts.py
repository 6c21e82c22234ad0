"""What people try although it may not be: each is refused, and nothing changes."""
from __future__ import annotations
from rehearsal.story import Script
def try_what_may_not_be(script: Script) -> None:
    """x"""

"""The editions of the simulated year by name: known to the terminal before anything is played."""

from __future__ import annotations

# 2024-2025 with the districts' end; the same year as its plan had it; a year under two-tier government.
AS_IT_WAS, AS_PLANNED, TWO_TIERS = "2024-2025", "2024-2025-as-planned", "2026-2027"
EDITIONS = (AS_IT_WAS, AS_PLANNED, TWO_TIERS)

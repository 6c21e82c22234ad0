"""Writes the obligations of calendars that came into force or changed."""

from __future__ import annotations

from prefect import flow

from flows.door import through


@flow(name="open-year")
async def open_year(part: str = "") -> None:
    """The flow; ``part`` is the code of one office among several."""
    await through("open_year", part)

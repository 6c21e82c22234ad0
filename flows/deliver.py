"""Sends the letters that wait."""

from __future__ import annotations

from prefect import flow

from flows.door import through


@flow(name="deliver")
async def deliver(part: str = "") -> None:
    """The flow; ``part`` is the code of one office among several."""
    await through("deliver", part)

"""What is due on the day: consequences, openings, rungs, escalations; letters are composed."""

from __future__ import annotations

from prefect import flow

from flows.door import through


@flow(name="tick")
async def tick(part: str = "") -> None:
    """The flow; ``part`` is the code of one office among several."""
    await through("tick", part)

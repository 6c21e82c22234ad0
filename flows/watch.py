"""Looks at what waits too long, failed, was missed or runs out, and tells administrators."""

from __future__ import annotations

from prefect import flow

from flows.door import through


@flow(name="watch")
async def watch(part: str = "") -> None:
    """The flow; ``part`` is the code of one office among several."""
    await through("watch", part)

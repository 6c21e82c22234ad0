"""The one door through which every flow passes: run by the ledger, followed while it works, told by an artifact."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from prefect.artifacts import (
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from casework.ledger import RunDone, run_in_home
from casework.outcome import concern_in_words, in_words
from casework.remaining import remaining_in_home
from kit.settings import Settings
from notifications.words import say, word

# At the end of a run it warns of what it is just about to send.
logging.getLogger("EventsWorker").setLevel(logging.ERROR)

#: work that takes longer than this, in seconds, shows how far it is; and how often
_FOLLOWED_AFTER = 3.0
#: what a row of the tick's table shows
_REMINDED = ("person", "kind", "subject", "unit", "milestone", "due")


async def through(name: str, part: str) -> None:
    """Run a flow over the home of the settings (of ``part``), and leave what came of it with Prefect.

    Raises:
        Exception: whatever the work raised; Prefect shows the run as failed, the ledger too.
    """
    settings = Settings()
    # In a thread: the work is synchronous, and Prefect wants to hear from a run while it works.
    work = asyncio.create_task(
        asyncio.to_thread(
            run_in_home, settings, name, via=f"flow:{name}", part=part, prefect_run=str(flow_run.id or "")
        )
    )
    await _follow(work, settings, name, part)
    done = await work
    get_run_logger().info(in_words(name, done.summary, settings.lang))
    await acreate_table_artifact(
        key=_key(name, part), table=_table(done, settings.lang), description=_title(done, settings.lang)
    )


async def _follow(work: asyncio.Task[RunDone], settings: Settings, name: str, part: str) -> None:
    at_first = await asyncio.to_thread(remaining_in_home, settings, name, part)
    if not at_first:
        return
    shown = None
    while not (await asyncio.wait({work}, timeout=_FOLLOWED_AFTER))[0]:
        left = await asyncio.to_thread(remaining_in_home, settings, name, part)
        percent = 100.0 * (1 - min(left, at_first) / at_first)
        if shown is None:
            what = say(f"flows.does_{name}", None, settings.lang)
            shown = await acreate_progress_artifact(
                progress=percent, key=f"{_key(name, part)}-progress", description=what
            )
        else:
            await aupdate_progress_artifact(shown, progress=percent)
    if shown is not None and work.exception() is None:
        await aupdate_progress_artifact(shown, progress=100.0)


def _key(name: str, part: str) -> str:
    return "-".join(filter(None, (name.replace("_", "-"), part)))


def _title(done: RunDone, lang: str) -> str:
    title = "artifact_tick" if done.flow == "tick" else "artifact_other"
    told = [
        f"{word('flows', done.flow, lang)}: {say(f'flows.{title}', None, lang)}",
        done.business_day.isoformat(),
    ]
    if done.missed_days:
        told.append(say("terminal.missed_days", {"count": done.missed_days}, lang))
    return " · ".join((*told, in_words(done.flow, done.summary, lang)))


def _table(done: RunDone, lang: str) -> list[dict[str, Any]]:
    """Who was reminded of what, or the summary as name and value; plain texts, as Prefect's page shows them."""
    if done.flow == "tick":
        return [
            {word("flows", name, lang): str(row.get(name) or "") for name in _REMINDED}
            for row in done.summary.get("reminded", ())
        ]
    if done.flow == "watch":
        what = word("flows", "what", lang)
        return [
            {what: concern_in_words(concern["code"], concern["params"], lang)}
            for concern in done.summary["concerns"]
        ]
    head, value = word("flows", "what", lang), word("flows", "value", lang)
    return [{head: word("flows", name, lang), value: str(told)} for name, told in done.summary.items()]

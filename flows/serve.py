"""Names the flows and their schedules, and serves them from one process; or registers them with a work pool."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from prefect import Flow, aserve, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron

from casework.home_clock import business_now
from casework.hours import HOURS, MADE_UP_FOR
from casework.ledger import last_done_days
from casework.running import settings_of
from flows.deliver import deliver
from flows.open_year import open_year
from flows.seal import seal
from flows.tick import tick
from flows.watch import watch
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from notifications.words import say
from rules.windows import local_day

TIMEZONE = "Asia/Ho_Chi_Minh"
#: the name under which the whole office is served; a part is served under its own
WHOLE = "thidua"
#: runs at a time: what comes on top waits, so that a slow mail server piles up no processes
_AT_A_TIME = 3


#: the flows by the names of the table of hours
SERVED: dict[str, Flow[Any, Any]] = {
    "tick": tick,
    "deliver": deliver,
    "seal": seal,
    "watch": watch,
    "open_year": open_year,
}


async def deployment_of(
    name: str, *, part: str = "", lang: str = "vi", pool: str | None = None
) -> RunnerDeployment:
    """A flow with its name and schedule; with ``pool``, for the workers of that pool."""
    return await SERVED[name].ato_deployment(
        name=part or WHOLE,
        schedule=Cron(HOURS[name].cron, timezone=TIMEZONE),
        parameters={"part": part},
        description=say(f"flows.does_{name}", None, lang),
        tags=[WHOLE, *filter(None, [part])],
        entrypoint_type=EntrypointType.MODULE_PATH,
        paused=False,
        work_pool_name=pool,
    )


async def serve(names: Sequence[str]) -> None:
    """Serve some flows until the process is told to end; what their hours passed by unused is done at once."""
    settings = Settings()
    deployments = [await deployment_of(name, lang=settings.lang) for name in names]
    ids = {name: await deployment.aapply() for name, deployment in zip(names, deployments, strict=True)}
    async with get_client() as client:
        # Runs whose hour passed while nothing served them: one run does what all of them would have done.
        late = FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
            expected_start_time=FlowRunFilterExpectedStartTime(before_=wall_now()),
        )
        ours = DeploymentFilter(id=DeploymentFilterId(any_=list(ids.values())))
        asked = {"sort": FlowRunSort.EXPECTED_START_TIME_ASC, "limit": 200}
        while runs := await client.read_flow_runs(flow_run_filter=late, deployment_filter=ours, **asked):
            for run in runs:
                await client.delete_flow_run(run.id)
        for name in _not_done_today(settings, names):
            await client.create_flow_run_from_deployment(ids[name])
    # The schedules stay on while this process is away: Prefect then shows late runs, which is what they are.
    await aserve(*deployments, pause_on_shutdown=False, print_starting_message=False, limit=_AT_A_TIME)


def _not_done_today(settings: Settings, names: Sequence[str]) -> list[str]:
    database = Database(settings.url, synchronous=settings.sqlite_synchronous)
    try:
        with database.read() as connection:
            done = last_done_days(connection)
            today = local_day(business_now(connection))
    finally:
        database.close()
    return [name for name in names if name in MADE_UP_FOR and done.get((name, "")) != today]


async def register(names: Sequence[str], parts: Sequence[str], pool: str) -> list[str]:
    """Register some flows for each part with a work pool; gives the names under which Prefect knows them.

    Raises:
        Refused: a part that is none.
    """
    settings = Settings()
    registered = []
    for part in parts:
        settings_of(settings, part)
        for name in names:
            deployment = await deployment_of(name, part=part, lang=settings.lang, pool=pool)
            await deployment.aapply()
            registered.append(deployment.full_name)
    return registered


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m flows.serve [FLOW …]` serves; with `--pool` (and `--part`, once for each) it registers and ends."""
    parser = argparse.ArgumentParser(prog="python -m flows.serve", description=main.__doc__)
    parser.add_argument("flows", nargs="*", default=[], metavar="FLOW", help=", ".join(SERVED))
    parser.add_argument("--pool", help="register with this work pool instead of serving")
    parser.add_argument("--part", action="append", default=[], help="code of one office; may be given often")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.flows) - set(SERVED))
    if unknown or (given.part and not given.pool):
        parser.error(f"no such flow: {', '.join(unknown)}" if unknown else "--part goes with --pool")
    names = given.flows or list(SERVED)
    if given.pool:
        for name in asyncio.run(register(names, given.part or [""], given.pool)):
            print(name)
        return
    # On SIGINT the runner ends in order; its own way with SIGTERM leaves a warning.
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(names))


if __name__ == "__main__":
    main()

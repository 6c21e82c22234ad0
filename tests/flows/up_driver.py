"""`thidua up` for some flows only, in a process of its own: every word it tells is a line of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from casework.ledger import RunDone
from flows.up import Beside, run_up
from kit.settings import Settings


def tell(code: str, **params: Any) -> None:
    print(json.dumps({"told": code, **params}), flush=True)


def told_run(run: RunDone) -> None:
    print(json.dumps({"told": "run", **run.as_dict()}), flush=True)


if __name__ == "__main__":
    settings = Settings()
    pages = Beside(
        "pages",
        ("-m", "web.serve", "--with-parent"),
        settings.page_host,
        settings.page_port,
        "THIDUA_PAGE_PORT",
        "up_pages",
    )
    # Only where a test gave them a port: two homes at a time would want the same one.
    beside = [pages] if "page_port" in settings.model_fields_set else []
    run_up(settings, tell, told_run, sys.argv[1:], beside)

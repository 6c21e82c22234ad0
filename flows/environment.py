"""What Prefect is told by way of its own environment: where it keeps its things, and that it calls nobody."""

from __future__ import annotations

import os
from pathlib import Path

from kit.settings import ROOT, Settings

HOST = "127.0.0.1"


def prefect_folder(settings: Settings) -> Path:
    """Prefect's own things: its database, its logs. Nothing of ours is in there; it may be deleted."""
    return settings.home / "prefect"


def prefect_environment(settings: Settings) -> dict[str, str]:
    """The environment of Prefect's server and of whatever runs flows, for the processes of `thidua up`."""
    folder = prefect_folder(settings)
    ours = {
        f"THIDUA_{name}".upper(): _text(value)
        for name, value in settings.model_dump().items()
        if value not in (None, "")
    }
    return {
        **os.environ,
        **ours,
        # Flows are named as modules; this is where they are.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", "")))),
        "PYTHONUNBUFFERED": "1",
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_API_URL": settings.prefect_address,
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.sqlite3'}",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        "PREFECT_SERVER_UI_API_URL": settings.prefect_address,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "pages"),
        # A run without its server fails and says so, rather than starting a server of its own.
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        **QUIET,
    }


#: no telemetry, no advertisement, no look for a newer version; logs without colours
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "PREFECT_LOGGING_COLORS": "false",
    "PREFECT_CLI_COLORS": "false",
    "NO_COLOR": "1",
}


def _text(value: object) -> str:
    reveal = getattr(value, "get_secret_value", None)
    return str(reveal() if reveal else value)

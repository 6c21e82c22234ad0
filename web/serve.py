"""The process of the pages: `python -m web.serve`, started by `thidua up`. It ends when its parent does."""

from __future__ import annotations

import sys

import uvicorn

from kit.settings import Settings
from kit.with_parent import end_with_parent
from web.app import create_app


def main(arguments: list[str]) -> None:
    """Serve the home of the settings; ``--with-parent`` ends it when standard input closes."""
    settings = Settings()
    if "--with-parent" in arguments:
        end_with_parent()
    # No access log: addresses of pages hold codes of dossiers and, for one-time links, their tokens.
    uvicorn.run(
        create_app(settings, settings.page_host),
        host=settings.page_host,
        port=settings.page_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(sys.argv[1:])

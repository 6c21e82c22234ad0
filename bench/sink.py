"""A mail server for measuring, in a process of its own: takes every letter and forgets it.

    python -m bench.sink

Says its port and serves until its standard input ends. It keeps nothing, so that its own disk counts for neither side.
"""

from __future__ import annotations

import sys
from typing import Any

from aiosmtpd.controller import Controller


class _Forgets:
    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802
        return "250 2.0.0 taken"


class _Sink(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def main() -> None:
    """Serve."""
    server = _Sink(_Forgets(), hostname="127.0.0.1", port=0, server_hostname="sink")
    server.start()
    print(server.port, flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()

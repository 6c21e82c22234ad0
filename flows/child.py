"""A process of `thidua up`: `python -m flows.child server|serve [FLOW …]`. It ends when its parent does.

Its standard input is a pipe from the parent, which closes however the parent ends, by kill -9 too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence

#: seconds to end in by itself before its whole group is ended
GRACE = 6.0


def end_with_parent() -> None:
    """Let this process, and the group that it leads, end when standard input closes."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(GRACE)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


def _server(_names: Sequence[str]) -> None:
    from flows.server import main

    main()


def _serve(names: Sequence[str]) -> None:
    from flows.serve import main

    main(list(names))


PARTS: dict[str, Callable[[Sequence[str]], None]] = {"server": _server, "serve": _serve}

if __name__ == "__main__":
    end_with_parent()
    PARTS[sys.argv[1]](sys.argv[2:])

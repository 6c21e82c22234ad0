"""A process of `thidua up`: `python -m flows.child server|serve [FLOW …]`. It ends when its parent does.

Its standard input is a pipe from the parent, which closes however the parent ends, by kill -9 too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from kit.with_parent import end_with_parent


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

"""A process that ends when the one that started it does, however that ended."""

from __future__ import annotations

import os
import signal
import threading
import time

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

"""Takes the README's pictures of pages, with the machine's Chromium: `python docs/pictures/shoot.py HOME REPORT.html`.

HOME is a home with letters in its postbox in which `thidua up` runs at the usual port; the report is one that
`thidua year --report` wrote.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from kit.settings import Settings
from notifications.postbox import letters_in

HERE = Path(__file__).resolve().parent


def shoot(address: str, picture: str, width: int, height: int) -> None:
    """Open a page and keep what it looks like after its scripts have run."""
    subprocess.run(
        [  # noqa: S607  (the one on the path)
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--window-size={width},{height}",
            "--virtual-time-budget=15000",
            f"--screenshot={HERE / picture}",
            address,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )


if __name__ == "__main__":
    home, report = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    shoot(f"http://127.0.0.1:{Settings().prefect_port}/deployments", "prefect.png", 1280, 600)
    shoot(report.as_uri(), "report.png", 1100, 1290)
    reminders = [one for one in letters_in(home / "postbox") if one.message_id.startswith("<deadline")]
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as page:
        page.write(reminders[-1].html)
        page.flush()
        shoot(Path(page.name).as_uri(), "letter.png", 720, 430)

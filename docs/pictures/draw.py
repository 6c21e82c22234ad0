"""Draws the README's pictures from the program itself: `python docs/pictures/draw.py`.

Each picture is what a command prints on a terminal of 100 columns, in a throw-away home with the sample.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
COLUMNS = 100
# Name of the picture → (title on it, the command, how many of its lines are shown).
PICTURES = {
    "dossier": ("thidua dossier show th-mau-4.2425.1", ["dossier", "show", "th-mau-4.2425.1"], 21),
    "waiting": ("thidua mine --as cb-025", ["mine", "--as", "cb-025"], 18),
    "refusal": (
        "thidua release th-mau-4.2425.1 --as cb-035",
        ["release", "th-mau-4.2425.1", "--as", "cb-035"],
        8,
    ),
}


def printed(arguments: list[str], home: str) -> str:
    """What a command prints on a terminal."""
    master, slave = pty.openpty()
    environment = {
        **os.environ,
        "THIDUA_HOME": home,
        "COLUMNS": str(COLUMNS),
        "LINES": "60",
        "TERM": "xterm-256color",
    }
    thidua = Path(sys.executable).with_name("thidua")
    process = subprocess.Popen([thidua, *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    chunks = []
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # Linux says so when the last writer has closed the terminal
            break
        if not chunk:
            break
        chunks.append(chunk)
    process.wait()
    os.close(master)
    return b"".join(chunks).decode().replace("\r\n", "\n")


def picture(title: str, text: str, lines: int) -> str:
    """The text as an SVG in a window frame; ids made from the title, so that the same text is the same file."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    shown = text.rstrip("\n").split("\n")
    console.print(Text.from_ansi("\n".join(shown[:lines])))
    svg = console.export_svg(title=title, unique_id=re.sub(r"\W+", "-", title))
    # No font from elsewhere: a picture of ours asks nobody for anything.
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def main() -> None:
    """Play the sample in a throw-away home and draw each picture."""
    with tempfile.TemporaryDirectory(prefix="thidua-pictures-") as home:
        printed(["run"], home)
        for name, (title, arguments, lines) in PICTURES.items():
            path = HERE / f"{name}.svg"
            path.write_text(picture(title, printed(arguments, home), lines), encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()

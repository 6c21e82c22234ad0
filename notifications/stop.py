"""A stop on a dossier's way as it is shown: in a letter, on a page, in the picture. The names are said already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

DONE, HERE, LEFT, NEXT = "done", "here", "left", "next"


@dataclass(frozen=True, slots=True)
class Stop:
    """One station. ``mark`` is done, here, left (set aside, will come back) or next.

    ``at`` and ``who`` tell when and by whom it was left behind; ``note`` what else there is to say; ``returned`` how
    often the dossier was turned back here; ``on_way`` False: beside the way (returned, on hold, withdrawn …).
    """

    label: str
    mark: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    returned: int = 0
    on_way: bool = True

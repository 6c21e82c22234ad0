"""Stylesheet, script and icons under addresses that name their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pictures import tokens

FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    name: str
    body: bytes
    media_type: str
    digest: str

    @property
    def path(self) -> str:
        """The address; another content has another one."""
        return f"/static/{self.digest}/{self.name}"


@cache
def assets() -> dict[str, Asset]:
    """Every file by its name. The stylesheet begins with the tokens that letters and pictures share."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        body = path.read_bytes()
        if path.name == "thidua.css":
            body = (tokens.page_css() + tokens.picture_css()).encode() + body
        digest = hashlib.sha256(body).hexdigest()[:16]
        found[path.name] = Asset(path.name, body, _TYPES[path.suffix], digest)
    return found

"""The way of a dossier as a picture, for wide and narrow pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from notifications.words import say
from pictures.drawing import Drawing
from pictures.way import Stop, draw_way
from web.ribbon import WIDTHS


def ways(stations: Sequence[Mapping[str, Any]], lang: str) -> dict[str, Drawing]:
    """The stations of `casework/views/dossier.py` drawn at each width."""
    stops = [_stop(station, lang) for station in stations]
    return {
        size: draw_way(stops, width=width, name=f"way-{size}", lang=lang) for size, width in WIDTHS.items()
    }


def _stop(station: Mapping[str, Any], lang: str) -> Stop:
    by, behalf = station["by"], station["on_behalf_of"]
    note = say("pages.dossier.for", {"person": behalf["name"]}, lang) if behalf else ""
    return Stop(
        label=station["label"],
        mark=station["mark"],
        at=datetime.fromisoformat(station["at"]) if station["at"] else None,
        who=by["name"] if by else "",
        note=note,
        returned=station["returned"],
        on_way=station["on_way"],
    )

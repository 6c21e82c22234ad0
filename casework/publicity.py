"""What lies open to everybody: dossiers at a desk of public opinion, as the published procedure has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from states.vocabulary import PUBLIC_OPINION


def lies_open(dossier: Mapping[str, Any]) -> bool:
    """Whether the list of a dossier (a row) is shown to everybody now, and objections to it are taken in."""
    return bool(dossier["desk"] == PUBLIC_OPINION and dossier["state_kind"] == "at_desk")

"""What lies open to everybody: dossiers at a desk of public opinion, as the published procedure has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_

from casework.load import DOSSIER
from states.vocabulary import PUBLIC_OPINION

# On hold, returned or withdrawn it lies elsewhere, and its list is not shown.
LIES_OPEN = and_(DOSSIER.c.desk == PUBLIC_OPINION, DOSSIER.c.state_kind == "at_desk")


def lies_open(dossier: Mapping[str, Any]) -> bool:
    """Whether the list of a dossier (a row) is shown to everybody now, and objections to it are taken in."""
    return bool(dossier["desk"] == PUBLIC_OPINION and dossier["state_kind"] == "at_desk")

"""`thidua run`: the sample, loaded once and driven to noon of 16 June 2025, and where every dossier then stands.

Run again it finds itself there. What people did in the home meanwhile stays: an act of the plan that does not fit any
more is refused like anybody's, noted, and left.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from casework.call import Call
from kit.settings import Settings
from rehearsal.home import open_home
from rehearsal.load_sample import START, load_sample
from rehearsal.play import VIA, Rehearsal
from rehearsal.post import post_of
from rehearsal.progress import Progress, silent
from rehearsal.script import make_plan
from rehearsal.standing import DossierStanding, standings
from rules.windows import LOCAL

SAMPLE_SEED = 1
# In the middle of the month in which schools complete their dossiers and the education office appraises them.
SAMPLE_ENDS_AT = datetime(2025, 6, 16, 12, tzinfo=LOCAL).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class SampleStanding:
    """Where the sample stands.

    ``fresh`` says that it was loaded just now, ``acts`` how many acts were played this time, ``refused`` how many of
    the plan's wrong acts were refused, ``skipped`` which acts of the plan did not fit any more, and
    ``other_plan`` that another version of the program drove this home: then nothing was played.
    """

    now: datetime
    fresh: bool
    acts: int
    refused: int
    skipped: tuple[str, ...]
    other_plan: bool
    dossiers: tuple[DossierStanding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The standing as plain data."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        plain["now"] = self.now.isoformat()
        plain["skipped"] = list(self.skipped)
        plain["dossiers"] = [dossier.as_dict() for dossier in self.dossiers]
        return plain


def run_sample(settings: Settings, progress: Progress = silent, *, letters: bool = False) -> SampleStanding:
    """Bring the home of the settings to where the sample stands, as far as it is not there yet.

    ``letters`` sends them over SMTP into the home's postbox; without, they wait in the outbox.

    Raises:
        Refused: the home holds units of somebody else.
        StorageTrouble: the home cannot be made or written.
    """
    with open_home(settings) as home:
        loading = load_sample(home.database, Call(None, START, "sample/load", VIA), progress)
        with post_of(home.database, settings) if letters else nullcontext() as post:
            plan = make_plan(SAMPLE_SEED)
            played = Rehearsal(home.database, home.store, plan, post).play(SAMPLE_ENDS_AT, progress)
        with home.database.read() as connection:
            now, dossiers = standings(connection)
    return SampleStanding(
        now=now,
        fresh=loading.fresh,
        acts=played.acts + played.lapses,
        refused=sum(refusal.planned for refusal in played.refusals),
        skipped=tuple(played.unexpected),
        other_plan=played.driven_by_other_plan,
        dossiers=tuple(dossiers),
    )

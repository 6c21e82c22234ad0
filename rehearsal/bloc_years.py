"""The year of the sample's blocs by their own acts: meetings, covenant, card, draw, sheets, ranking, prizes, hand-over.

What is owed of it, and how the bloc of Mẫu meets it late or never, stands in `rehearsal.obligations`: a meeting with
its minutes gives the bloc's word. What goes wrong here goes wrong at invented schools.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rehearsal.bloc_scores import CARD, BlocScores, bloc_scores, scorecard
from rehearsal.edition import Schedule
from rehearsal.obligations import BLOC_OF_MAU, MEETINGS
from rehearsal.plan import AFTERNOON, EVENING, FORENOON, MORNING, workday
from rehearsal.story import THREE_TIER, TWO_TIER, Script
from rehearsal.ways import YearWay

SCORING, COVENANT, REVIEW = "bloc-scoring", "covenant", "covenant-review"
# Under which procedure a bloc opens a dossier for a prize, by the procedure of the year.
PRIZES_UNDER = {THREE_TIER: "bloc-prize-2024", TWO_TIER: "bloc-prize-2025"}
ONE, THREE, FOUR, SIX, SEVEN = (f"th-mau-{number}" for number in (1, 3, 4, 6, 7))
# In this bloc the last school that wins a prize has no dossier that nominates it, so the bloc opens one.
OPENS_A_DOSSIER = "gq-khoi-tieu-hoc"
# The last rank to which the card gives a prize.
LAST_PRIZE = 3
_CERTIFIED = 4
_PLACE = "Hội trường {school}"


def prize_dossier(school: str) -> str:
    """The plan's own name of the dossier that a bloc opens for a school's prize."""
    return f"{school}/B"


class BlocYears:
    """The blocs of an edition: first what is scored, then, when the days of the meetings are known, the acts."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.roster = script.roster
        self.days = script.edition.days
        blocs = dict.fromkeys(self.roster.bloc(school) for school in self.roster.schools)
        self.made: dict[str, BlocScores] = {
            bloc: bloc_scores(
                bloc,
                self.roster.members(bloc),
                frozenset(self.roster.invented),
                script.seed,
                THREE if THREE in self.roster.members(bloc) else None,
            )
            for bloc in blocs
        }

    @property
    def scores(self) -> dict[str, tuple[str, int]]:
        """School → points and rank."""
        return {school: score for made in self.made.values() for school, score in made.scores.items()}

    def scored_on(self) -> dict[str, date]:
        """On which day each bloc meets and settles; that of Mẫu within the time that it was granted."""
        return {bloc: self.days.ends(SCORING, 8 if bloc == BLOC_OF_MAU else -10) for bloc in self.made}

    def tell(self, met_on: Mapping[tuple[str, str], date]) -> None:
        """The acts of every bloc; ``met_on``: (milestone, bloc) → the day of the meeting that meets it."""
        for bloc, made in self.made.items():
            self._covenant(bloc, met_on[COVENANT, bloc])
            self._score(made, met_on[SCORING, bloc])
            self._after_settling(bloc, met_on.get((REVIEW, bloc)) or self.days.ends(REVIEW))

    # --- Who, and what every act names ---

    def _act(
        self,
        bloc: str,
        day: date,
        hour: int,
        act: str,
        actor: str,
        refused_for: str | None = None,
        **words: Any,
    ) -> None:
        year = self.script.edition.school_year
        self.script.add(day, hour, act, actor, refused_for=refused_for, unit=bloc, school_year=year, **words)

    def _head(self, bloc: str, day: date) -> str:
        return self.roster.holder(bloc, "bloc_head", day)

    # --- Autumn ---

    def _covenant(self, bloc: str, day: date) -> None:
        """At the first meeting: the card, and the schools sign; the head records one signature for its principal."""
        head = self._head(bloc, day)
        self._act(bloc, day, FORENOON, "approve_card", head, scorecard=CARD)
        *others, last = self.roster.members(bloc)
        for school in others:
            self._act(bloc, day, FORENOON, "sign", self._principal(school, day), school=school, signed_on=day)
        words = {"school": last, "signed_on": day, "paper": "ban-giao-uoc.pdf"}
        self._act(bloc, workday(day + timedelta(days=1)), FORENOON, "sign", head, **words)
        if bloc == BLOC_OF_MAU:
            later = workday(day + timedelta(days=1))
            self._act(bloc, later, AFTERNOON, "approve_card", head, "card_frozen", scorecard=CARD)

    def _principal(self, school: str, day: date) -> str:
        return self.roster.holder(school, "principal", day)

    # --- May ---

    def _score(self, made: BlocScores, settled: date) -> None:
        bloc, drawn = made.bloc, self.days.opens(SCORING, 4)
        head = self._head(bloc, drawn)
        self._act(bloc, drawn, FORENOON, "draw", head, seed=made.seed)
        if made.declined is not None and made.again is not None:
            scorer, scored = made.declined
            day = workday(drawn + timedelta(days=1))
            reason = "Trường chưa xem được minh chứng của đơn vị được phân công chấm"
            both = {"scorer": scorer, "scored": scored}
            self._act(bloc, day, FORENOON, "decline_sheet", self._clerk(scorer, day), reason=reason, **both)
            scorer, scored = made.again
            self._act(bloc, day, AFTERNOON, "assign_again", head, scorer=scorer, scored=scored)
        self._sheets(made, drawn)
        if bloc == BLOC_OF_MAU:
            self._not_so(made, drawn)
        words = tuple((word.school, word.item, str(word.points), word.reason) for word in made.words)
        self._act(bloc, settled, FORENOON, "settle_scores", head, words=words)

    def _sheets(self, made: BlocScores, drawn: date) -> None:
        """Every school files on its own day, the clerk or the principal; its own sheet with a paper."""
        for count, school in enumerate(self.roster.members(made.bloc)):
            day = workday(drawn + timedelta(days=2 + count % 7))
            if school == SEVEN:
                # Behind the term, and within what was granted.
                day = self.days.ends(SCORING, 5)
            clerk = self._clerk(school, day)
            by = clerk if count % 3 else self._principal(school, day)
            for (scorer, scored), points in made.sheets.items():
                if scorer != school:
                    continue
                words: dict[str, Any] = {"scorer": scorer, "scored": scored}
                words["points"] = tuple((item, str(given)) for item, given in points.items())
                if scorer == scored:
                    words["paper"] = "bao-cao-tu-cham.pdf"
                    if school == ONE:
                        self._at_first(made.bloc, day, by, words)
                self._act(made.bloc, day, AFTERNOON, "score_sheet", by, **words)

    def _at_first(self, bloc: str, day: date, by: str, words: Mapping[str, Any]) -> None:
        """A sheet that is filed anew in the afternoon: at first it had everything that can be had."""
        most = tuple((item.code, str(item.most)) for item in scorecard().card.items)
        words = {**words, "points": most, "note": "Bản nháp gửi nhầm"}
        self._act(bloc, day, MORNING, "score_sheet", by, **words)

    def _clerk(self, school: str, day: date) -> str:
        return self.roster.holder(school, "clerk", day)

    def _not_so(self, made: BlocScores, drawn: date) -> None:
        """What the schools of Mẫu try although it may not be."""
        bloc, day = made.bloc, workday(drawn + timedelta(days=2))
        clerk = self._clerk(SEVEN, day)
        mine = dict(made.sheets[SEVEN, SIX])
        for code, scorer, points in (
            ("score_item_beyond_most", SEVEN, {**mine, "1.1": Decimal(400)}),
            ("score_item_below_nothing", SEVEN, {**mine, "1.1": Decimal(-1)}),
            ("score_items_left_out", SEVEN, {"1.1": Decimal(300)}),
            ("score_item_unknown", SEVEN, {**mine, "9.9": Decimal(1)}),
            ("duty_not_held", SIX, mine),
        ):
            told = tuple((item, str(given)) for item, given in points.items())
            scored = SIX if scorer == SEVEN else SEVEN
            words = {"scorer": scorer, "scored": scored, "points": told}
            self._act(bloc, day, EVENING, "score_sheet", clerk, code, **words)
        head = self._head(bloc, day)
        settles = self.days.ends(SCORING, -1)
        self._act(bloc, settles, FORENOON, "settle_scores", head, "sheet_still_open", words=())
        again = {"seed": made.seed}
        self._act(bloc, settles, FORENOON, "draw", head, "scoring_assigned_already", **again)
        teacher = self.roster.staff[SEVEN][-1]
        self._act(bloc, settles, FORENOON, "settle_scores", teacher, "duty_not_held", words=())

    # --- June ---

    def _after_settling(self, bloc: str, day: date) -> None:
        """Prizes are proposed, the bloc's own certificates given, and the deputy's school becomes the head."""
        head = self._head(bloc, day)
        proposed = self.days.ends(SCORING)
        if bloc == BLOC_OF_MAU:
            self._act(bloc, proposed, EVENING, "propose", head, "scoring_not_settled")
        else:
            self._act(bloc, proposed, EVENING, "propose", head)
        given = [
            self.script.dice.choice(self.roster.staff[school][5:])
            for school in self.script.dice.sample(
                self.roster.members(bloc), min(_CERTIFIED, len(self.roster.members(bloc)))
            )
        ]
        self._act(bloc, day, AFTERNOON, "certify", head, people=tuple(given), given_on=day)
        self._hand_over(bloc, day, head)

    def _hand_over(self, bloc: str, day: date, head: str) -> None:
        since = date(int(self.script.edition.school_year[5:]), 9, 1)
        next_head = self.roster.school_of(self.roster.holder(bloc, "bloc_deputy", day))
        led = {next_head, self.roster.school_of(head)}
        scores = self.made[bloc].scores
        deputy = min(
            (school for school in self.roster.members(bloc) if school not in led),
            key=lambda school: (scores[school][1], school),
        )
        words = {"deputy": deputy, "since": since}
        self._act(bloc, day, EVENING, "hand_over", head, **words)
        self.roster.hand_over(bloc, since, next_head, deputy)


def opened_prizes(script: Script, scores: Mapping[str, tuple[str, int]]) -> list[str]:
    """The schools for whose prize their bloc opens a dossier, as none of theirs nominates them."""
    members = script.roster.members(OPENS_A_DOSSIER)
    last = max(rank for _, rank in (scores[school] for school in members) if rank <= LAST_PRIZE)
    return [school for school in members if scores[school][1] == last]


def prize_way(script: Script, school: str, times: Mapping[str, date], score: tuple[str, int]) -> YearWay:
    """The way of a dossier that a bloc opened: from the school's council to the province's decision."""
    procedure = PRIZES_UNDER[script.edition.procedure]
    way = YearWay(script, prize_dossier(school), school, "province", times, score, procedure=procedure)
    way.school_council()
    way.paper(way.times["hand_in"], "achievement_report")
    way.hand_in()
    way.appraise()
    way.file()
    way.review()
    way.local_council()
    way.endorse()
    way.to_province()
    way.provincial_decision()
    return way


def meeting(script: Script, days: Schedule, bloc: str, milestone: str, day: date) -> None:
    """A meeting of a bloc, with the minutes that meet a milestone: in the head's school, whose clerk writes them."""
    roster = script.roster
    head = roster.holder(bloc, "bloc_head", day)
    school = roster.school_of(head)
    kind, name, text = MEETINGS[milestone]
    script.add(
        day,
        MORNING,
        "hold",
        head,
        unit=bloc,
        school_year=days.calendar.school_year,
        kind=kind,
        held_on=day,
        place=_PLACE.format(school=roster.called[school]),
        chair=head,
        secretary=roster.holder(school, "clerk", day),
        paper=(name, text),
    )

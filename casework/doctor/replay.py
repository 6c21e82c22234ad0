"""Replaying each dossier's history and comparing what comes out with the rows: the history is what was done."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import String, cast, literal, select

from casework.doctor.finding import fault
from casework.doctor.view import View
from casework.history import ENTRY
from casework.load import DOSSIER, NOMINATION, OPINION
from states.chart import Chart
from states.vocabulary import BACK

# In the history, an objection's hold goes under the objection's name.
STEP_OF_EVENT = {"receive_objection": "hold"}
# Payload word → column of the dossier, for numbers that come with a step.
NUMBERS = {
    "receipt": "receipt_number",
    "submission": "submission_number",
    "submitted_on": "submitted_on",
    "decision": "decision_id",
    "revocation": "revocation_id",
}
OPENED_WITH = {
    "code": "code",
    "unit": "unit_id",
    "school_year": "school_year",
    "level": "level",
    "procedure": "procedure_sha256",
}


class Replayed(NamedTuple):
    """One thing in which a dossier is not what its history says: the code of the invariant, and which row."""

    code: str
    row: str


@dataclass
class Told:
    """What the entries of one dossier say, taken together."""

    state: str | None = None
    broken: bool = False
    opened: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)
    acted: dict[str, set[int]] = field(default_factory=dict)
    exceptions: set[tuple[str, int]] = field(default_factory=set)
    nominated: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    outcomes: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    declined: bool = False
    opinions: Counter[tuple[Any, ...]] = field(default_factory=Counter)

    def take(self, entry: Mapping[str, Any], chart_of: Callable[[Any], Chart]) -> None:
        """Take in one entry; ``chart_of`` gives the version of the procedure that has a SHA-256."""
        payload = json.loads(entry["payload"])
        chart = chart_of(payload["procedure"] if entry["event"] == "open" else self.opened.get("procedure"))
        if entry["event"] == "open":
            self.opened, self.state = payload, payload["to"]
        elif entry["event"] == "procedure_moved":
            self._moved(payload["procedure"], chart_of)
        elif "to" in payload:
            self._step(entry, payload, chart)
        if entry["event"] == "except_from_separation":
            self.exceptions.add((payload["desk"], payload["person"]))
        if payload.get("separated"):
            self._acted(entry, payload["desk"])
        self.numbers |= {word: payload[word] for word in NUMBERS if word in payload}
        self._nominations(entry["event"], payload)
        for nomination, verdict, lower, _sha256, *votes in payload.get("opinions", ()):
            judged = (nomination, payload["desk"], entry["actor_id"], verdict, lower)
            self.opinions[(*judged, *(votes or (None, None)))] += 1

    def _step(self, entry: Mapping[str, Any], payload: Mapping[str, Any], chart: Chart) -> None:
        event = STEP_OF_EVENT.get(entry["event"], entry["event"])
        level = str(self.opened.get("level"))
        step = chart.procedure.step_of(payload["from"], event, level)
        if payload["from"] != self.state or step is None or step.target not in (BACK, payload["to"]):
            self.broken = True
        self.state = payload["to"]
        if step is not None and "separation" in step.checks:
            self._acted(entry, payload["desk"])

    def _moved(self, told: Mapping[str, Any], chart_of: Callable[[Any], Chart]) -> None:
        """From here on the steps are those of another version, in which the dossier must stand the same."""
        before, after = (
            chart_of(told[end]["sha256"]).procedure.states.get(str(self.state)) for end in ("from", "to")
        )
        same = before is not None and after is not None and before.kind == after.kind
        if told["from"]["sha256"] != self.opened.get("procedure") or not same:
            self.broken = True
        self.opened = {**self.opened, "procedure": told["to"]["sha256"]}

    def _acted(self, entry: Mapping[str, Any], desk: str) -> None:
        here = self.acted.setdefault(desk, set())
        here.update({entry["actor_id"], entry["on_behalf_of_id"]} - {None})

    def _nominations(self, event: str, payload: Mapping[str, Any]) -> None:
        if event == "nominate":
            # Nominee, unit and title; behind the foundation stands an initiative, where one was put forward.
            self.nominated.update(
                (*row[:3], row[4] if len(row) > 4 else None) for row in payload["nominated"]
            )
        for word, outcome in (
            ("struck", "struck"),
            ("stopped", "stopped"),
            ("not_awarded", "not_awarded"),
            ("titles_fallen", "revoked"),
            ("reopened", "open"),
        ):
            self.outcomes.update(dict.fromkeys(payload.get(word, ()), (outcome, None)))
        self.outcomes.update(
            {nomination: ("awarded", title) for nomination, title in payload.get("awarded", ())}
        )
        if event == "decline":
            # It names none: whatever was open is not awarded.
            self.declined = True
            self.outcomes = {
                nomination: ("not_awarded", None) if told[0] == "open" else told
                for nomination, told in self.outcomes.items()
            }


def replay(view: View) -> Iterator[Replayed]:
    """Walk the histories of all dossiers that can be read, in one stream beside their rows."""
    subject = literal("dossier:", String) + cast(DOSSIER.c.id, String)
    query = (
        select(
            ENTRY.c.actor_id,
            ENTRY.c.on_behalf_of_id,
            ENTRY.c.event,
            ENTRY.c.payload,
            DOSSIER.c.id.label("dossier"),
        )
        .join(ENTRY, ENTRY.c.subject == subject)
        .order_by(DOSSIER.c.id, ENTRY.c.seq)
    )
    chains = itertools.groupby(view.rows(query), key=lambda row: row["dossier"])
    for batch in _batched(chains):
        rows = {
            row["id"]: row
            for row in view.connection.execute(select(DOSSIER).where(DOSSIER.c.id.in_(batch))).mappings()
        }
        nominations = _of_dossiers(view, NOMINATION, batch)
        opinions = _of_dossiers(view, OPINION, batch)
        for dossier, entries in batch.items():
            chart = view.chart(rows[dossier]["procedure_sha256"])
            if chart is None:
                continue
            told = _told(entries, _charts(view, chart))
            if told is None:
                yield Replayed("history_unreadable", f"dossier:{dossier}")
                continue
            yield from _compare(rows[dossier], told, nominations.get(dossier, []), opinions.get(dossier, []))


def _batched(chains: Iterable[tuple[int, Iterable[Any]]], size: int = 200) -> Iterator[dict[int, list[Any]]]:
    batch: dict[int, list[Any]] = {}
    for dossier, entries in chains:
        batch[dossier] = list(entries)
        if len(batch) == size:
            yield batch
            batch = {}
    if batch:
        yield batch


def _of_dossiers(view: View, table: Any, dossiers: Iterable[int]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    query = select(table).where(table.c.dossier_id.in_(list(dossiers)))
    for row in view.connection.execute(query).mappings():
        found.setdefault(row["dossier_id"], []).append(row)
    return found


def _charts(view: View, latest: Chart) -> Callable[[Any], Chart]:
    """The versions of a dossier's procedure by their SHA-256; one that is not there is taken for the latest."""
    return lambda sha256: view.chart(str(sha256)) or latest


def _told(entries: Iterable[Mapping[str, Any]], chart_of: Callable[[Any], Chart]) -> Told | None:
    told = Told()
    try:
        for entry in entries:
            told.take(entry, chart_of)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        # An entry that was forged may hold anything; `audit verify` names it.
        return None
    return told


def _compare(
    row: Mapping[str, Any],
    told: Told,
    nominations: list[Mapping[str, Any]],
    opinions: list[Mapping[str, Any]],
) -> Iterator[Replayed]:
    here = f"dossier:{row['id']}"
    if told.state != row["state"]:
        yield Replayed("state_differs_from_history", here)
    if told.broken:
        yield Replayed("step_outside_procedure", here)
    if any(told.opened.get(word) != row[column] for word, column in OPENED_WITH.items()):
        yield Replayed("opening_differs_from_history", here)
    if any(_plain(row[column]) != told.numbers.get(word) for word, column in NUMBERS.items()):
        yield Replayed("numbers_differ_from_history", here)
    if {desk: set(people) for desk, people in row["acted"].items() if people} != told.acted:
        yield Replayed("acted_differs_from_history", here)
    if {(desk, person) for desk, person in row["exceptions"]} != told.exceptions:
        yield Replayed("exceptions_differ_from_history", here)
    standing = Counter((n["person_id"], n["unit_id"], n["title"], n["initiative_id"]) for n in nominations)
    if standing != told.nominated:
        yield Replayed("nominations_differ_from_history", here)
    for nomination in nominations:
        now = (nomination["outcome"], nomination["decided_title"])
        unnamed = {("open", None), ("not_awarded", None)} if told.declined else {("open", None)}
        if now not in ({told.outcomes[nomination["id"]]} if nomination["id"] in told.outcomes else unnamed):
            yield Replayed("outcome_differs_from_history", f"nomination:{nomination['id']}")
    given = Counter(
        (
            o["nomination_id"],
            o["desk"],
            o["person_id"],
            o["verdict"],
            o["lower_title"],
            o["votes_for"],
            o["members"],
        )
        for o in opinions
    )
    if given != told.opinions:
        yield Replayed("opinions_differ_from_history", here)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _differing(view: View, code: str) -> Iterator[str]:
    return (found.row for found in view.replayed if found.code == code)


def history_unreadable(view: View) -> Iterator[str]:
    """What its history says cannot be read."""
    return _differing(view, "history_unreadable")


def state_differs_from_history(view: View) -> Iterator[str]:
    """Its state is not the one to which its last step led."""
    return _differing(view, "state_differs_from_history")


def step_outside_procedure(view: View) -> Iterator[str]:
    """Its history holds a step that its procedure does not know, or that does not follow the one before."""
    return _differing(view, "step_outside_procedure")


def opening_differs_from_history(view: View) -> Iterator[str]:
    """Its unit, school year, level, procedure or code is not the one with which it was opened."""
    return _differing(view, "opening_differs_from_history")


def numbers_differ_from_history(view: View) -> Iterator[str]:
    """Its receipt, submission or decision is not the one that its history tells."""
    return _differing(view, "numbers_differ_from_history")


def acted_differs_from_history(view: View) -> Iterator[str]:
    """Who decided at which desk, kept in its row, is not what its history says: separation would misjudge."""
    return _differing(view, "acted_differs_from_history")


def exceptions_differ_from_history(view: View) -> Iterator[str]:
    """It lets somebody decide at two desks whom no chair excepted in its history, or the other way round."""
    return _differing(view, "exceptions_differ_from_history")


def nominations_differ_from_history(view: View) -> Iterator[str]:
    """It holds other nominations than were made."""
    return _differing(view, "nominations_differ_from_history")


def outcome_differs_from_history(view: View) -> Iterator[str]:
    """What became of the nomination is not what was decided."""
    return _differing(view, "outcome_differs_from_history")


def opinions_differ_from_history(view: View) -> Iterator[str]:
    """It holds other opinions than were given."""
    return _differing(view, "opinions_differ_from_history")


INVARIANTS = (
    fault(history_unreadable),
    fault(state_differs_from_history),
    fault(step_outside_procedure),
    fault(opening_differs_from_history),
    fault(numbers_differ_from_history),
    fault(acted_differs_from_history),
    fault(exceptions_differ_from_history),
    fault(nominations_differ_from_history),
    fault(outcome_differs_from_history),
    fault(opinions_differ_from_history),
)

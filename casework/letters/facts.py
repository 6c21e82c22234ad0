"""What the items of many letters are about, read in a few statements however many there are.

An item holds ids and codes only. Names and labels are read when its letter is composed, in the reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from casework.access import DELEGATION, DUTY
from casework.accounts.tables import LINK, link_is_open, link_path
from casework.council.count import passed
from casework.council.lying_open import session_of
from casework.council.tables import ITEM, SESSION
from casework.debts import Debt, debts_of
from casework.decided import DECISION
from casework.history import ENTRY, NOTE
from casework.letters.holding import (
    OF_DEBTS,
    OF_OBJECTIONS,
    OF_SHEETS,
    OF_VERDICTS,
    WITH_LINK,
    Present,
    version_of,
)
from casework.load import DOSSIER, NOMINATION, OBJECTION
from casework.made_calendars import made_calendars
from casework.movements.calendar_of import ANSWER, milestone_name, movement_of
from casework.outcome import reasons_of, run_in_words
from casework.people import PERSON, names_of, units_told
from casework.reads import Reads
from casework.regulations import calendar_by_hash, chart_of, published, titles_in_force
from casework.views.initiative_names import initiatives_told, with_authors_named
from casework.views.naming import named
from casework.views.way import stops_of
from models.flow_run import FlowRun
from models.obligation import Obligation
from models.score_sheet import ScoreSheet
from notifications.letter import LetterItem
from notifications.render import kinds_of_letters
from notifications.words import say, word
from published.calendar import Calendar
from published.milestone import FULFIL, STEPS
from rules.reasons import Refused
from rules.windows import LOCAL
from states.procedure import Procedure
from states.vocabulary import FINAL_KINDS

OBLIGATION, RUN, SHEET = Obligation.__table__, FlowRun.__table__, ScoreSheet.__table__

Item = Mapping[str, Any]
DebtsOf = Callable[[Reads, Collection[str]], dict[str, Debt]]

# What an item may say of its subject in so many words, and how it is read: days and numbers are kept as texts.
_SAID: dict[str, Callable[[str], Any]] = {
    "due": date.fromisoformat,
    "planned": date.fromisoformat,
    "before": date.fromisoformat,
    "opens": date.fromisoformat,
    "since": date.fromisoformat,
    "until": date.fromisoformat,
    "decided_on": date.fromisoformat,
    "at": datetime.fromisoformat,
    "count": int,
    "nominations": int,
    "sheets": int,
    "rank": int,
    "school_year": str,
    "dossier": str,
    "account": str,
    "number": str,
    "body": str,
    "receipt": str,
    "trouble": str,
    "flow": str,
    "detail": str,
    "path": str,
    "command": str,
}
# Kinds whose letter says what a decision was, and for whom.
_OF_DECISIONS = frozenset({"decided", "declined", "revoked", "result", "handed_on"})


class Facts:
    """What is known on a day of everything that some items are about."""

    def __init__(
        self,
        connection: Connection,
        day: date,
        items: Sequence[Item],
        debts: DebtsOf = debts_of,
        *,
        wall: datetime | None = None,
    ) -> None:
        self.connection = connection
        self.day = day
        self.items = items
        self._debts_of = debts
        #: real time, by which one-time links are open or over
        self.wall = wall
        self._calendars: dict[str, Calendar | None] = {}

    # --- Read once, each in one statement ------------------------------------------------------------------

    def _ids(self, kind: str) -> list[int]:
        found = {int(s[len(kind) + 1 :]) for s in self._subjects if s.startswith(f"{kind}:")}
        return sorted(found)

    @cached_property
    def _subjects(self) -> frozenset[str]:
        return frozenset(item["subject"] for item in self.items)

    @cached_property
    def dossiers(self) -> dict[str, Mapping[str, Any]]:
        """Rows of the dossiers, by subject."""
        ids = self._ids("dossier")
        if not ids:
            return {}
        rows = self.connection.execute(select(DOSSIER).where(DOSSIER.c.id.in_(ids))).mappings()
        return {f"dossier:{row['id']}": row for row in rows}

    @cached_property
    def obligations(self) -> dict[str, Mapping[str, Any]]:
        """Rows of the obligations, by subject."""
        ids = self._ids("obligation")
        if not ids:
            return {}
        rows = self.connection.execute(select(OBLIGATION).where(OBLIGATION.c.id.in_(ids))).mappings()
        return {f"obligation:{row['id']}": row for row in rows}

    @cached_property
    def debts(self) -> dict[str, Debt]:
        """What the subjects of items about debts owe now."""
        asked = sorted({item["subject"] for item in self.items if item["kind"] in OF_DEBTS})
        return self._debts_of(Reads(self.connection, self.day), asked) if asked else {}

    @cached_property
    def present(self) -> Present:
        """What decides which items still hold."""
        states = {subject: row["state"] for subject, row in self.dossiers.items()}
        due = {subject: debt.due.isoformat() for subject, debt in self.debts.items()}
        desks = {subject: row["desk"] for subject, row in self.dossiers.items()}
        sessions = {str(number): row["standing"] for number, row in self._sessions.items()}
        # A letter carries one link: the newest, where another was asked for before it went.
        newest = {row["person_id"]: link for link, row in self._links.items()}
        return Present(
            states,
            due,
            desks,
            frozenset(newest.values()),
            self._objections,
            sheets=self._open_sheets,
            sessions=sessions,
        )

    @cached_property
    def _objections(self) -> dict[str, int]:
        """How many objections wait for a conclusion, by the dossier that items about objections tell of."""
        asked = {i["subject"] for i in self.items if i["kind"] in OF_OBJECTIONS}
        ids = {row["id"] for subject, row in self.dossiers.items() if subject in asked}
        if not ids:
            return {}
        query = select(OBJECTION.c.dossier_id, func.count().label("count")).where(
            OBJECTION.c.dossier_id.in_(sorted(ids)), OBJECTION.c.settled_at.is_(None)
        )
        rows = self.connection.execute(query.group_by(OBJECTION.c.dossier_id))
        return {f"dossier:{row.dossier_id}": row.count for row in rows}

    @cached_property
    def _open_sheets(self) -> frozenset[tuple[str, str]]:
        """(bloc's year, school) of those that are told of sheets and have open ones."""
        schools = sorted({int(i["facts"]["unit"]) for i in self.items if i["kind"] in OF_SHEETS})
        if not schools:
            return frozenset()
        query = select(SHEET.c.bloc_id, SHEET.c.school_year, SHEET.c.scorer_id).distinct()
        rows = self.connection.execute(
            query.where(SHEET.c.scorer_id.in_(schools), SHEET.c.standing == "open")
        )
        return frozenset((f"bloc_year:{row.bloc_id}:{row.school_year}", str(row.scorer_id)) for row in rows)

    @cached_property
    def _links(self) -> dict[str, Mapping[str, Any]]:
        """One-time links that are open, the oldest first, by what items call them."""
        ids = sorted({int(i["facts"]["link"]) for i in self.items if i["kind"] in WITH_LINK})
        if not ids or self.wall is None:
            return {}
        query = select(LINK, PERSON.c.code).join(PERSON, PERSON.c.id == LINK.c.person_id)
        query = query.where(LINK.c.id.in_(ids), link_is_open(self.wall)).order_by(LINK.c.id)
        return {str(row["id"]): row for row in self.connection.execute(query).mappings()}

    @cached_property
    def _sessions(self) -> dict[int, Mapping[str, Any]]:
        """Rows of councils' sessions, by their numbers."""
        ids = sorted({int(i["facts"]["session"]) for i in self.items if "session" in i["facts"]})
        if not ids:
            return {}
        rows = self.connection.execute(select(SESSION).where(SESSION.c.id.in_(ids))).mappings()
        return {row["id"]: row for row in rows}

    @cached_property
    def _agendas(self) -> dict[int, list[Mapping[str, Any]]]:
        """The lists of councils' sessions with what they nominate."""
        found: dict[int, list[Mapping[str, Any]]] = {}
        if not self._sessions:
            return found
        query = (
            select(
                ITEM,
                NOMINATION.c.title,
                NOMINATION.c.person_id,
                NOMINATION.c.initiative_id,
                NOMINATION.c.unit_id,
            )
            .join(NOMINATION, NOMINATION.c.id == ITEM.c.nomination_id)
            .where(ITEM.c.session_id.in_(sorted(self._sessions)))
            .order_by(ITEM.c.id)
        )
        for row in self.connection.execute(query).mappings():
            found.setdefault(row["session_id"], []).append(row)
        return found

    @cached_property
    def _on_lists(self) -> tuple[dict[int, str], dict[int, str]]:
        """Names of the people and of the units on those lists."""
        rows = [row for agenda in self._agendas.values() for row in agenda]
        people = names_of(
            self.connection, sorted({r["person_id"] for r in rows if r["person_id"] is not None})
        )
        told = units_told(self.connection, sorted({r["unit_id"] for r in rows}))
        return people, {unit: name for unit, (_, name) in told.items()}

    @cached_property
    def _entries(self) -> dict[tuple[str, int], Mapping[str, Any]]:
        """The entries of the history that items tell of, by subject and number."""
        keys = sorted({(i["subject"], v) for i in self.items if (v := version_of(i)) and _of_dossier(i)})
        if not keys:
            return {}
        query = select(ENTRY.c.subject, ENTRY.c.seq, ENTRY.c.actor_id, ENTRY.c.at, ENTRY.c.payload)
        rows = self.connection.execute(query.where(tuple_(ENTRY.c.subject, ENTRY.c.seq).in_(keys)))
        return {(row.subject, row.seq): row._mapping for row in rows}

    @cached_property
    def _notes(self) -> dict[str, str]:
        told = {entry["payload"].get("reason") for entry in self._entries_read.values()}
        ids = {note for note in told if note} | {
            i["facts"]["note"] for i in self.items if "note" in i["facts"]
        }
        if not ids:
            return {}
        rows = self.connection.execute(select(NOTE.c.id, NOTE.c.text).where(NOTE.c.id.in_(sorted(ids))))
        return {row.id: row.text for row in rows}

    @cached_property
    def _entries_read(self) -> dict[tuple[str, int], dict[str, Any]]:
        read = {}
        for key, entry in self._entries.items():
            payload = json.loads(entry["payload"])
            reason = payload.get("reason")
            payload["reason"] = reason.get("note") if isinstance(reason, dict) else None
            read[key] = {"actor": entry["actor_id"], "at": entry["at"], "payload": payload}
        return read

    @cached_property
    def _delegations(self) -> dict[int, Mapping[str, Any]]:
        ids = sorted({int(i["facts"]["delegation"]) for i in self.items if "delegation" in i["facts"]})
        if not ids:
            return {}
        query = select(DELEGATION, DUTY.c.duty, DUTY.c.unit_id, DUTY.c.person_id.label("lender")).join(
            DUTY, DUTY.c.id == DELEGATION.c.duty_id
        )
        rows = self.connection.execute(query.where(DELEGATION.c.id.in_(ids))).mappings()
        return {row["id"]: row for row in rows}

    @cached_property
    def _runs(self) -> dict[int, Mapping[str, Any]]:
        ids = sorted({int(i["facts"]["run"]) for i in self.items if "run" in i["facts"]})
        if not ids:
            return {}
        rows = self.connection.execute(select(RUN).where(RUN.c.id.in_(ids))).mappings()
        return {row["id"]: row for row in rows}

    @cached_property
    def _people(self) -> dict[int, str]:
        ids = {entry["actor"] for entry in self._entries_read.values()}
        for row in self._delegations.values():
            ids |= {row["lender"], row["to_person_id"]}
        for item in self.items:
            ids |= {i for name in ("actor", "other") if (i := _id(item["facts"].get(name))) is not None}
        return names_of(self.connection, sorted(i for i in ids if i is not None))

    @cached_property
    def _units(self) -> dict[int, str]:
        return {unit: name for unit, (_, name) in self._units_told.items()}

    @cached_property
    def _units_told(self) -> dict[int, tuple[str, str]]:
        ids = {row["unit_id"] for row in (*self.dossiers.values(), *self.obligations.values())}
        ids |= {row["unit_id"] for row in self._delegations.values()} | set(self._ids("unit"))
        named = (item["facts"].get(name) for item in self.items for name in ("unit", "bloc"))
        ids |= {i for told in named if (i := _id(told)) is not None}
        return units_told(self.connection, sorted(ids))

    @cached_property
    def _nominations(self) -> dict[int, list[Mapping[str, Any]]]:
        ids = [row["id"] for row in self.dossiers.values()]
        found: dict[int, list[Mapping[str, Any]]] = {}
        if not ids:
            return found
        wanted = (
            NOMINATION.c.dossier_id,
            NOMINATION.c.person_id,
            NOMINATION.c.initiative_id,
            NOMINATION.c.unit_id,
            NOMINATION.c.title,
            NOMINATION.c.decided_title,
            NOMINATION.c.outcome,
        )
        query = select(*wanted).where(NOMINATION.c.dossier_id.in_(ids), NOMINATION.c.outcome != "struck")
        for row in self.connection.execute(query.order_by(NOMINATION.c.id)).mappings():
            found.setdefault(row["dossier_id"], []).append(row)
        return found

    @cached_property
    def _nominees(self) -> dict[int, str]:
        told = {self.dossiers[i["subject"]]["id"] for i in self.items if self._tells_titles(i)}
        rows = [row for dossier in told for row in self._nominations.get(dossier, ())]
        return names_of(self.connection, sorted({r["person_id"] for r in rows if r["person_id"] is not None}))

    @cached_property
    def _initiatives(self) -> dict[int, str]:
        told = {self.dossiers[i["subject"]]["id"] for i in self.items if self._tells_titles(i)}
        rows = [row for dossier in told for row in self._nominations.get(dossier, ())]
        rows += [row for agenda in self._agendas.values() for row in agenda]
        wanted = {row["initiative_id"] for row in rows if row["initiative_id"] is not None}
        found = initiatives_told(self.connection, wanted)
        return {number: with_authors_named(one) for number, one in found.items()}

    @cached_property
    def _decisions(self) -> dict[int, Mapping[str, Any]]:
        ids = {row["decision_id"] for row in self.dossiers.values() if row["decision_id"] is not None}
        if not ids:
            return {}
        rows = self.connection.execute(select(DECISION).where(DECISION.c.id.in_(sorted(ids)))).mappings()
        return {row["id"]: row for row in rows}

    @cached_property
    def _titles(self) -> Mapping[str, Any]:
        try:
            return titles_in_force(self.connection)
        except Refused:
            return {}

    @cached_property
    def _published(self) -> dict[str, str]:
        return dict(published(self.connection, "calendar"))

    @cached_property
    def _procedures(self) -> dict[str, str]:
        return dict(published(self.connection, "procedure"))

    def _calendar(self, name: str) -> Calendar | None:
        if name not in self._calendars:
            sha256 = self._published.get(name)
            asked = {} if sha256 else made_calendars(self.connection, [name])
            self._calendars[name] = calendar_by_hash(self.connection, sha256) if sha256 else asked.get(name)
        return self._calendars[name]

    def _tells_titles(self, item: Item) -> bool:
        return item["kind"] in _OF_DECISIONS and item["subject"] in self.dossiers

    # --- One item in a reader's language -------------------------------------------------------------------

    def item(self, item: Item, day: date, lang: str) -> LetterItem:
        """What a letter of ``day`` says of an item."""
        said: dict[str, Any] = {}
        for part in (
            self._of_dossier,
            self._of_obligation,
            self._of_entry,
            self._of_verdict,
            self._of_debt,
            self._of_delegation,
            self._of_link,
            self._of_run,
            self._of_session,
        ):
            said |= part(item, lang)
        said |= self._of_itself(item, lang)
        due = said.get("due")
        if due is not None:
            said["days_left"] = (due - day).days
        return LetterItem(subject=item["subject"], **said)

    def _of_dossier(self, item: Item, lang: str) -> dict[str, Any]:
        row = self.dossiers.get(item["subject"])
        if row is None:
            return {}
        procedure = chart_of(self.connection, row["procedure_sha256"]).procedure
        nominations = self._nominations.get(row["id"], [])
        said: dict[str, Any] = {
            "dossier": row["code"],
            "unit": self._units.get(row["unit_id"]),
            "level": row["level"],
            "state": _label(procedure, item["facts"].get("state", row["state"]), lang),
            "desk": procedure.desks[row["desk"]].label[lang]
            if row["desk"] in procedure.desks
            else row["desk"],
            "receipt": row["receipt_number"],
            "path": f"/dossiers/{row['code']}",
            "command": f"thidua dossier show {row['code']}",
        }
        if row["state_kind"] not in FINAL_KINDS:
            said["nominations"] = sum(nomination["outcome"] == "open" for nomination in nominations)
        decision = self._decisions.get(row["decision_id"])
        if item["kind"] == "forwarded":
            said |= {"number": row["submission_number"], "decided_on": row["submitted_on"]}
        elif decision is not None:
            said |= {"number": decision["number"], "decided_on": decision["decided_on"]}
            said["body"] = decision["issued_by"]
        kind = kinds_of_letters().get(item["kind"])
        if kind is not None and "way" in kind.may:
            # A receipt tells of the moment at which the dossier was taken in, wherever it is by now.
            state = item["facts"].get("state")
            then = {**row, "state": state} if state in procedure.states else row
            said["way"] = stops_of(procedure, then, lang)
        if item["kind"] in OF_OBJECTIONS:
            said["open_objections"] = self._objections.get(item["subject"])
        if self._tells_titles(item):
            said["titles"] = tuple(self._title(nomination, lang) for nomination in nominations)
        return said

    def _title(self, nomination: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
        person = nomination["person_id"]
        nominee = self._nominees.get(person) if person is not None else self._units.get(nomination["unit_id"])
        if nomination["initiative_id"] is not None:
            nominee = self._initiatives.get(nomination["initiative_id"])
        code = nomination["decided_title"] or nomination["title"]
        title = self._titles[code].name[lang] if code in self._titles else code
        return nominee or "", title, word("outcomes", nomination["outcome"], lang)

    def _of_obligation(self, item: Item, lang: str) -> dict[str, Any]:
        row = self.obligations.get(item["subject"])
        if row is None:
            return {}
        owed = (row["unit_id"], row["calendar"], row["milestone"])
        return {
            "unit": self._units.get(row["unit_id"]),
            **self._milestone(row["calendar"], row["milestone"], lang),
            "path": self._page_of(row["calendar"]),
            "command": self._looking(*owed) if item["kind"] == "escalation" else self._meeting(*owed),
        }

    def _page_of(self, calendar: str) -> str | None:
        """The page on which what a movement or a council's session asks for is met, and seen by whoever asked; of other
        calendars none."""
        movement, session = movement_of(calendar), session_of(calendar)
        if session is not None:
            return f"/sessions/{session}"
        return f"/movements/{movement}" if movement is not None else None

    def _meeting(self, unit: int, calendar: str, name: str) -> str | None:
        """The command by which a unit meets what it owes: its word, or where dossiers are wanted the first of them; of
        what a movement asks for its plan, then its review."""
        known, code = self._calendar(calendar), self._code(unit)
        planned = known.milestones.get(name) if known else None
        if known is None or planned is None or code is None:
            return None
        session = session_of(calendar)
        if session is not None:
            return f"thidua councils close-publicity {session} --text …"
        movement = movement_of(calendar)
        if movement is not None:
            # What a plan says stands in no row of ours yet: the rest of the command is the unit's to fill in.
            answers = name == milestone_name(ANSWER, planned.owed_by)
            return (
                f"thidua movement launch {code} … --answers {movement}"
                if answers
                else f"thidua movement review {movement} {code} --text …"
            )
        if FULFIL not in planned.met_by:
            return None
        if STEPS in planned.met_by:
            procedure = self._procedure_with(known, name)
            return f"thidua dossier open {code} --year {known.school_year} --procedure {procedure}"
        return f"thidua calendar fulfil {code} {name} --calendar {calendar}"

    def _procedure_with(self, calendar: Calendar, milestone: str) -> str:
        """The first procedure of a calendar on whose way a milestone stands."""
        for procedure in calendar.procedures:
            sha256 = self._procedures.get(procedure)
            if sha256 and milestone in chart_of(self.connection, sha256).procedure.milestones:
                return procedure
        return calendar.procedures[0]

    def _looking(self, unit: int, calendar: str, name: str) -> str | None:
        """The command that shows what a unit owes, for those above it."""
        code = self._code(unit)
        shown = f"thidua calendar owed --unit {code} --calendar {calendar} --milestone {name}"
        return shown if code is not None else None

    def _code(self, unit: int) -> str | None:
        return self._units_told[unit][0] if unit in self._units_told else None

    def _milestone(self, calendar: str, name: str, lang: str) -> dict[str, Any]:
        known = self._calendar(calendar)
        milestone = known.milestones.get(name) if known else None
        if milestone is None:
            return {"milestone": name}
        return {"milestone": milestone.label[lang], "owed": milestone.due[lang]}

    def _of_entry(self, item: Item, lang: str) -> dict[str, Any]:
        entry = self._entries_read.get((item["subject"], version_of(item)))
        if entry is None or item["kind"] in OF_DEBTS:
            return {}
        note, row = entry["payload"]["reason"], self.dossiers[item["subject"]]
        desks = chart_of(self.connection, row["procedure_sha256"]).procedure.desks
        acted_at = desks.get(entry["payload"].get("desk", ""))
        return {
            "actor": self._people.get(entry["actor"]),
            "acted_at": acted_at.label[lang] if acted_at else None,
            "at": entry["at"],
            "reason": self._notes.get(note) or None if note else None,
        }

    def _of_verdict(self, item: Item, lang: str) -> dict[str, Any]:
        # Its key names a verdict and no entry of the dossier: it turned when it was told.
        return {"at": item["queued_at"]} if item["kind"] in OF_VERDICTS else {}

    def _of_debt(self, item: Item, lang: str) -> dict[str, Any]:
        debt = self.debts.get(item["subject"]) if item["kind"] in OF_DEBTS else None
        if debt is None:
            return {}
        said = self._milestone(debt.calendar.name, debt.milestone, lang)
        said |= {"due": debt.due, "opens": debt.term.opens}
        if debt.planned != debt.due:
            said["planned"] = debt.planned
        extends = debt.calendar.milestones[debt.milestone].extends
        if extends is not None:
            said["ask"] = word("unit_kinds", extends.unit, lang)
        return said

    def _of_delegation(self, item: Item, lang: str) -> dict[str, Any]:
        row = self._delegations.get(int(item["facts"].get("delegation", 0)))
        if row is None:
            return {}
        lent_away = item["person_id"] == row["lender"]
        return {
            "duty": word("duties", row["duty"], lang),
            "unit": self._units.get(row["unit_id"]),
            "other": self._people.get(row["to_person_id"] if lent_away else row["lender"]),
            "lent_to_reader": not lent_away,
            "since": row["since"],
            "until": row["until"],
        }

    def _of_link(self, item: Item, lang: str) -> dict[str, Any]:
        row = self._links.get(item["facts"].get("link", ""))
        if row is None:
            return {}
        # What is kept of the letter says that there was a link, not which.
        return {"account": row["code"], "at": row["expires_at"], "path": link_path("…")}

    def _of_run(self, item: Item, lang: str) -> dict[str, Any]:
        row = self._runs.get(int(item["facts"].get("run", 0)))
        if row is None:
            return {}
        told = row["summary"]
        if reasons := reasons_of(told):
            told = told | {"reasons": [one.as_dict() for one in named(self.connection, reasons, lang)]}
        return {"detail": run_in_words(row["standing"], row["flow"], row["trouble"], told, lang) or None}

    def _of_session(self, item: Item, lang: str) -> dict[str, Any]:
        row = self._sessions.get(int(item["facts"].get("session", 0)))
        if row is None:
            return {}
        agenda = self._agendas.get(row["id"], [])
        said: dict[str, Any] = {
            "at": datetime.combine(row["held_on"], time.fromisoformat(row["begins"]), tzinfo=LOCAL),
            "place": row["place"],
            "nominations": len(agenda),
            "path": f"/sessions/{row['id']}",
            "command": f"thidua councils session {row['id']}",
        }
        if item["kind"] == "council_result":
            said["titles"] = tuple(self._judged(one, lang) for one in agenda)
        return said

    def _judged(self, row: Mapping[str, Any], lang: str) -> tuple[str, str, str]:
        people, units = self._on_lists
        nominee = people.get(row["person_id"]) if row["person_id"] is not None else units.get(row["unit_id"])
        if row["initiative_id"] is not None:
            nominee = self._initiatives.get(row["initiative_id"])
        title = self._titles[row["title"]].name[lang] if row["title"] in self._titles else row["title"]
        through = passed(row) and row["place"] != "outside"
        return nominee or "", title, say(f"councils.{'passed' if through else 'turned_down'}", {}, lang)

    def _of_itself(self, item: Item, lang: str) -> dict[str, Any]:
        facts = item["facts"]
        said = {name: read(facts[name]) for name, read in _SAID.items() if name in facts}
        if "title" in facts:
            code = facts["title"]
            said["prize"] = self._titles[code].name[lang] if code in self._titles else code
        for name, names in (
            ("actor", self._people),
            ("other", self._people),
            ("unit", self._units),
            ("bloc", self._units),
        ):
            if name in facts:
                known = _id(facts[name])
                said[name] = names.get(known) if known is not None else facts[name]
        unit = _unit_in(item["subject"])
        if unit is not None and "unit" not in facts:
            said["unit"] = self._units.get(unit)
        if "duty" in facts:
            said["duty"] = word("duties", facts["duty"], lang)
        if "note" in facts:
            said["reason"] = self._notes.get(facts["note"]) or None
        if "calendar" in facts and "milestone" in facts:
            said |= self._milestone(facts["calendar"], facts["milestone"], lang)
            if unit is not None and "command" not in facts:
                said["command"] = self._meeting(unit, facts["calendar"], facts["milestone"])
                said["path"] = self._page_of(facts["calendar"])
        return said


def _id(value: Any) -> int | None:
    """The id that an item names; None where it names nothing, or says a name itself."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _unit_in(subject: str) -> int | None:
    return int(subject.removeprefix("unit:")) if subject.startswith("unit:") else None


def _of_dossier(item: Item) -> bool:
    return str(item["subject"]).startswith("dossier:")


def _label(procedure: Procedure, state: str, lang: str) -> str:
    return procedure.states[state].label[lang] if state in procedure.states else state


def readers_of(connection: Connection, people: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    """Rows of the people to whom letters go, by id."""
    rows = connection.execute(select(PERSON).where(PERSON.c.id.in_(sorted(set(people))))).mappings()
    return {row["id"]: row for row in rows}

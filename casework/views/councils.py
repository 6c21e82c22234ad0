"""Councils and their sessions as pages and terminals show them, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from casework.access import in_force
from casework.council.agenda import awaiting
from casework.council.close_publicity import closed_of, open_objections
from casework.council.count import passed
from casework.council.form import HEADS
from casework.council.lying_open import window_of
from casework.council.places import caps_of
from casework.council.sight import sees_council
from casework.council.tables import (
    BALLOT,
    CHAIR,
    COUNCIL,
    ISSUE,
    ITEM,
    MEMBER,
    OPEN_VOTE,
    RECUSAL,
    SECRETARY,
    SESSION,
    VICE_CHAIR,
    SessionSeen,
    council_seen,
    members_on,
    session_seen,
)
from casework.council.vote import by_themselves, presiding, quorum_of
from casework.history import NOTE
from casework.people import PERSON, UNIT, units_told
from casework.regulations import REGULATION, council_rules_by_hash, days_off, published
from casework.sight import Sight
from casework.views.initiative_names import initiatives_told, with_authors_named
from casework.views.naming import titles_named
from models.council import COUNTED
from rules.ballots import needed
from rules.windows import local_day

#: councils and sessions that one page lists, the newest first
MOST = 200


def list_councils(connection: Connection, sight: Sight, day: date, lang: str) -> list[dict[str, Any]]:
    """The councils that a person may see, by unit: rules, since when, her role in each, its unfinished sessions."""
    rows = (
        connection.execute(
            select(COUNCIL, UNIT.c.code.label("unit"), UNIT.c.name.label("unit_name"))
            .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
            .where(sees_council(sight))
            .order_by(COUNCIL.c.until.is_not(None), UNIT.c.name, COUNCIL.c.since.desc(), COUNCIL.c.id)
            .limit(MOST)
        )
        .mappings()
        .all()
    )
    ids = [row["id"] for row in rows]
    mine = connection.execute(
        select(MEMBER.c.council_id, MEMBER.c.role).where(
            MEMBER.c.council_id.in_(ids), MEMBER.c.person_id == sight.person, in_force(MEMBER, day)
        )
    )
    roles = {row.council_id: row.role for row in mine}
    waiting: dict[int, list[dict[str, Any]]] = {}
    query = select(SESSION).where(
        SESSION.c.council_id.in_(ids), SESSION.c.standing.not_in(("closed", "annulled"))
    )
    for row in connection.execute(query.order_by(SESSION.c.held_on, SESSION.c.id)).mappings():
        waiting.setdefault(row["council_id"], []).append(_session(row))
    return [
        {
            "id": row["id"],
            "unit": {"code": row["unit"], "name": row["unit_name"]},
            "title": council_rules_by_hash(connection, row["rules_sha256"]).title[lang],
            "since": row["since"],
            "until": row["until"],
            "role": roles.get(row["id"]),
            "sessions": waiting.get(row["id"], []),
        }
        for row in rows
    ]


def sessions_of(connection: Connection, person: int, today: date) -> list[dict[str, Any]]:
    """The sessions to which a member is called and that are not over, the nearest first: of a vote that is open also
    whether a ballot of hers is still asked for. A session of a day that is over and was never opened is left out."""
    query = (
        select(SESSION, UNIT.c.name)
        .join(COUNCIL, COUNCIL.c.id == SESSION.c.council_id)
        .join(UNIT, UNIT.c.id == COUNCIL.c.unit_id)
        .join(MEMBER, MEMBER.c.council_id == COUNCIL.c.id)
        .where(
            MEMBER.c.person_id == person,
            in_force(MEMBER, SESSION.c.held_on),
            or_(
                SESSION.c.standing == "voting",
                and_(SESSION.c.standing == "called", SESSION.c.held_on >= today),
            ),
        )
        .order_by(SESSION.c.held_on, SESSION.c.begins, SESSION.c.id)
        .limit(MOST)
    )
    rows = connection.execute(query).mappings().all()
    asked = select(ISSUE.c.session_id).where(
        ISSUE.c.session_id.in_([row["id"] for row in rows]),
        ISSUE.c.person_id == person,
        ISSUE.c.returned.is_(False),
    )
    ballots = set(connection.execute(asked).scalars())
    return [{**_session(row), "unit": row["name"], "ballot": row["id"] in ballots} for row in rows]


def may_form(connection: Connection, sight: Sight, lang: str) -> list[dict[str, Any]]:
    """What a person may set up: a unit that she heads, and published rules that fit its kind."""
    headed = sorted({h.unit_id for h in sight.holdings if h.duty in HEADS})
    if not headed:
        return []
    units = connection.execute(select(UNIT).where(UNIT.c.id.in_(headed)).order_by(UNIT.c.name)).mappings()
    rules = [council_rules_by_hash(connection, sha256) for _, sha256 in published(connection, "council")]
    return [
        {
            "unit": unit["code"],
            "unit_name": unit["name"],
            "rules": rule.name,
            "title": rule.title[lang],
        }
        for unit in units
        for rule in rules
        if unit["kind"] in rule.units
    ]


def _session(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "council": row["council_id"],
        "held_on": row["held_on"],
        "begins": row["begins"],
        "place": row["place"],
        "standing": row["standing"],
    }


def _people(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = connection.execute(
        select(PERSON.c.id, PERSON.c.code, PERSON.c.name).where(PERSON.c.id.in_(sorted(set(ids))))
    )
    return {row.id: {"id": row.id, "code": row.code, "name": row.name} for row in rows}


def show_council(connection: Connection, council: int, sight: Sight, day: date, lang: str) -> dict[str, Any]:
    """A council: its members by role and day, its sessions, what waits for it, and what the person may do.

    Raises:
        Refused: there is no such council.
    """
    seen = council_seen(connection, council)
    rows = (
        connection.execute(
            select(MEMBER).where(MEMBER.c.council_id == council).order_by(MEMBER.c.since, MEMBER.c.id)
        )
        .mappings()
        .all()
    )
    people = _people(connection, [row["person_id"] for row in rows])
    order = (CHAIR, VICE_CHAIR, SECRETARY, "member")
    members = [
        {
            **people[row["person_id"]],
            "role": row["role"],
            "since": row["since"],
            "until": row["until"],
            "now": row["since"] <= day and (row["until"] is None or row["until"] >= day),
        }
        for row in rows
    ]
    sessions = connection.execute(
        select(SESSION)
        .where(SESSION.c.council_id == council)
        .order_by(SESSION.c.held_on.desc(), SESSION.c.id.desc())
        .limit(MOST)
    ).mappings()
    version = connection.execute(
        select(REGULATION.c.version).where(REGULATION.c.sha256 == seen.row["rules_sha256"])
    ).scalar()
    role = members_on(connection, council, day).get(sight.person)
    return {
        "id": council,
        "unit": {"code": seen.unit["code"], "name": seen.unit["name"]},
        "rules": {"name": seen.rules.name, "title": seen.rules.title[lang], "version": version},
        "decision": seen.row["decision"],
        "since": seen.row["since"],
        "until": seen.row["until"],
        "members": sorted(members, key=lambda m: (not m["now"], order.index(m["role"]), m["name"])),
        "sessions": [_session(row) for row in sessions],
        "role": role,
        "heads": bool(sight.at(seen.unit["id"]) & set(HEADS)),
        "calls": role in (SECRETARY, CHAIR) and seen.holds(day),
    }


def list_awaiting(connection: Connection, council: int, lang: str) -> list[dict[str, Any]]:
    """The nominations that a council may put on a list, by dossier.

    Raises:
        Refused: there is no such council.
    """
    seen = council_seen(connection, council)
    rows = awaiting(connection, seen)
    people = _people(connection, [row["person_id"] for row in rows if row["person_id"] is not None])
    units = units_told(connection, {row["unit_id"] for row in rows})
    called = _nominees(connection, [{**row, "nomination_id": row["id"]} for row in rows], people, units)
    titles = titles_named(connection, lang)
    return [
        {
            "nomination": row["id"],
            "dossier": row["dossier"],
            "name": called[row["id"]],
            "unit": units[row["unit_id"]][1],
            "title": titles.get(row["title"], row["title"]),
            "secret": seen.rules.threshold_of(row["title"]).secret,
            "on_list": row["on_list"],
        }
        for row in rows
    ]


def show_session(
    connection: Connection, session: int, person: int, now: datetime, lang: str
) -> dict[str, Any]:
    """A session with everything that its members may know: who is there, who has voted (never what), the list with what
    each nomination needs, and after the count the figures, the ballots by their codes, and the places under a cap.

    Raises:
        Refused: there is no such session.
    """
    seen = session_seen(connection, session)
    if seen.row["standing"] == "called" and seen.members:
        seen = _as_it_would_be(connection, seen)
    roles = members_on(connection, seen.council.id, seen.row["held_on"])
    came = _came(connection, seen)
    kept = {p: row["role"] for p, row in seen.members.items()} or roles
    nominees = {item["person_id"] for item in seen.items if item["person_id"] is not None}
    people = _people(connection, {*kept, *nominees, *(p for each in seen.recusals.values() for p in each)})
    units = units_told(connection, {item["unit_id"] for item in seen.items})
    called = _nominees(connection, seen.items, people, units)
    titles = titles_named(connection, lang)
    by_name = _by_name(connection, seen)
    there = quorum_of(seen)
    order = (CHAIR, VICE_CHAIR, SECRETARY, "member")
    base = len(seen.members) or len(roles)
    members = [
        {
            **people[number],
            "role": role,
            "presence": seen.members[number]["presence"] if number in seen.members else None,
            "voted": number in came["voted"],
            "wrote": number in by_name["wrote"],
            "asked": any(number in seen.voters(item) for item in seen.items),
        }
        for number, role in kept.items()
    ]
    today = local_day(now)
    role = members_on(connection, seen.council.id, today).get(person)
    return {
        **_session(seen.row),
        "unit": {"code": seen.council.unit["code"], "name": seen.council.unit["name"]},
        "title": seen.council.rules.title[lang],
        "written": seen.council.rules.absent == "written",
        "opened_at": seen.row["opened_at"],
        "counted_at": seen.row["counted_at"],
        "sha256": seen.row["ballots_sha256"],
        "annulled": _note(connection, seen.row["note_id"]),
        "members": sorted(members, key=lambda m: (order.index(m["role"]), m["name"])),
        "recorded": bool(seen.members),
        "quorum": {
            "members": base,
            "present": there.present,
            "needed": needed(base, seen.council.rules.quorum_for_awards.share),
            "met": bool(seen.members) and there.met,
            "article": seen.council.rules.quorum_for_awards.cited.article,
        },
        "voters": sum(1 for m in members if m["presence"] == "present" and m["asked"]),
        "voted": len(came["voted"]),
        "papers": came["papers"],
        "lonely": _lonely(seen),
        "items": [
            _item(seen, item, n, people, called[item["nomination_id"]], units, titles)
            for n, item in enumerate(seen.items, 1)
        ],
        "by_name": by_name["shown"](people),
        "ballots": _ballots(connection, seen),
        "caps": _caps(seen, titles),
        "publicity": _publicity(connection, seen, role, today),
        "mine": _mine(seen, person, came["voted"], by_name["wrote"]),
        "may": _may(seen, role, today),
        "role": role,
    }


def _publicity(
    connection: Connection, seen: SessionSeen, role: str | None, today: date
) -> dict[str, Any] | None:
    """How long the session's list, or its outcome, lies open by the council's rules; None where these have no window.

    ``standing``: waits for the count, coming, open, over (to be closed) or closed. ``closes``: it is hers to close it.
    """
    asked = seen.council.rules.publicity
    if asked is None or seen.row["standing"] == "annulled":
        return None
    window = window_of(seen.council.rules, seen.row, days_off(connection))
    closed = closed_of(connection, seen.id)
    if closed is not None:
        standing = "closed"
    elif window is None:
        standing = "waits"
    else:
        standing = "coming" if today < window.opens else "open" if today <= window.ends else "over"
    return {
        "days": asked.days,
        "count": asked.count,
        "when": asked.when,
        "article": asked.cited.article,
        "verified": asked.cited.verified,
        "opens": window.opens if window else None,
        "ends": window.ends if window else None,
        "due": window.due if window else None,
        "late": window is not None and closed is None and today > window.due,
        "standing": standing,
        "closed_on": closed["done_on"] if closed is not None else None,
        "conclusion": _note(connection, closed["note_id"]) if closed is not None else None,
        "objections": open_objections(connection, seen),
        "closes": standing == "over" and role in (SECRETARY, CHAIR),
    }


def _nominees(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    people: Mapping[int, Mapping[str, Any]],
    units: Mapping[int, tuple[str, str]],
) -> dict[int, str]:
    """Nomination's id → what its nominee is called: a person, an initiative with its authors, or the unit."""
    initiatives = initiatives_told(connection, [r["initiative_id"] for r in rows if r["initiative_id"]])
    found = {}
    for row in rows:
        if row["person_id"] is not None:
            found[row["nomination_id"]] = str(people[row["person_id"]]["name"])
        elif row["initiative_id"] is not None:
            found[row["nomination_id"]] = with_authors_named(initiatives[row["initiative_id"]])
        else:
            found[row["nomination_id"]] = units[row["unit_id"]][1]
    return found


def _as_it_would_be(connection: Connection, seen: SessionSeen) -> SessionSeen:
    """The session with those who will stand aside by themselves, before the vote is opened."""
    found = by_themselves(connection, seen)
    recusals = {
        item["id"]: {**found.get(item["id"], {}), **seen.recusals.get(item["id"], {})} for item in seen.items
    }
    return SessionSeen(seen.row, seen.council, seen.items, seen.members, recusals)


def _came(connection: Connection, seen: SessionSeen) -> dict[str, Any]:
    """Who has voted, and how many ballots of each paper were issued and came back."""
    rows = connection.execute(select(ISSUE).where(ISSUE.c.session_id == seen.id)).mappings().all()
    papers: dict[int, dict[str, int]] = {}
    for row in rows:
        paper = papers.setdefault(row["paper"], {"paper": row["paper"], "issued": 0, "returned": 0})
        paper["issued"] += 1
        paper["returned"] += int(row["returned"])
    voted = {row["person_id"] for row in rows if row["returned"]}
    by_hand = connection.execute(
        select(OPEN_VOTE.c.person_id)
        .join(ITEM, ITEM.c.id == OPEN_VOTE.c.item_id)
        .where(ITEM.c.session_id == seen.id, OPEN_VOTE.c.written.is_(False))
        .distinct()
    )
    return {"voted": voted | set(by_hand.scalars()), "papers": [papers[key] for key in sorted(papers)]}


def _lonely(seen: SessionSeen) -> bool:
    """Whether some paper would have one voter alone, whose choice the result tells."""
    return any(len(seen.voters(item)) == 1 for item in seen.items if item["secret"]) and bool(seen.members)


def _by_name(connection: Connection, seen: SessionSeen) -> dict[str, Any]:
    """The votes by name. What is voted openly is shown after the count only: until then it would sway others."""
    rows = connection.execute(
        select(OPEN_VOTE, ITEM.c.nomination_id)
        .join(ITEM, ITEM.c.id == OPEN_VOTE.c.item_id)
        .where(ITEM.c.session_id == seen.id)
        .order_by(OPEN_VOTE.c.written.desc(), OPEN_VOTE.c.person_id, OPEN_VOTE.c.item_id)
    ).mappings()
    listed = list(rows)
    counted = seen.row["standing"] in ("counted", "closed")
    places = {item["nomination_id"]: n for n, item in enumerate(seen.items, 1)}

    def shown(people: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
        found: dict[tuple[bool, int], dict[str, Any]] = {}
        for row in listed if counted else ():
            key = (row["written"], row["person_id"])
            one = found.setdefault(
                key, {"person": people[row["person_id"]], "written": row["written"], "choices": []}
            )
            one["choices"].append({"number": places[row["nomination_id"]], "choice": row["choice"]})
        return list(found.values())

    return {"wrote": {row["person_id"] for row in listed if row["written"]}, "shown": shown}


def _item(
    seen: SessionSeen,
    item: Mapping[str, Any],
    number: int,
    people: Mapping[int, Mapping[str, Any]],
    called: str,
    units: Mapping[int, tuple[str, str]],
    titles: Mapping[str, str],
) -> dict[str, Any]:
    threshold = seen.threshold(item)
    aside = seen.recusals.get(item["id"], {})
    base = len(seen.members) - (len(seen.aside(item)) if seen.council.rules.base == "shrinks" else 0)
    figures = {name: item[name] for name in COUNTED}
    percent = f"{100 * item['agree'] / item['base']:.1f}" if item["base"] else None
    return {
        "number": number,
        "nomination": item["nomination_id"],
        "dossier": item["dossier"],
        "name": called,
        "unit": units[item["unit_id"]][1],
        "title": titles.get(item["title"], item["title"]),
        "secret": item["secret"],
        "paper": item["paper"],
        "article": threshold.cited.article,
        "article_verified": threshold.cited.verified,
        "will_need": needed(base, threshold.share) if seen.members else None,
        "will_base": base,
        "aside": [{**people[p], "kind": kind} for p, kind in sorted(aside.items()) if p in people],
        "counted": item["needed"] is not None,
        "passed": passed(item),
        "figures": figures,
        "percent": percent,
        "place": item["place"],
        "placed_by": item["placed_by"],
    }


def _ballots(connection: Connection, seen: SessionSeen) -> list[dict[str, Any]]:
    """The counted ballots by paper: of which numbers of the list, and code and choices of each by code."""
    numbers: dict[int, list[int]] = {}
    for place, item in enumerate(seen.items, 1):
        if item["secret"] and item["paper"] is not None:
            numbers.setdefault(item["paper"], []).append(place)
    found: dict[int, list[dict[str, Any]]] = {}
    rows = connection.execute(
        select(BALLOT.c.paper, BALLOT.c.code, BALLOT.c.choices)
        .where(BALLOT.c.session_id == seen.id)
        .order_by(BALLOT.c.paper, BALLOT.c.code)
    )
    for row in rows:
        found.setdefault(row.paper, []).append({"code": row.code, "choices": list(row.choices)})
    return [
        {"paper": paper, "numbers": numbers[paper], "ballots": sorted(found[paper], key=lambda b: b["code"])}
        for paper in sorted(found)
    ]


def _caps(seen: SessionSeen, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    if seen.row["standing"] not in ("counted", "closed"):
        return []
    places = {item["nomination_id"]: n for n, item in enumerate(seen.items, 1)}
    done = any(item["place"] for item in seen.items)
    return [
        {
            "number": number,
            "titles": [titles.get(code, code) for code in cap.rule.titles],
            "of": [titles.get(code, code) for code in cap.rule.of],
            "base": cap.base,
            "places": cap.cut.places,
            "passed": cap.passed,
            "binds": cap.binds,
            "done": done,
            "tied": [{"nomination": n, "number": places[n]} for n in cap.cut.tied],
            "free": cap.cut.free,
            "last_in": places.get(cap.cut.last_in or 0),
            "first_out": places.get(cap.cut.first_out or 0),
            "article": cap.rule.cited.article,
        }
        for number, cap in enumerate(caps_of(seen), 1)
    ]


def _mine(seen: SessionSeen, person: int, voted: set[int], wrote: set[int]) -> dict[str, Any]:
    """What the person may vote on here."""
    member = seen.members.get(person)
    asked = [
        n for n, item in enumerate(seen.items, 1) if member is not None and person not in seen.aside(item)
    ]
    return {
        "member": member is not None,
        "present": member is not None and member["presence"] == "present",
        "voted": person in voted,
        "wrote": person in wrote,
        "numbers": asked,
    }


def _may(seen: SessionSeen, role: str | None, today: date) -> frozenset[str]:
    """Which acts the person's role and the standing of the session allow; the act itself has the last word."""
    standing = seen.row["standing"]
    office, presides = role in (SECRETARY, CHAIR), role in presiding(seen)
    found = {
        "attend": office and standing == "called",
        "recuse_others": office and standing == "called",
        "write_others": office and standing in ("called", "voting"),
        "open": presides and standing == "called" and today >= seen.row["held_on"],
        "count": office and standing == "voting",
        "cut": presides and standing == "counted",
        "close": office and standing == "counted",
        "annul": presides and standing in ("called", "voting", "counted"),
    }
    return frozenset(name for name, here in found.items() if here)


def _note(connection: Connection, note: str | None) -> str | None:
    if note is None:
        return None
    return connection.execute(select(NOTE.c.text).where(NOTE.c.id == note)).scalar()


def recusals_said(connection: Connection, session: int) -> dict[tuple[int, int], str]:
    """(nomination, person) → the reason that was given for standing aside, where one was."""
    rows = connection.execute(
        select(ITEM.c.nomination_id, RECUSAL.c.person_id, NOTE.c.text)
        .join(ITEM, ITEM.c.id == RECUSAL.c.item_id)
        .join(NOTE, NOTE.c.id == RECUSAL.c.note_id)
        .where(ITEM.c.session_id == session)
    )
    return {(row.nomination_id, row.person_id): row.text for row in rows}

"""What stays secret: nothing in the database, nor in its bytes, links a person to a ballot after the count."""

from __future__ import annotations

import hashlib
import itertools
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from casework.council.ballot_box import filled
from casework.council.close import annul, close_session
from casework.council.count import count
from casework.council.vote import Cast
from models.base import metadata
from rules.reasons import Refused
from tests.at_once import at_once
from tests.build import Office
from tests.conftest import BOTH_ENGINES, copy_of_office
from tests.council.sessions import DAY, MEMBERS, Story, more_people, voting

#: five ballots of two nominations that both pass, four of five each
VOTES = ("yy", "yy", "yy", "yn", "ny")


@pytest.fixture(params=BOTH_ENGINES)
def two_offices(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """The same small office twice."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with (
        copy_of_office(request, tmp_path / "one") as one,
        copy_of_office(request, tmp_path / "other") as other,
    ):
        yield one, other


def election(
    office: Office, voters: tuple[str, ...], votes: tuple[str, ...]
) -> tuple[Story, dict[str, Cast]]:
    """A whole session in which the voters cast their votes in this order."""
    story, (one, two) = voting(office)
    given = {
        person: story.vote(person, {one: letters[0], two: letters[1]})
        for person, letters in zip(voters, votes, strict=True)
    }
    count(story.database, story.session, office.call("council-secretary", DAY))
    close_session(story.database, story.session, office.call("council-secretary", DAY))
    return story, given


def dump(story: Story) -> dict[str, list[str]]:
    """Every row of every table. Codes, and what is made of them, are left out: they are random."""
    codes = {row["code"] for row in story.rows("ballot")}
    found: dict[str, list[str]] = {}
    for table in metadata.sorted_tables:
        rows = story.rows(table.name)
        for row in rows:
            if table.name == "history_entry" and row["subject"].startswith("council:"):
                # What comes after the count rests on the list's hash.
                row["hash"] = row["prev_hash"] = ""
                row["payload"] = {k: v for k, v in json.loads(row["payload"]).items() if k != "sha256"}
            row.pop("ballots_sha256", None)
            row.update(
                {key: "code" for key, value in row.items() if isinstance(value, str) and value in codes}
            )
        found[table.name] = sorted(repr(sorted(row.items())) for row in rows)
    return found


def test_the_same_votes_spread_otherwise_over_the_voters_leave_the_same_tables(
    two_offices: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = tuple(MEMBERS)
    monkeypatch.setattr("tests.build._keys", itertools.count(10_000))
    one, _ = election(two_offices[0], people, VOTES)
    monkeypatch.setattr("tests.build._keys", itertools.count(10_000))
    # Other people cast them, and in another order.
    other, _ = election(two_offices[1], people[::-1], VOTES[2:] + VOTES[:2])
    first, second = dump(one), dump(other)
    assert first == second
    # The comparison sees something: 5 ballots, 5 issued, and the chain of the council.
    assert (len(first["ballot"]), len(first["ballot_issue"]), len(first["ballot_slot"])) == (5, 5, 0)
    assert sum("'council:" in row for row in first["history_entry"]) == 11


def test_a_voter_finds_her_code_and_anybody_adds_up_the_columns(office: Office) -> None:
    story, given = election(office, tuple(MEMBERS), VOTES)
    ballots = {row["code"]: row["choices"] for row in story.rows("ballot")}
    for (_, cast), letters in zip(given.items(), VOTES, strict=True):
        ((paper, code),) = cast.codes
        assert paper == 1
        assert ballots[code] == letters
    assert [sum(choices[place] == "y" for choices in ballots.values()) for place in (0, 1)] == [4, 4]
    # The list's hash stands in the chain; worked out here by hand.
    listed = [[1, code, ballots[code]] for code in sorted(ballots)]
    told = hashlib.sha256(json.dumps(listed, separators=(",", ":")).encode()).hexdigest()
    (session,) = story.rows("council_session")
    assert session["ballots_sha256"] == told
    counted = [row for row in story.rows("history_entry") if row["event"] == "count_ballots"]
    assert json.loads(counted[0]["payload"])["sha256"] == told


def test_a_vote_leaves_no_entry_no_key_no_instant_and_no_line_in_a_log(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    story, (one, two) = voting(office)
    before = {table.name: story.rows(table.name) for table in metadata.sorted_tables}
    caplog.set_level(logging.DEBUG)
    story.vote("office-head", {one: "y", two: "n"})
    assert caplog.records == []
    changed = {t.name for t in metadata.sorted_tables if story.rows(t.name) != before[t.name]}
    assert changed == {"ballot_issue", "ballot_slot"}
    assert {column.name for column in metadata.tables["ballot_issue"].columns} == {
        "session_id",
        "paper",
        "person_id",
        "returned",
    }
    for table in ("ballot_slot", "ballot"):
        columns = {column.name for column in metadata.tables[table].columns}
        assert columns == {"code", "session_id", "paper", "choices"}


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_the_bytes_of_the_file_hold_no_trace_of_the_order(office: Office, tmp_path: Path) -> None:
    story = Story(office)
    voters = [*MEMBERS, *more_people(office, 20)]
    for person in voters[len(MEMBERS) :]:
        story.appoint(person, "member")
    one, two = story.dossier("teacher", "teacher-2", title="CSTDCS")
    story.call(one, two)
    story.attend(*voters)
    story.open()
    cast = [story.vote(person, {one: "y", two: "yn"[n % 2]}).codes[0][1] for n, person in enumerate(voters)]
    name = office.database.engine.url.database
    assert name is not None
    file, log = Path(name), Path(f"{name}-wal")
    # While the vote goes on the log tells: the search below would see it.
    assert any(code.encode() in log.read_bytes() for code in cast)
    count(story.database, story.session, office.call("council-secretary", DAY))
    assert not log.exists() or log.stat().st_size == 0
    held = file.read_bytes()
    size = int.from_bytes(held[16:18], "big")
    seen = 0
    for start in range(0, len(held), size):
        page = held[start : start + size]
        places = [(at, code) for code in cast for at in _everywhere(page, code.encode())]
        order = [code for _, code in sorted(places)]
        seen += len(order)
        # Within a page codes stand in their own order, in which they were written together, up or down.
        assert order in (sorted(order), sorted(order, reverse=True)), "a page tells who came when"
    # Each in the table of counted ballots and in the index of its key: and nowhere else.
    assert seen == 2 * len(cast)
    # The choices of the box are gone with it.
    assert filled_slots(story) == []


def _everywhere(page: bytes, wanted: bytes) -> Iterator[int]:
    at = page.find(wanted)
    while at >= 0:
        yield at
        at = page.find(wanted, at + 1)


def filled_slots(story: Story) -> list[Any]:
    with story.database.read() as connection:
        return filled(connection, story.session)


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_box_that_was_annulled_is_gone_from_the_bytes_too(office: Office) -> None:
    story, (one, two) = voting(office)
    codes = [story.vote(person, {one: "y", two: "n"}).codes[0][1] for person in MEMBERS]
    annul(story.database, story.session, "Sai danh sách", office.call("council-chair", DAY))
    name = office.database.engine.url.database
    assert name is not None
    held = Path(name).read_bytes() + Path(f"{name}-wal").read_bytes()
    assert not any(code.encode() in held for code in codes)


@pytest.mark.postgres
@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_on_postgresql_the_box_stands_in_no_log_and_its_file_is_thrown_away(office: Office) -> None:
    story, (one, two) = voting(office)
    file = "SELECT pg_relation_filenode('ballot_slot')"
    with story.database.read() as connection:
        kind = "SELECT relpersistence FROM pg_class WHERE oid = 'public.ballot_slot'::regclass"
        assert connection.execute(text(kind)).scalar_one() == "u"
        before = connection.execute(text(file)).scalar_one()
    for person in MEMBERS:
        story.vote(person, {one: "y", two: "n"})
    count(story.database, story.session, office.call("council-secretary", DAY))
    with story.database.read() as connection:
        assert connection.execute(text(file)).scalar_one() != before
        assert connection.execute(text("SELECT pg_relation_size('ballot_slot')")).scalar_one() == 0
        # One transaction wrote all counted ballots, one after the other in the order of their codes.
        rows = connection.execute(text("SELECT code, xmin::text FROM ballot ORDER BY ctid")).all()
    assert len({row.xmin for row in rows}) == 1
    assert [row.code for row in rows] == sorted(row.code for row in rows)


@pytest.mark.postgres
@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_another_open_box_outlives_a_count(office: Office) -> None:
    first, (one, two) = voting(office)
    second = Story.__new__(Story)
    second.office, second.database, second.council = office, office.database, first.council
    (three,) = [*second.dossier("teacher-2", title="CSTDCS")]
    second.call(three)
    second.attend()
    second.open()
    second.vote("office-head", {three: "n"})
    first.vote("office-head", {one: "y", two: "y"})
    count(first.database, first.session, office.call("council-secretary", DAY))
    second.vote("council-chair", {three: "y"})
    told = count(second.database, second.session, office.call("council-secretary", DAY)).payload
    assert told["outcomes"] == [[three, 1, 1, 0, 5, 4, False]]


def test_all_at_once_each_gets_a_ballot_of_her_own(office: Office) -> None:
    story, (one, two) = voting(office)
    choices = {one: "y", two: "n"}
    found = at_once(*(lambda p=person: story.vote(p, choices) for person in MEMBERS))
    assert all(isinstance(each, Cast) for each in found), found
    assert len({each.codes for each in found}) == len(MEMBERS)
    told = count(story.database, story.session, office.call("council-secretary", DAY)).payload
    assert told["outcomes"][0][1] == 5


def test_the_same_voter_twice_at_once_votes_once(office: Office) -> None:
    story, (one, two) = voting(office)
    found = at_once(*(lambda c=c: story.vote("office-head", {one: c, two: c}) for c in "yn"))
    refused = [each for each in found if isinstance(each, Refused)]
    assert [reason.code for each in refused for reason in each.reasons] == ["voted_already"]
    assert len(filled_slots(story)) == 1


def test_a_count_in_the_midst_of_votes_counts_what_came(office: Office) -> None:
    story, (one, two) = voting(office)
    choices = {one: "y", two: "y"}
    acts: list[Any] = [lambda p=person: story.vote(p, choices) for person in MEMBERS]
    acts.append(lambda: count(story.database, story.session, office.call("council-secretary", DAY)))
    found = at_once(*acts)
    came = sum(isinstance(each, Cast) for each in found[:-1])
    assert found[-1].payload["outcomes"][0][1] == came == len(story.rows("ballot"))

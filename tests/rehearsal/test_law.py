"""What a year's report says of rules and money is what its rows say, counted here in another way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Row, select

from casework.law.money_sheet import money_sheet
from casework.load import NOMINATION
from casework.regulations import rulebooks
from kit.database import Database
from kit.settings import Settings
from models.decision import Award, Decision
from models.verdict import Verdict
from rehearsal.law_told import SUMS
from rehearsal.year import YearReport

Played = tuple[Settings, YearReport]
AWARD, DECISION, VERDICT = Award.__table__, Decision.__table__, Verdict.__table__


@pytest.fixture
def home(edition_played: Played) -> Iterator[tuple[Connection, YearReport]]:
    settings, report = edition_played
    database = Database(settings.url)
    with database.read() as connection:
        yield connection, report
    database.close()


def test_each_act_counts_the_newest_verdict_of_each_nomination_once(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    query = (
        select(VERDICT, NOMINATION.c.title)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .order_by(VERDICT.c.number)
    )
    newest = {(row.taken_at, row.nomination_id): row for row in connection.execute(query)}
    for act, titles in report.law["acts"].items():
        mine = [row for (taken_at, _), row in newest.items() if taken_at == act]
        assert mine
        counted = Counter((row.title, row.outcome) for row in mine)
        held = Counter(row.title for row in mine if row.on_hold)
        assert {
            (title, answer): counts[answer]
            for title, counts in titles.items()
            for answer in ("met", "not_met", "unknown")
            if counts[answer]
        } == dict(counted)
        assert {title: counts["on_hold"] for title, counts in titles.items() if counts["on_hold"]} == held


def test_most_nominations_are_told_one_way_or_the_other_and_some_award_waits(
    home: tuple[Connection, YearReport],
) -> None:
    _, report = home
    for titles in report.law["acts"].values():
        sums = {answer: sum(t[answer] for t in titles.values()) for answer in ("met", "not_met", "unknown")}
        assert sums["met"] > 3 * sums["unknown"] and sums["not_met"] > 0
    assert sum(t["on_hold"] for t in report.law["acts"]["hand_in"].values()) >= 1


def test_what_would_have_been_refused_was_not_met_and_is_told_with_its_article(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    query = (
        select(VERDICT.c.nomination_id, VERDICT.c.outcome, VERDICT.c.findings)
        .join(NOMINATION, NOMINATION.c.id == VERDICT.c.nomination_id)
        .where(VERDICT.c.taken_at == "decide", NOMINATION.c.outcome == "awarded")
        .order_by(VERDICT.c.number)
    )
    newest = {row.nomination_id: row for row in connection.execute(query)}
    against = [row for row in newest.values() if row.outcome == "not_met"]
    assert report.law["refused_awards"] == len(against)
    unmet = sum(1 for row in against for finding in json.loads(row.findings) if finding[1] == "not_met")
    assert len(against) <= sum(one["count"] for one in report.law["refused"]) <= unmet
    assert all(one["article"] and one["asks"]["vi"] and one["asks"]["en"] for one in report.law["refused"])


def test_money_is_the_sum_of_the_sheets_of_all_decisions(home: tuple[Connection, YearReport]) -> None:
    connection, report = home
    made = select(AWARD.c.decision_id).where(AWARD.c.nomination_id.is_not(None)).distinct()
    total: Counter[str] = Counter()
    by_title: dict[str, Counter[str]] = {}
    for decision in connection.execute(made.order_by(AWARD.c.decision_id)).scalars():
        sheet = money_sheet(connection, decision, "vi", date.fromisoformat(report.last_day))
        assert sheet is not None
        total.update({kind: sheet["totals"][kind] for kind in SUMS})
        for one in sheet["titles"]:
            by_title.setdefault(one["of"], Counter()).update({kind: one[kind] for kind in SUMS})
    assert report.law["money"]["all"] == dict(total)
    assert report.law["money"]["titles"] == {title: dict(sums) for title, sums in sorted(by_title.items())}


def test_money_is_what_the_awards_give_when_they_are_added_up_by_hand(
    home: tuple[Connection, YearReport],
) -> None:
    connection, report = home
    query = (
        select(AWARD, DECISION.c.decided_on)
        .join(DECISION, DECISION.c.id == AWARD.c.decision_id)
        .where(
            AWARD.c.nomination_id.is_not(None), AWARD.c.initiative_id.is_(None), AWARD.c.standing == "held"
        )
    )
    rows = connection.execute(query).all()
    books = rulebooks(connection)

    def amount(row: Row[Any]) -> int:
        money = next(book for book in books if book.holds(row.decided_on)).money
        assert money is not None
        rate = money.awards[row.title, "individual" if row.person_id is not None else "collective"]
        base = money.base_salary(row.decided_on)
        assert base is not None
        # Rounded up to ten thousand đồng.
        return int(-(-rate.times * base.amount // 10_000) * 10_000)

    # LĐTT beside CSTĐCS, and TTLĐTT beside TTLĐXS, of one day and one year: the higher pays.
    higher = {"LDTT": "CSTDCS", "TTLDTT": "TTLDXS"}
    there = {(r.person_id, r.unit_id, r.title, r.school_year, r.decided_on) for r in rows}
    flag = {"TTLDXS": ("COTINH", "COCP"), "TTLDTT": ("COTINH", "COCP")}

    def pays(row: Row[Any]) -> bool:
        above = (*((higher[row.title],) if row.title in higher else ()), *flag.get(row.title, ()))
        return not any(
            (row.person_id, row.unit_id, title, row.school_year, row.decided_on) in there for title in above
        )

    assert report.law["money"]["all"]["paid"] == sum(amount(row) for row in rows if pays(row))
    assert report.law["money"]["all"]["awards"] == len(rows)

"""What never changes a verdict, what never hurts, and that a verdict names every fact it was built on.

The last is what re-opening rests on: a correction re-opens the verdicts that have its key, and no others.
"""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from rules.answers import MET, NOT_MET, UNKNOWN
from rules.lawbook import Asked
from rules.verdict import verdict
from tests.rules.law_histories import (
    FORMS,
    GRADES,
    KINDS,
    OF_PEOPLE,
    OF_UNITS,
    book_of,
    history,
    question,
    record_of,
)

PLACE = {NOT_MET: 0, UNKNOWN: 1, MET: 2}


def asked_of(seed, count):
    """Made-up questions with the histories of those who are asked about."""
    for number in range(count):
        dice = Random(f"{seed} {number}")
        asked = question(dice)
        yield dice, asked, history(dice, asked.subject, asked.year, asked.day)


def said(asked, told, holder="h"):
    law = book_of(asked.book).law
    return verdict(law, Asked(asked.title, asked.year, asked.day), record_of(told, holder))


def in_short(found):
    """Everything that a reader of a verdict sees, without the order of rows."""
    rows = [(c, a.outcome, a.why, sorted(a.evidence), sorted(a.awaited), a.read) for c, a in found.answers()]
    return found.outcome, found.why, sorted(found.awaited), rows


# --- What changes nothing ---


def test_the_order_of_rows_does_not_matter():
    for dice, asked, told in asked_of("order", 1500):
        other = deepcopy(told)
        for kind in ("titles", "initiatives", "disciplines", "service", "members"):
            if other[kind]:
                dice.shuffle(other[kind])
        other["grades"] = dict(sorted(told["grades"].items(), key=lambda _: dice.random()))
        # Rows keep their names, which `record_of` gives by place: names are looked away from.
        one, two = said(asked, told), said(asked, other)
        assert (one.outcome, one.why, set(one.awaited), one.read) == (
            two.outcome,
            two.why,
            set(two.awaited),
            two.read,
        ), asked


def test_a_title_that_no_rule_names_changes_nothing():
    for dice, asked, told in asked_of("unrelated", 1500):
        other = deepcopy(told)
        of = asked.year - dice.randrange(6)
        other["titles"].append(
            {"title": "NOBODY-ASKS", "year": of, "kind": "merit", "by": dice.choice((None, "d.x"))}
        )
        assert in_short(said(asked, told)) == in_short(said(asked, other)), asked


def test_another_name_of_the_holder_changes_keys_alone():
    for _, asked, told in asked_of("names", 1000):
        one, two = said(asked, told, "h"), said(asked, told, "another")
        assert one.outcome == two.outcome and one.why == two.why and one.awaited == two.awaited
        assert [
            key.replace(":h:", ":another:") if ":h:" in key else f"{key[:-1]}another" for key in one.read
        ] == list(two.read)


# --- What never hurts ---


def never_hurts(seed, change, count=1500):
    """A change never makes a verdict worse, and at times makes it better (or it would prove nothing)."""
    helped = 0
    for dice, asked, told in asked_of(seed, count):
        other = deepcopy(told)
        if change(dice, asked, other) is not False:
            one, two = said(asked, told), said(asked, other)
            assert PLACE[two.outcome] >= PLACE[one.outcome], (asked, told)
            helped += one.outcome != two.outcome
    assert helped, "no history was ever helped"


def test_one_more_title_for_merit_never_hurts_unless_it_is_given_once_in_life():
    def change(dice, asked, told):
        title = dice.choice([t for t in (*OF_PEOPLE, *OF_UNITS) if t != "KNC"])
        told["titles"].append(
            {"title": title, "year": asked.year - dice.randrange(7), "kind": "merit", "by": None}
        )

    never_hurts("title", change)


def test_a_better_grade_never_hurts():
    def change(dice, asked, told):
        if not told["grades"]:
            return False
        year = dice.choice(sorted(told["grades"]))
        told["grades"][year] = GRADES[min(GRADES.index(told["grades"][year]) + 1, 3)]

    never_hurts("grade", change)


def test_the_best_grade_where_there_was_none_never_hurts():
    def change(dice, asked, told):
        told["grades"].setdefault(asked.year - dice.randrange(6), "HTXSNV")

    never_hurts("no grade", change, 3000)


def test_one_more_year_at_the_far_end_of_a_row_never_hurts():
    # The row ends with the year asked for; the year before its first is added. (A year at the near end is another
    # question: the title of the next year, of which the grade may be a bad one.)
    def change(dice, asked, told):
        title, year = dice.choice(("CSTDCS", "CSTDT", "TTLDXS")), asked.year
        rows = {(t["title"], t["year"]) for t in told["titles"] if t["kind"] == "merit" and t["by"] is None}
        while (title, year) in rows:
            year -= 1
        told["titles"].append({"title": title, "year": year, "kind": "merit", "by": None})
        told["grades"][year] = "HTXSNV"

    never_hurts("far end", change)


def test_a_wider_initiative_never_hurts_nor_does_another_one():
    def wider(dice, asked, told):
        if not told["initiatives"]:
            return False
        one = dice.choice(told["initiatives"])
        one["scope"] = {"local": "province", "province": "state"}.get(one["scope"], "state")

    def another(dice, asked, told):
        told["initiatives"].append(
            {"scope": "state", "on": asked.day, "last": None, "used": set(), "by": None}
        )

    never_hurts("wider", wider, 6000)
    never_hurts("another", another)


def test_what_is_decided_at_last_is_no_worse_than_what_was_awaited():
    def change(dice, asked, told):
        for row in told["titles"]:
            if row["title"] != "KNC":
                row["by"] = None
        for row in told["initiatives"]:
            row["by"] = None

    never_hurts("decided", change)


def test_an_annulled_discipline_never_hurts():
    def change(dice, asked, told):
        told["disciplines"] = []

    never_hurts("annulled", change)


def test_a_better_rank_and_a_registration_never_hurt():
    def rank(dice, asked, told):
        told["rank"] = 1

    def registration(dice, asked, told):
        told["registered"] = (told["registered"] or set()) | {asked.title}

    never_hurts("rank", rank)
    never_hurts("registration", registration, 4000)


def test_completeness_only_ever_settles_what_is_unknown():
    settled = 0
    for dice, asked, told in asked_of("complete", 1500):
        other = deepcopy(told)
        kind, year = dice.choice(KINDS), asked.year - dice.randrange(5)
        other["complete"][kind].add(year)
        one, two = said(asked, told), said(asked, other)
        assert one.outcome in (UNKNOWN, two.outcome), asked
        settled += one.outcome != two.outcome
    assert settled


# --- Every key that matters is named ---


def one_edit(dice, asked, told):
    """A history with one fact otherwise, and the keys of that fact; None where there is no such fact."""
    other, h = deepcopy(told), "h"
    around = asked.year - dice.choice((0, 0, 0, 1, 1, 2, 3, 4, 5, 7, -1))
    names = OF_PEOPLE if asked.subject == "individual" else OF_UNITS
    kind = dice.choice(_EDITS)
    if kind == "title":
        rows = other["titles"]
        how = dice.choice(("new", "gone", "kind", "by", "title", "year"))
        if how == "new":
            row = {
                "title": dice.choice(names),
                "year": around,
                "kind": "merit",
                "by": dice.choice((None, "d.n")),
            }
            rows.append(row)
            touched = [row]
        else:
            if not rows:
                return None
            row = dice.choice(rows)
            before = dict(row)
            if how == "gone":
                rows.remove(row)
            elif how == "kind":
                row["kind"] = "sudden" if row["kind"] == "merit" else "merit"
            elif how == "by":
                row["by"] = None if row["by"] else "d.n"
            elif how == "title":
                row["title"] = dice.choice(names)
            else:
                row["year"] = around
            touched = [before, row]
        keys = {f"title:{h}:{row['year']}:{row['title']}" for row in touched}
        return other, keys | {f"title:{h}:ever:{row['title']}" for row in touched}
    if kind == "grade":
        if dice.random() < 0.3:
            other["grades"].pop(around, None)
        else:
            other["grades"][around] = dice.choice(GRADES)
        return other, {f"grade:{h}:{around}"}
    if kind == "initiative":
        rows = other["initiatives"]
        if rows and dice.random() < 0.7:
            row = dice.choice(rows)
            row.update(
                dice.choice(
                    (
                        {"scope": dice.choice(("local", "province", "state"))},
                        {"on": asked.day - timedelta(days=dice.randrange(-5, 1500))},
                        {"last": asked.day - timedelta(days=dice.randrange(-5, 5))},
                        {"used": dice.choice((set(), {"title"}, {"form"}))},
                        {"by": dice.choice((None, "d.n"))},
                    )
                )
            )
        else:
            rows.append({"scope": "state", "on": asked.day, "last": None, "used": set(), "by": None})
        return other, {f"initiatives:{h}"}
    if kind == "discipline":
        if other["disciplines"] and dice.random() < 0.5:
            other["disciplines"].pop()
        else:
            on = asked.day - timedelta(days=dice.randrange(-10, 1500))
            served = dice.choice((None, on + timedelta(days=dice.randrange(600))))
            other["disciplines"].append({"form": dice.choice(FORMS), "on": on, "served": served})
        return other, {f"discipline:{h}"}
    if kind == "service":
        if other["service"] and dice.random() < 0.5:
            dice.choice(other["service"])["since"] = asked.day - timedelta(days=dice.randrange(9000))
        elif other["service"]:
            other["service"].pop()
        else:
            other["service"] = [{"kind": "trade", "since": date(1990, 1, 1), "until": None}]
        return other, {f"service:{h}"}
    if kind == "complete":
        other["complete"][dice.choice(KINDS)] ^= {around}
        return other, {f"complete:{h}:{around}"}
    if kind == "members":
        if not other["members"]:
            other["members"] = [{"titles": {"LDTT"}, "awaited": {}, "grade": "HTTNV", "disciplines": ()}]
        else:
            one = dice.choice(other["members"])
            one.update(
                dice.choice(
                    (
                        {"titles": dice.choice((set(), {"LDTT"}, {"CSTDCS"}))},
                        {"awaited": dice.choice(({}, {"CSTDCS": "d.n"}))},
                        {"grade": dice.choice((None, *GRADES))},
                        {"disciplines": dice.choice(((), (dice.choice(FORMS),)))},
                    )
                )
            )
        return other, {f"members:{h}:{asked.year}"}
    fact, value, key = {
        "whole": ("whole", not told["whole"], f"whole:{h}"),
        "employed": ("employed", dice.choice((None, asked.day, date(2001, 1, 1))), f"employment:{h}"),
        "registered": (
            "registered",
            dice.choice((None, set(), {asked.title})),
            f"registered:{h}:{asked.year}",
        ),
        "rank": ("rank", dice.choice((None, 1, 2, 5)), f"rank:{h}:{asked.year}"),
        "movement": (
            "movement",
            dice.choice((None, {"level": "state", "reviewed": True})),
            f"movement:{h}:{asked.year}",
        ),
    }[kind]
    other[fact] = value
    return other, {key}


_EDITS = (
    "title",
    "title",
    "title",
    "grade",
    "grade",
    "initiative",
    "discipline",
    "service",
    "complete",
    "complete",
    "members",
    "whole",
    "employed",
    "registered",
    "rank",
    "movement",
)


def edits_are_named(seed, count):
    """A change of a fact whose key a verdict does not name leaves it as it is, with every finding."""
    moved = {}
    for dice, asked, told in asked_of(seed, count):
        before = said(asked, told)
        for _ in range(12):
            edited = one_edit(dice, asked, told)
            if edited is None:
                continue
            other, keys = edited
            after = said(asked, other)
            if keys.isdisjoint(before.read):
                assert in_short(before)[:3] == in_short(after)[:3], (asked, keys, told, other)
                assert before.read == after.read
            elif before.outcome != after.outcome:
                for key in keys:
                    moved[key.split(":")[0]] = moved.get(key.split(":")[0], 0) + 1
    return moved


def test_a_fact_whose_key_is_not_named_never_changes_a_verdict():
    moved = edits_are_named("keys", 1500)
    assert set(moved) >= {"title", "grade", "initiatives", "discipline", "complete", "members", "rank"}, moved


@pytest.mark.hard
@pytest.mark.drawn(1)
@pytest.mark.parametrize("part", range(8))
def test_a_fact_whose_key_is_not_named_never_changes_a_verdict_at_length(part):
    moved = edits_are_named(f"keys {part}", 15_000)
    assert set(moved) >= {"service", "whole", "employment", "registered", "movement"}, moved


def test_which_keys_are_named_does_not_depend_on_what_the_facts_say():
    # So that a verdict built on silence is re-opened by the first fact that speaks.
    for _, asked, told in asked_of("silence", 600):
        empty = deepcopy(told) | {
            "titles": [],
            "grades": {},
            "initiatives": [],
            "disciplines": [],
            "service": [],
            "complete": {},
            "whole": False,
            "employed": None,
            "registered": None,
            "members": None,
            "rank": None,
            "movement": None,
        }
        assert said(asked, told).read == said(asked, empty).read


def test_a_record_is_not_changed_by_being_looked_at():
    for _, asked, told in asked_of("frozen", 100):
        record = record_of(told)
        verdict(book_of(asked.book).law, Asked(asked.title, asked.year, asked.day), record)
        assert record == replace(record)

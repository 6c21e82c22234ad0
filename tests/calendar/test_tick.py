"""The tick: the right item, for the right person, on the right day, once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from casework.debts import OBLIGATION
from casework.duties import end_duty, grant_duty
from casework.extend_window import extend_window
from casework.fulfil import Word, fulfil, unfulfil
from casework.load import DOSSIER
from casework.open_year import open_year
from casework.own_dates import set_own_dates
from rules.reasons import Refused
from tests.build import Office
from tests.calendar.plans import ABOVE, LADDER, at, items, publish_plan, tick_on, told

COVENANT = {"met_by": ["fulfil"], "duty": ["bloc_head", "bloc_deputy"], "remind": LADDER}
JUNE = {"remind": LADDER, "unmet": "lapse", "warn_from": -1, "duty": ["clerk", "principal"]}


@pytest.fixture
def year(office: Office) -> Office:
    """The small office with ladders on the covenant (October) and on the completion of dossiers (June)."""
    publish_plan(office, covenant=COVENANT | {"escalate": ABOVE}, dossier_completion=JUNE)
    open_year(office.database, at("2024-08-03"))
    return office


@pytest.fixture
def june(office: Office) -> Office:
    """The small office with a ladder on the completion of dossiers alone."""
    publish_plan(office, dossier_completion=JUNE)
    return office


def days_told(office: Office, first: str, last: str) -> dict[str, list[tuple[str, str, int]]]:
    """What ticks on each day of a span enqueue."""
    found = {}
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        report = tick_on(office, day.isoformat())
        if report.reminders:
            found[day.isoformat()] = told(office, report)
        day = date.fromordinal(day.toordinal() + 1)
    return found


def leave(office: Office, person: str, last_day: str) -> None:
    """Somebody's duty at the bloc ends."""
    duty = person.replace("-", "_")
    end_duty(
        office.database, person, "khoi", duty, date.fromisoformat(last_day), office.call("admin", last_day)
    )


def take(office: Office, person: str, day: str) -> None:
    """Somebody becomes head of the bloc."""
    since = date.fromisoformat(day)
    grant_duty(office.database, person, "khoi", "bloc_head", since, None, office.call("admin", day))


def both(kind: str, rung: int) -> list[tuple[str, str, int]]:
    return [("bloc-deputy", kind, rung), ("bloc-head", kind, rung)]


def test_a_bloc_is_reminded_on_each_rung_and_those_above_are_told_at_last(year: Office) -> None:
    assert days_told(year, "2024-10-01", "2024-11-30") == {
        "2024-10-16": both("deadline", -14),
        "2024-10-23": both("deadline", -7),
        "2024-10-27": both("deadline", -3),
        "2024-10-29": both("deadline", -1),
        "2024-10-30": both("deadline", 0),
        "2024-10-31": both("overdue", 1),
        "2024-11-02": both("overdue", 3),
        # Five working days after Wednesday 30 October.
        "2024-11-06": [("office-head", "escalation", 0)],
    }


def test_who_has_done_it_hears_nothing_more(year: Office) -> None:
    tick_on(year, "2024-10-16")
    word = Word("khoi", "2024-2025", "covenant", date(2024, 10, 18))
    fulfil(year.database, None, word, year.call("bloc-head", "2024-10-18"))
    assert days_told(year, "2024-10-18", "2024-11-30") == {}


def test_a_word_names_a_day_of_the_school_year_that_has_come(year: Office) -> None:
    def said(day: date) -> list[str]:
        word = Word("khoi", "2024-2025", "covenant", day)
        with pytest.raises(Refused) as refusal:
            fulfil(year.database, None, word, year.call("bloc-head", "2024-10-18"))
        return [reason.code for reason in refusal.value.reasons]

    assert said(date(2024, 10, 19)) == ["done_in_the_future"]
    assert said(date(2024, 7, 31)) == ["done_before_the_year"]
    # Before its milestone opens, something may well be done.
    word = Word("khoi", "2024-2025", "covenant", date(2024, 8, 1))
    fulfil(year.database, None, word, year.call("bloc-head", "2024-10-18"))


def test_a_word_taken_back_is_owed_again(year: Office) -> None:
    word = Word("khoi", "2024-2025", "covenant", date(2024, 10, 18))
    fulfil(year.database, None, word, year.call("bloc-head", "2024-10-18"))
    tick_on(year, "2024-10-24")
    unfulfil(
        year.database, "khoi", "2024-2025", "covenant", "Ký nhầm bản", year.call("bloc-head", "2024-10-25")
    )
    found = days_told(year, "2024-10-25", "2024-10-28")
    # Of what was missed in between the latest only, then the ladder goes on.
    assert found == {"2024-10-25": both("deadline", -7), "2024-10-27": both("deadline", -3)}


@pytest.mark.parametrize("missed", [1, 3, 40])
def test_after_days_without_a_tick_the_first_one_says_once_what_is_still_true(
    year: Office, missed: int
) -> None:
    tick_on(year, "2024-10-16")
    day = date.fromordinal(date(2024, 10, 22).toordinal() + missed).isoformat()
    latest = {1: ("deadline", -7), 3: ("deadline", -7), 40: ("overdue", 3)}[missed]
    expected = both(*latest) + ([("office-head", "escalation", 0)] if missed == 40 else [])
    assert told(year, tick_on(year, day)) == expected
    assert tick_on(year, day).reminders == []


def test_two_ticks_on_one_day_say_it_once(year: Office) -> None:
    assert told(year, tick_on(year, "2024-10-16T00:00:00")) == both("deadline", -14)
    assert tick_on(year, "2024-10-16T23:59:59").reminders == []
    # The night's tick holds its letters for the morning.
    assert {item["ready_at"] for item in items(year, "deadline")} == {at("2024-10-16T07:00:00")}


def test_a_tick_reads_only_what_may_be_due(year: Office) -> None:
    tick_on(year, "2024-10-16")
    assert tick_on(year, "2024-10-17").looked_at == 0
    assert tick_on(year, "2024-10-23").looked_at == 1


def test_an_extension_is_a_new_ladder_and_is_not_told_again_on_its_own_day(year: Office) -> None:
    tick_on(year, "2024-10-30")
    call = year.call("office-head", "2024-10-30")
    extend_window(
        year.database, "khoi", "2024-2025", "covenant", date(2024, 11, 6), "Trưởng khối đi công tác", call
    )
    found = days_told(year, "2024-10-30", "2024-11-20")
    assert found == {
        # The rung of -7 lies on the day of the extension itself.
        "2024-11-03": both("deadline", -3),
        "2024-11-05": both("deadline", -1),
        "2024-11-06": both("deadline", 0),
        "2024-11-07": both("overdue", 1),
        "2024-11-09": both("overdue", 3),
        "2024-11-13": [("office-head", "escalation", 0)],
    }


def test_a_blocs_own_dates_move_its_reminders_and_not_the_window(office: Office) -> None:
    publish_plan(office, covenant=COVENANT | {"own_dates": "bloc", "announce_opening": True})
    open_year(office.database, at("2024-08-03"))
    assert told(office, tick_on(office, "2024-09-01")) == both("opened", 0)
    set_own_dates(
        office.database,
        "khoi",
        "2024-2025",
        "covenant",
        date(2024, 9, 20),
        date(2024, 10, 10),
        "",
        office.call("bloc-head", "2024-09-10"),
    )
    assert days_told(office, "2024-09-10", "2024-10-12") == {
        "2024-09-20": both("opened", 0),
        "2024-09-26": both("deadline", -14),
        "2024-10-03": both("deadline", -7),
        "2024-10-07": both("deadline", -3),
        "2024-10-09": both("deadline", -1),
        "2024-10-10": both("deadline", 0),
        "2024-10-11": both("overdue", 1),
    }
    # Still open, by the calendar.
    code = office.open(day="2024-10-12")
    office.nominate(code, "teacher", day="2024-10-12")
    assert office.step(code, "register", "clerk", "2024-10-25").state == "registered"


def test_a_dossier_reminds_those_who_hold_the_desk_where_it_is(june: Office) -> None:
    code = june.dossier_at("completing")
    school = [("clerk", "deadline", -14), ("principal", "deadline", -14)]
    assert days_told(june, "2025-05-27", "2025-06-16") == {"2025-06-16": school}
    june.step(code, "convene", "clerk", "2025-06-17")
    council = [("principal", "deadline", -7), ("school-council", "deadline", -7)]
    assert days_told(june, "2025-06-17", "2025-06-24") == {"2025-06-23": council}


def test_a_dossier_that_misses_its_day_is_warned_and_lapses(year: Office) -> None:
    code = year.dossier_at("ready")
    tick_on(year, "2025-06-23")
    people = ("clerk", "principal")
    found = days_told(year, "2025-06-24", "2025-06-30")
    assert found == {
        "2025-06-27": [(person, "deadline", -3) for person in people],
        "2025-06-29": [(person, "lapse_warning", -1) for person in people],
        "2025-06-30": [(person, "lapse_warning", 0) for person in people],
    }
    assert tick_on(year, "2025-06-30T23:59:59").lapsed == []
    assert tick_on(year, "2025-07-01T00:00:00").lapsed == [code]
    assert year.row(code)["state_kind"] == "lapsed"
    assert tick_on(year, "2025-07-04").looked_at == 0


def test_a_desk_that_is_late_turns_red_and_the_dossier_stays(year: Office) -> None:
    code = year.dossier_at("at_education_office")
    assert tick_on(year, "2025-07-20").lapsed == []
    assert year.row(code)["state_kind"] == "at_desk"
    with pytest.raises(Refused) as refusal:
        year.step(code, "appraise", "appraiser", "2025-07-20", support_rest=True)
    assert "window_closed" in {reason.code for reason in refusal.value.reasons}


def test_an_extension_granted_after_the_lapse_does_not_move_the_dossier_and_revival_brings_new_reminders(
    year: Office,
) -> None:
    code = year.dossier_at("ready")
    tick_on(year, "2025-07-01")
    call = year.call("office-head", "2025-07-02")
    extend_window(
        year.database, "th-mau-1", "2024-2025", "dossier-completion", date(2025, 7, 10), "Mưa lũ", call
    )
    assert year.row(code)["state_kind"] == "lapsed"
    year.step(code, "revive", "appraiser", "2025-07-02", reason="Mưa lũ, đã gia hạn")
    found = days_told(year, "2025-07-03", "2025-07-08")
    assert found == {
        "2025-07-03": [("clerk", "deadline", -7), ("principal", "deadline", -7)],
        "2025-07-07": [("clerk", "deadline", -3), ("principal", "deadline", -3)],
    }


def test_a_dossier_on_hold_reminds_nobody(june: Office) -> None:
    code = june.dossier_at("at_education_office")
    june.step(code, "hold", "appraiser", "2025-06-12", reason="Chờ xác minh")
    assert days_told(june, "2025-06-12", "2025-07-12") == {}
    with june.database.read() as connection:
        assert connection.execute(select(DOSSIER.c.look_on)).scalars().all() == [None]


def test_a_milestone_that_is_moved_while_it_is_open_moves_what_is_still_to_come(year: Office) -> None:
    assert days_told(year, "2024-10-16", "2024-10-24") == {
        "2024-10-16": both("deadline", -14),
        "2024-10-23": both("deadline", -7),
    }
    publish_plan(year, "2024-10-25", covenant=COVENANT | {"last_day": date(2024, 10, 31)})
    found = days_told(year, "2024-10-25", "2024-11-05")
    assert found == {
        # The new day has its own ladder: its seventh day before has passed and is still true.
        "2024-10-25": both("deadline", -7),
        "2024-10-28": both("deadline", -3),
        "2024-10-30": both("deadline", -1),
        "2024-10-31": both("deadline", 0),
        "2024-11-01": both("overdue", 1),
        "2024-11-03": both("overdue", 3),
    }


def test_what_moves_off_a_day_off_is_reminded_by_the_day_it_moved_to(office: Office) -> None:
    review = {
        "met_by": ["fulfil"],
        "duty": ["bloc_head"],
        "remind": {"count": "working_days", "days": [-2, 0]},
    }
    publish_plan(office, midyear_review=review | {"on_day_off": "next_working_day"})
    open_year(office.database, at("2024-08-03"))
    # Friday 31 January is Tết and Monday 3 February the next working day; two working days before: 23 January.
    assert days_told(office, "2025-01-20", "2025-02-10") == {
        "2025-01-23": [("bloc-head", "deadline", -2)],
        "2025-02-03": [("bloc-head", "deadline", 0)],
    }


def test_opening_a_year_twice_writes_each_obligation_once(year: Office) -> None:
    assert open_year(year.database, at("2024-08-04")) == 0
    with year.database.read() as connection:
        rows = connection.execute(select(OBLIGATION.c.milestone, OBLIGATION.c.unit_id)).all()
    written = [tuple(row) for row in rows]
    assert len(written) == len(set(written))
    assert ("covenant", year.units["khoi"]) in written


def test_a_school_without_any_dossier_owes_one_or_its_word(office: Office) -> None:
    both_ways = JUNE | {"met_by": ["steps", "fulfil"]}
    publish_plan(office, dossier_completion=both_ways)
    open_year(office.database, at("2024-08-03"))
    office.dossier_at("completing")
    found = days_told(office, "2025-06-15", "2025-06-17")["2025-06-16"]
    assert ("clerk", "deadline", -14) in found
    assert ("clerk-2", "deadline", -14) in found
    with pytest.raises(Refused) as refusal:
        word = Word("th-mau-1", "2024-2025", "dossier-completion", date(2025, 6, 18), "Không đề nghị ai")
        fulfil(office.database, None, word, office.call("clerk", "2025-06-18"))
    assert [reason.code for reason in refusal.value.reasons] == ["dossiers_meet_it"]
    word = Word("th-mau-2", "2024-2025", "dossier-completion", date(2025, 6, 18), "Không đề nghị ai")
    fulfil(office.database, None, word, office.call("clerk-2", "2025-06-18"))
    assert ("clerk-2", "deadline", -7) not in days_told(office, "2025-06-18", "2025-06-24")["2025-06-23"]


def test_a_rung_that_nobody_was_there_to_hear_waits_for_whoever_takes_the_duty(year: Office) -> None:
    tick_on(year, "2024-10-23")
    leave(year, "bloc-head", "2024-10-25")
    leave(year, "bloc-deputy", "2024-10-25")
    assert days_told(year, "2024-10-26", "2024-10-28") == {}
    take(year, "teacher", "2024-10-29")
    # On her first day she hears the rung of the 27th no more: that of her own day says more.
    assert days_told(year, "2024-10-28", "2024-10-29") == {"2024-10-29": [("teacher", "deadline", -1)]}


def test_whoever_takes_an_empty_duty_between_two_rungs_hears_the_last_one(year: Office) -> None:
    tick_on(year, "2024-10-16")
    leave(year, "bloc-head", "2024-10-20")
    leave(year, "bloc-deputy", "2024-10-20")
    assert days_told(year, "2024-10-21", "2024-10-24") == {}
    take(year, "teacher", "2024-10-25")
    assert days_told(year, "2024-10-25", "2024-10-27") == {
        "2024-10-25": [("teacher", "deadline", -7)],
        "2024-10-27": [("teacher", "deadline", -3)],
    }


def test_more_time_for_an_office_counts_for_what_it_returned_too(office: Office) -> None:
    appraisal = {"remind": {"count": "calendar_days", "days": [-2]}, "duty": ["appraiser"]}
    publish_plan(office, preliminary_appraisal=appraisal)
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-20", reason="Thiếu biên bản.")
    # The ladder has no rung left: without more time no tick would look again.
    tick_on(office, "2025-06-29")
    call = office.call("chairman", "2025-06-29")
    until = date(2025, 7, 9)
    extend_window(office.database, "pgd", "2024-2025", "preliminary-appraisal", until, "Mưa bão", call)
    # It lies at the school now, and waits for the office.
    found = [("clerk", "deadline", -2), ("principal", "deadline", -2)]
    assert days_told(office, "2025-06-30", "2025-07-08") == {"2025-07-07": found}

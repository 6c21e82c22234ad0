"""What the watch sees, and that administrators are told once a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from casework.access import DUTY
from casework.debts import FULFILMENT, OBLIGATION
from casework.home_clock import set_clock
from casework.ledger import LIMIT, RUN
from casework.letters.facts import Facts
from casework.open_year import open_year
from casework.outcome import concern_in_words, in_words
from casework.record_step import OUTBOX
from casework.routing import UNIT
from casework.seal import seal_history
from casework.watch import KIND, LETTER, SUPPRESSED, Concern, concerns_of, keep_watch
from kit.clock import wall_now
from kit.database import Database
from kit.settings import Settings
from tests.build import Office, noon

NOW = noon("2025-06-16")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "home").mkdir()
    return Settings(home=tmp_path / "home", disk_free_mb=0)


@pytest.fixture
def calm(office: Office, settings: Settings) -> Office:
    """An office on 16 June 2025 with nothing to look at: it was sealed this noon."""
    set_clock(office.database, "fixed", NOW, office.call(None, "2025-06-16"))
    seal_history(office.database, settings.seals, NOW)
    return office


def codes(office: Office, settings: Settings) -> list[str]:
    with office.database.read() as connection:
        return [concern.code for concern in concerns_of(connection, settings)]


def found(office: Office, settings: Settings) -> dict[str, Concern]:
    with office.database.read() as connection:
        return {concern.code: concern for concern in concerns_of(connection, settings)}


def put(database: Database, table: Any, **values: Any) -> None:
    with database.write() as connection:
        connection.execute(insert(table), values)


def letter(office: Office, standing: str, minutes: int, **more: Any) -> None:
    due = wall_now() - timedelta(minutes=minutes)
    values = {
        "person_id": office.people["clerk"], "kind": f"kind-{minutes}", "day": NOW.date(), "standing": standing,
        "queued_at": due, "not_before": due, "attempts": 0, "address": "a@b.example",
        "subject": "", "message_id": "<1@b.example>", "mime": b"x", "trouble": "", "sent_at": None,
    }  # fmt: skip
    put(office.database, LETTER, **values | more)


def item(office: Office, minutes: int) -> None:
    put(
        office.database, OUTBOX, key=f"ready/dossier:1/{minutes}/1", kind="ready",
        person_id=office.people["clerk"], subject="dossier:1", facts={}, standing="queued",
        queued_at=NOW, ready_at=NOW - timedelta(minutes=minutes), letter_id=None,
    )  # fmt: skip


def run(
    office: Office,
    flow: str,
    standing: str,
    trouble: str = "",
    *,
    minutes: int = 0,
    day: str = "2025-06-16",
    **more: Any,
) -> None:
    put(
        office.database, RUN, flow=flow, part="", business_day=noon(day).date(), business_at=noon(day),
        started_at=wall_now() - timedelta(minutes=minutes), standing=standing, missed_days=0, trouble=trouble,
        **{"summary": {}, "prefect_run": ""} | more,
    )  # fmt: skip


def test_a_calm_office_has_nothing_to_look_at(calm: Office, settings: Settings) -> None:
    letter(calm, "queued", 59)
    letter(calm, "sent", 100_000, sent_at=NOW)
    item(calm, 59)
    run(calm, "tick", "done", day="2025-06-15")
    run(calm, "deliver", "running", minutes=30)
    assert codes(calm, settings) == []
    assert keep_watch(calm.database, settings, NOW).queued == 0


def test_what_waits_too_long_failed_or_is_in_doubt_is_seen(calm: Office, settings: Settings) -> None:
    letter(calm, "queued", 61)
    letter(calm, "sending", 90)
    letter(calm, "failed", 1)
    letter(calm, "in_doubt", 2)
    item(calm, 61)
    put(calm.database, SUPPRESSED, address="x@b.example", detail="550", since=NOW)
    with calm.database.read() as connection:
        concerns = {concern.code: concern.params for concern in concerns_of(connection, settings)}
    assert set(concerns) == {
        "letters_waiting", "items_waiting", "letters_failed", "letters_in_doubt", "addresses_suppressed",
    }  # fmt: skip
    assert concerns["letters_waiting"]["count"] == 2
    oldest = wall_now() - datetime.fromisoformat(concerns["letters_waiting"]["since"])
    assert timedelta(minutes=90) <= oldest < timedelta(minutes=92)


def test_ticks_missed_and_runs_failed_or_dead_are_seen_until_one_goes_well(
    calm: Office, settings: Settings
) -> None:
    run(calm, "tick", "done", day="2025-06-12")
    run(calm, "tick", "failed", "disk_full: no space left")
    run(calm, "deliver", "running", minutes=LIMIT.seconds // 60 + 1)
    assert codes(calm, settings) == ["ticks_missed", "run_died", "run_failed"]
    run(calm, "tick", "done")
    run(calm, "deliver", "done")
    assert codes(calm, settings) == []


def test_little_room_on_the_disk_is_seen(calm: Office, settings: Settings) -> None:
    assert codes(calm, settings.model_copy(update={"disk_free_mb": 10**12})) == ["disk_low"]


def test_a_seal_older_than_two_days_is_seen_and_a_missing_one(office: Office, settings: Settings) -> None:
    set_clock(office.database, "fixed", NOW, office.call(None, "2025-06-16"))
    assert codes(office, settings) == ["seal_missing"]
    seal_history(office.database, settings.seals, NOW - timedelta(days=2))
    assert codes(office, settings) == []
    seal_history(office.database, settings.seals, NOW - timedelta(days=1))
    set_clock(office.database, "fixed", noon("2025-06-18"), office.call(None, "2025-06-18"))
    assert codes(office, settings) == ["seal_old"]


def test_administrators_are_told_once_a_day_of_each(calm: Office, settings: Settings) -> None:
    letter(calm, "failed", 1)
    run(calm, "tick", "failed", "disk_full: x")
    run(calm, "deliver", "failed", "disk_full: x")
    assert keep_watch(calm.database, settings, NOW).queued == 3
    assert keep_watch(calm.database, settings, NOW + timedelta(hours=3)).queued == 0
    assert keep_watch(calm.database, settings, NOW + timedelta(days=1)).queued == 3
    with calm.database.read() as connection:
        items = connection.execute(select(OUTBOX).where(OUTBOX.c.kind == KIND)).mappings().all()
    admin = calm.people["admin"]
    assert {row["person_id"] for row in items} == {admin}
    told = {row["key"]: row for row in items}[f"{KIND}/watch:letters_failed/2025-06-16/{admin}"]
    assert (told["subject"], told["standing"], told["ready_at"]) == ("watch:letters_failed", "queued", NOW)
    assert told["facts"] == {
        "trouble": "letters_failed",
        "count": "1",
        "since": "2025-06-16",
        "path": "/letters?standing=failed",
    }
    # Each flow that failed is told by itself.
    # Letters take days, not instants.
    assert {date.fromisoformat(row["facts"]["since"]) for row in items}
    assert {row["subject"] for row in items} >= {"watch:run_failed:tick", "watch:run_failed:deliver"}


def told(office: Office) -> None:
    """Everybody was told what the dossiers' steps tell."""
    with office.database.write() as connection:
        connection.execute(update(OUTBOX).values(standing="struck"))


def no_duty(office: Office, *duties: str) -> None:
    """Nobody holds these duties any more from the middle of June on."""
    with office.database.write() as connection:
        query = update(DUTY).where(DUTY.c.duty.in_(duties))
        connection.execute(query.values(until=date(2025, 6, 15)))


def test_what_is_worst_comes_first_each_with_the_page_where_it_is_mended(
    calm: Office, settings: Settings
) -> None:
    letter(calm, "failed", 1)
    run(calm, "tick", "done", day="2025-06-12")
    run(calm, "seal", "failed", "disk_full: x")
    run(calm, "deliver", "broken_off", summary={"sent": 2, "left": 5, "stopped": "server_unreachable"})
    concerns = found(calm, settings.model_copy(update={"disk_free_mb": 10**12}))
    assert list(concerns) == ["disk_low", "ticks_missed", "run_failed", "run_broken_off", "letters_failed"]
    paths = [concern.path for concern in concerns.values()]
    assert paths == ["", "/runs", "/runs/2", "/runs/3", "/letters?standing=failed"]
    assert concerns["run_broken_off"].params["did"] == {"sent": 2, "left": 5, "stopped": "server_unreachable"}
    run(calm, "deliver", "done")
    assert "run_broken_off" not in codes(calm, settings)


def test_a_prefect_that_starts_nothing_any_more_is_seen_and_one_that_never_was_is_not_missed(
    calm: Office, settings: Settings
) -> None:
    run(calm, "tick", "done", minutes=300)
    assert codes(calm, settings) == []
    run(calm, "deliver", "done", minutes=61, prefect_run="a")
    # That somebody runs a flow by hand does not mean that anything runs by itself.
    run(calm, "watch", "done")
    assert codes(calm, settings) == ["prefect_silent"]
    run(calm, "deliver", "done", prefect_run="b")
    assert codes(calm, settings) == []


def test_a_flow_that_prefect_used_to_start_and_that_is_late_is_seen(calm: Office, settings: Settings) -> None:
    run(calm, "tick", "done", minutes=200, prefect_run="a")
    run(calm, "deliver", "done", prefect_run="b")
    late = found(calm, settings)
    assert list(late) == ["run_late"]
    assert (late["run_late"].params["flow"], late["run_late"].path) == ("tick", "/runs?flow=tick")
    run(calm, "tick", "done", minutes=10)
    assert codes(calm, settings) == []


def test_dossiers_at_an_office_that_ended_are_seen_and_how_they_go_on(
    calm: Office, settings: Settings
) -> None:
    calm.dossier_at("at_education_office")
    calm.dossier_at("at_education_office", "province", "clerk")
    told(calm)
    with calm.database.write() as connection:
        connection.execute(update(UNIT).where(UNIT.c.code == "pgd").values(until=date(2025, 6, 15)))
    (concern,) = found(calm, settings).values()
    assert (concern.code, concern.path) == ("offices_ended", "/office/succession/pass-on")
    assert concern.params["units"] == [{"code": "pgd", "name": "Đơn vị pgd", "count": 2}]
    assert "thidua succession pass-on" in concern_in_words(concern.code, concern.params, "vi")
    assert "Đơn vị pgd (pgd)" in concern_in_words(concern.code, concern.params, "en", short=True)


def test_dossiers_at_a_desk_that_nobody_holds_are_seen(calm: Office, settings: Settings) -> None:
    calm.dossier_at("at_education_office")
    told(calm)
    assert codes(calm, settings) == []
    no_duty(calm, "appraiser")
    held = found(calm, settings)
    assert "desks_unheld" in held
    assert held["desks_unheld"].path == "/office/units/pgd"
    assert (held["desks_unheld"].params["count"], held["desks_unheld"].params["things"]) == (1, 1)
    with calm.database.write() as connection:
        connection.execute(update(DUTY).values(until=None))
    assert codes(calm, settings) == []


def test_what_a_unit_owes_without_anybody_to_do_it_is_seen_until_it_is_met(
    calm: Office, settings: Settings
) -> None:
    open_year(calm.database, NOW, "test")
    assert codes(calm, settings) == []
    no_duty(calm, "clerk", "principal", "school_head")
    owed = found(calm, settings)
    assert list(owed) == ["debts_unheld"]
    assert {unit["code"] for unit in owed["debts_unheld"].params["units"]} == {"th-mau-1", "th-mau-2"}
    assert owed["debts_unheld"].path == "/office"
    with calm.database.read() as connection:
        mine = select(OBLIGATION).where(OBLIGATION.c.unit_id == calm.units["th-mau-1"])
        debts = connection.execute(mine).mappings().all()
    for debt in debts:
        put(
            calm.database, FULFILMENT, unit_id=debt["unit_id"], calendar=debt["calendar"],
            milestone=debt["milestone"], done_on=NOW.date(), fulfilled_at=NOW,
        )  # fmt: skip
    (left,) = found(calm, settings).values()
    assert (left.params["count"], left.path) == (1, "/office/units/th-mau-2")


def test_without_an_administrator_the_watch_says_that_nobody_is_told(
    calm: Office, settings: Settings
) -> None:
    letter(calm, "failed", 1)
    no_duty(calm, "administrator")
    seen = keep_watch(calm.database, settings, NOW)
    assert [concern.code for concern in seen.concerns] == ["no_administrator", "letters_failed"]
    assert (seen.queued, seen.untold) == (0, 2)
    assert "không báo được cho ai: 2" in in_words("watch", seen.as_dict(), "vi")


def test_a_letter_about_a_run_that_failed_reads_its_flow_and_why_from_the_ledger(
    calm: Office, settings: Settings
) -> None:
    storage = {"storage": {"code": "disk_full", "detail": "x"}}
    run(calm, "seal", "failed", "disk_full: x", summary=storage)
    run(calm, "deliver", "broken_off", summary={"sent": 2, "left": 5, "stopped": "server_unreachable"})
    keep_watch(calm.database, settings, NOW)
    with calm.database.read() as connection:
        items = connection.execute(select(OUTBOX).where(OUTBOX.c.kind == KIND)).mappings().all()
        facts = Facts(connection, NOW.date(), items)
        said = {
            (item["facts"]["flow"], lang): facts.item(item, NOW.date(), lang)
            for item in items
            for lang in ("vi", "en")
        }
    assert "Đĩa đã đầy" in (said["seal", "vi"].detail or "")
    assert "disk" in (said["seal", "en"].detail or "").lower()
    assert "đã gửi: 2; còn chờ gửi: 5; " in (said["deliver", "vi"].detail or "")
    assert "sent: 2; left to be sent: 5; " in (said["deliver", "en"].detail or "")
    assert {item.path for item in said.values()} == {"/runs/1", "/runs/2"}

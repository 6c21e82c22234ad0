"""The home itself: its clock, and what it publishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.home_clock import business_now, set_clock
from casework.publish import publish
from casework.regulations import Unsound
from kit.clock import wall_now
from tests.build import ROOT, Office, noon
from tests.casework.telling import broken_links, call_with, codes, refused_without_trace, rows

TEXT = (ROOT / "regulations/procedures/sudden-2024.yaml").read_bytes()


def now(office: Office) -> Any:
    with office.database.read() as connection:
        return business_now(connection)


def turn(office: Office, mode: str, day: str | None = None, person: str | None = "admin") -> Any:
    return set_clock(office.database, mode, noon(day) if day else None, office.call(person))


def test_a_fixed_clock_stands_and_is_only_moved_on(office: Office) -> None:
    assert abs((now(office) - wall_now()).total_seconds()) < 60
    turn(office, "fixed", "2025-06-16")
    assert now(office) == noon("2025-06-16")
    assert refused_without_trace(office, turn, office, "fixed", "2025-06-15") == ["clock_set_back"]
    turn(office, "fixed", "2025-06-17")
    turn(office, "real")
    assert abs((now(office) - wall_now()).total_seconds()) < 60


def test_a_clock_that_ran_for_a_while_is_not_set_back_either(office: Office) -> None:
    turn(office, "fixed", "2025-06-16")
    code = office.open(day="2025-06-16", procedure="three-tier-2024")
    turn(office, "real")
    assert refused_without_trace(office, turn, office, "fixed", "2025-06-15") == ["clock_set_back"]
    turn(office, "fixed", "2025-06-16")
    assert office.row(code)["opened_at"] == now(office)


def test_a_clock_that_stands_ahead_waits_for_the_walls(office: Office) -> None:
    ahead = (wall_now() + timedelta(days=3)).date().isoformat()
    turn(office, "fixed", ahead)
    assert refused_without_trace(office, turn, office, "real") == ["clock_set_back"]


def test_a_home_prepared_today_may_begin_in_another_year(office: Office) -> None:
    here = replace(office.call("admin"), now=wall_now())
    publish(office.database, "procedure", TEXT, here)
    set_clock(office.database, "fixed", noon("2024-09-10"), replace(here, key="clock"))
    assert now(office) == noon("2024-09-10")


def test_a_name_that_no_table_holds_is_a_fault_of_the_file(office: Office) -> None:
    text = TEXT.replace(b"procedure: sudden-2024", b"procedure: " + b"x" * 120)
    with pytest.raises(Unsound, match="name_unusable"):
        publish(office.database, "procedure", text, office.call("admin"))


def test_all_that_is_wrong_with_a_clock_is_said_at_once(office: Office) -> None:
    assert codes(turn, office, "fixed", None, "clerk") == ["duty_not_held", "input_missing"]
    assert codes(turn, office, "backwards") == ["unknown_clock_mode"]


def test_the_same_bytes_are_published_once_and_changed_ones_are_the_next_version(office: Office) -> None:
    first = publish(office.database, "procedure", TEXT, office.call("admin"))
    again = publish(office.database, "procedure", TEXT, office.call("admin"))
    assert (first.new, again.new, first.sha256 == again.sha256) == (True, False, True)
    changed = publish(office.database, "procedure", TEXT + b"# again\n", office.call("admin"))
    kept = rows(office, "regulation", name="sudden-2024")
    assert (changed.new, sorted(row["version"] for row in kept)) == (True, [1, 2])
    assert broken_links(office.database) == []


def test_only_an_administrator_publishes_and_a_key_is_good_for_one_text(office: Office) -> None:
    call = call_with(office, "admin", "once")
    assert codes(publish, office.database, "procedure", TEXT, office.call("office-head")) == ["duty_not_held"]
    publish(office.database, "procedure", TEXT, call)
    assert not publish(office.database, "procedure", TEXT, call).new
    found = refused_without_trace(office, publish, office.database, "procedure", TEXT + b"# again\n", call)
    assert found == ["request_key_reused"]


def test_a_dossier_keeps_the_version_under_which_it_was_opened(office: Office) -> None:
    text = (ROOT / "regulations/procedures/three-tier-2024.yaml").read_bytes()
    old = office.open()
    newer = publish(office.database, "procedure", text + b"# again\n", office.call("admin")).sha256
    new = office.open()
    assert office.row(old)["procedure_sha256"] != newer == office.row(new)["procedure_sha256"]
    office.nominate(old, "teacher")
    office.step(old, "register", "clerk", "2024-10-15")

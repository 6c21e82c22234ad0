"""What lists are read with: the same rows and the same answers on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from casework.bulk import take_steps
from casework.inputs import Inputs
from casework.people import UNIT
from casework.saved_views import View, delete_view, save_view, views_of
from casework.sight import Sight, sees, sight_of
from casework.views.at_once import done_at_once, seen_by_code
from casework.views.bounded import Bounded
from casework.views.dossiers import Filter
from casework.views.queue import next_in_queue, worklist_of
from casework.views.searching import folded, has_words
from casework.views.seen import exported_dossiers, seen_dossiers
from rules.windows import local_day
from tests.build import Office, noon
from tests.casework.telling import TABLES, call_with, history

NOW = noon("2025-06-20")


def sight(office: Office, person: str) -> Sight:
    with office.database.read() as connection:
        return sight_of(connection, office.people[person], local_day(NOW))


def worklist(office: Office, person: str, **wanted: object) -> Bounded:
    with office.database.read() as connection:
        return worklist_of(connection, sight(office, person), NOW, "vi", Filter(**wanted))


def test_the_queue_tells_what_changed_since_and_what_may_be_done_for_many(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    office.step(code, "return", "appraiser", "2025-06-12", reason="Thiếu biên bản")
    office.step(code, "resubmit", "clerk", "2025-06-13")
    (mine,) = worklist(office, "appraiser", words=("mau-1",)).rows
    assert mine["since"] == {
        "acted_at": noon("2025-06-12").isoformat(),
        "changes": 1,
        "event": "resubmit",
        "at": noon("2025-06-13").isoformat(),
        "by": "Người clerk",
    }
    assert mine["at_once"] == ("appraise", "return")
    (of_colleague,) = worklist(office, "appraiser-2").rows
    assert of_colleague["since"] is None
    assert worklist(office, "appraiser", words=("khong-co",)) == Bounded([], 0)


def test_the_next_one_is_the_one_behind_and_after_the_last_the_first(office: Office) -> None:
    first, second, third = (office.dossier_at("at_education_office") for _ in range(3))
    dossier = TABLES["dossier"]
    with office.database.write() as connection:
        since = {code: NOW - timedelta(days=days) for code, days in ((first, 9), (second, 5), (third, 5))}
        for code, at in since.items():
            connection.execute(update(dossier).where(dossier.c.code == code).values(changed_at=at))
    with office.database.read() as connection:
        who = sight(office, "appraiser")
        following = {
            code: next_in_queue(connection, who, NOW, Filter(), code, at) for code, at in since.items()
        }
        assert following == {first: second, second: third, third: first}
        assert next_in_queue(connection, who, NOW, Filter(), first) == second
        assert next_in_queue(connection, who, NOW, Filter(level="state"), first, since[first]) is None


def test_list_file_and_bulk_show_what_came_to_ones_unit_and_no_more(office: Office) -> None:
    codes = [office.dossier_at(state) for state in ("preparing", "at_education_office", "filed")]
    for person, seen in (
        ("clerk", codes),
        ("appraiser", codes[1:]),
        ("reviewer", codes[2:]),
        ("teacher", []),
    ):
        who = sight(office, person)
        with office.database.read() as connection:
            listed = seen_dossiers(connection, who, Filter(words=("MẪU", "th")), NOW, "vi")
            ticked = seen_by_code(connection, who, [*codes, "no-such"])
        (rows,) = exported_dossiers(office.database, who, Filter(), NOW, "vi")
        assert [row["dossier"] for row in listed.rows] == seen[::-1], person
        assert [row["dossier"] for row in rows] == seen[::-1], person
        assert (set(ticked), listed.total) == (set(seen), len(seen)), person


def test_what_was_done_under_a_key_is_told_to_whoever_did_it(office: Office) -> None:
    code = office.dossier_at("at_education_office")
    call = call_with(office, "appraiser", "k-1")
    take_steps(office.database, [code], "return", call, Inputs(reason="Thiếu biên bản"))
    entry = history(office, code)[-1]
    with office.database.read() as connection:
        found = done_at_once(connection, sight(office, "appraiser"), "k-1", [code, code, "no-such"])
        assert [(row["dossier"], row["event"], row["hash"]) for row in found] == [
            (code, "return", entry["hash"])
        ]
        assert done_at_once(connection, sight(office, "appraiser-2"), "k-1", [code]) == []
        assert done_at_once(connection, sight(office, "appraiser"), "k-2", [code]) == []


def test_words_are_found_with_and_without_marks() -> None:
    assert folded("Trường Tiểu học ĐỨC HÒA") == folded("truong tieu hoc duc hoa") == "truong tieu hoc duc hoa"


def test_a_word_finds_every_code_and_unit_that_holds_it_and_no_other(office: Office) -> None:
    codes = [office.dossier_at("preparing") for _ in range(3)]
    dossier = TABLES["dossier"]
    with office.database.write() as connection:
        made = {
            code: f"{code.rpartition('.')[0]}.{number}"
            for code, number in zip(codes, (7, 17, 120), strict=True)
        }
        for code, other in made.items():
            connection.execute(update(dossier).where(dossier.c.code == code).values(code=other))
    words = (
        "7",
        "17",
        "99",
        ".",
        ".1",
        "5.1",
        made[codes[0]],
        made[codes[1]][2:-1],
        "1.9999",
        "2425.",
        "mau",
        "x.7",
    )
    for word in words:
        with office.database.read() as connection:
            query = select(dossier.c.code, UNIT.c.name).join(UNIT, UNIT.c.id == dossier.c.unit_id)
            expected = {
                code for code, name in connection.execute(query) if word in code or word in folded(name)
            }
            found = select(dossier.c.code).where(*has_words(connection, [word]))
            assert set(connection.execute(found).scalars()) == expected, word


def test_signs_of_patterns_are_searched_for_as_they_stand(office: Office) -> None:
    office.dossier_at("preparing")
    with office.database.read() as connection:
        assert has_words(connection, [""]) == []
        for word in ("%", "_", "\\", "'"):
            listed = seen_dossiers(connection, sight(office, "clerk"), Filter(words=(word,)), NOW, "vi")
            assert listed.rows == [], word


def test_a_view_is_kept_replaced_and_deleted_by_its_owner_alone(office: Office) -> None:
    mine, other = office.people["appraiser"], office.people["appraiser-2"]
    save_view(office.database, mine, "Khối 1", "words=a")
    save_view(office.database, mine, " Khối 1 ", "words=b")
    save_view(office.database, other, "Khối 1", "")
    with office.database.read() as connection:
        (view,) = views_of(connection, mine)
    assert view == View(view.id, "Khối 1", "words=b")
    assert not delete_view(office.database, other, view.id)
    assert delete_view(office.database, mine, view.id)
    assert not delete_view(office.database, mine, view.id)


def test_the_condition_of_sight_is_the_same_for_who_holds_no_duty(office: Office) -> None:
    office.dossier_at("preparing")
    nobody = sight(office, "teacher")
    assert nobody.units == frozenset()
    with office.database.read() as connection:
        query = TABLES["dossier"].select().where(sees(nobody))
        assert connection.execute(query).all() == []

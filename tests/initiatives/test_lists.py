"""A list of December as a file or pasted: looked at row by row, nothing written before it is confirmed."""

from __future__ import annotations

from datetime import date

from casework.initiative_list import TypedInitiative, look_at_initiatives, typed_table
from casework.initiatives import list_initiatives
from tests.build import Office
from tests.casework.telling import every_row, rows
from tests.initiatives.lists import YEAR, Lists, initiative

HEADED = [
    ["STT", "Tên sáng kiến", "Tác giả", "Ngày áp dụng", "Ghi chú"],
    ["1", "Góc đọc", "teacher 60; teacher-2 40", "05/09/2024", "x"],
]


def test_headings_say_which_column_is_which_and_others_are_left_out():
    assert typed_table(HEADED) == [
        TypedInitiative("Góc đọc", "", "05/09/2024", "teacher 60; teacher-2 40", "")
    ]
    plain = [["Góc đọc", "Tiếng Việt", "05/09/2024", "teacher", "Tốt"]]
    assert typed_table(plain) == [TypedInitiative("Góc đọc", "Tiếng Việt", "05/09/2024", "teacher", "Tốt")]


def test_a_list_may_be_headed_as_the_help_names_its_columns():
    row = ["Góc đọc", "Tiếng Việt", "05/09/2024", "teacher", "Tốt"]
    told = [TypedInitiative("Góc đọc", "Tiếng Việt", "05/09/2024", "teacher", "Tốt")]
    for heads in (
        ["tên", "lĩnh vực", "ngày", "tác giả", "hiệu quả"],
        ["name", "field", "day of application", "authors", "effect"],
        ["name", "field", "day", "authors", "effect"],
    ):
        assert typed_table([heads, row]) == told


def test_each_row_is_told_what_it_means_and_every_reason_against_it(lists: Lists, office: Office) -> None:
    lists.add(initiative("Đã có"))
    typed = [
        TypedInitiative("Góc đọc", "", "05/09/2024", "Người teacher 60; teacher-2 (40%)"),
        TypedInitiative("Chia đều", "", "2024-09-05", "teacher; teacher-2; clerk"),
        TypedInitiative("Chung", "", "5.9.2024", "teacher: 50 + clerk-2: 50"),
        TypedInitiative("Sai", "", "31/02/2024", "ai đó 40; teacher 40"),
        TypedInitiative("Thiếu", "", "05/09/2024", "teacher 40,5"),
        TypedInitiative("Đã có", "", "05/09/2024", "teacher"),
        TypedInitiative("", "", "05/09/2030", "teacher"),
    ]
    before = every_row(office.database)
    call = office.call("clerk", "2024-12-15")
    seen = look_at_initiatives(office.database, "th-mau-1", YEAR, typed, call, "vi")
    assert every_row(office.database) == before
    assert seen.reasons == ()
    assert [row.good for row in seen.rows] == [True, True, True, False, False, False, False]
    assert [(a.code, a.share) for a in seen.rows[0].authors] == [("teacher", "60"), ("teacher-2", "40")]
    assert [a.share for a in seen.rows[1].authors] == ["33.34", "33.33", "33.33"]
    assert (seen.rows[1].shared_evenly, seen.rows[0].shared_evenly) == (True, False)
    # Of somebody at another school no name is told for a code that was typed.
    assert [(a.code, a.name) for a in seen.rows[2].authors] == [("teacher", "Người teacher"), ("clerk-2", "")]
    assert [[reason.code for reason in row.reasons] for row in seen.rows[3:]] == [
        ["day_unreadable", "author_unknown"],
        ["shares_not_whole"],
        ["initiative_listed_already"],
        ["input_missing"],
    ]


def test_only_what_was_looked_at_in_this_meaning_counts_as_confirmed(lists: Lists, office: Office) -> None:
    typed = TypedInitiative("Góc đọc", "", "05/09/2024", "teacher 60; teacher-2 40")
    call = office.call("clerk", "2024-12-15")

    def look(row: TypedInitiative):
        return look_at_initiatives(office.database, "th-mau-1", YEAR, [row], call, "vi").rows[0]

    first = look(typed)
    assert (first.good, first.confirmed) == (True, False)
    again = TypedInitiative(typed.name, typed.field, typed.applied_on, typed.authors, "", first.mark)
    assert look(again).confirmed
    changed = TypedInitiative(typed.name, "", typed.applied_on, "teacher 50; teacher-2 50", "", first.mark)
    assert not look(changed).confirmed
    assert first.given is not None
    list_initiatives(office.database, "th-mau-1", YEAR, [first.given], call)
    (row,) = rows(office, "initiative")
    assert (row["name"], row["applied_on"]) == ("Góc đọc", date(2024, 9, 5))


def test_whoever_lists_nothing_for_a_school_is_told_so_of_the_whole_list(
    lists: Lists, office: Office
) -> None:
    call = office.call("clerk-2", "2024-12-15")
    row = TypedInitiative("Góc đọc", "", "05/09/2024", "teacher")
    seen = look_at_initiatives(office.database, "th-mau-1", YEAR, [row], call, "vi")
    assert [reason.code for reason in seen.reasons] == ["duty_not_held"]

"""Rows that were pasted together out of several tables."""

from __future__ import annotations

import pytest

from documents.table_text import NotReadable, rows_of


def test_each_row_is_taken_apart_by_its_own_separator() -> None:
    pasted = (
        "gv-1\tLDTT\r\n"
        "gv-2;LDTT\n"
        "Nguyễn Mẫu, tổ trưởng\tCSTDCS\n"
        "Trần Mẫu, tổ phó ; LDTT\n"
        "Lê Mẫu; tổ Toán\tLDTT\n"
        "\n;;\n"
        "Phạm Mẫu, tổ Văn\n"
    )
    assert rows_of(pasted, 500) == [
        ["gv-1", "LDTT"],
        ["gv-2", "LDTT"],
        ["Nguyễn Mẫu, tổ trưởng", "CSTDCS"],
        ["Trần Mẫu, tổ phó", "LDTT"],
        ["Lê Mẫu; tổ Toán", "LDTT"],
        ["Phạm Mẫu, tổ Văn"],
    ]


def test_commas_separate_where_nothing_else_does() -> None:
    assert rows_of('gv-1,LDTT\n"Mẫu, Lan",CSTDCS', 500) == [["gv-1", "LDTT"], ["Mẫu, Lan", "CSTDCS"]]


def test_what_stands_in_quotation_marks_is_one_cell() -> None:
    assert rows_of('"Mẫu; \n""Lan""\tMai";LDTT\ngv-2\tLDTT', 500) == [
        ['Mẫu; \n"Lan"\tMai', "LDTT"],
        ["gv-2", "LDTT"],
    ]
    assert rows_of('Mẫu "Lan";LDTT', 500) == [['Mẫu "Lan"', "LDTT"]]


@pytest.mark.parametrize(
    ("text", "code"), [('"Mẫu;LDTT\ngv-2;LDTT', "no_table"), ("a\n" * 400_000, "too_many_rows")]
)
def test_what_cannot_be_a_list_is_told(text: str, code: str) -> None:
    with pytest.raises(NotReadable) as trouble:
        rows_of(text, 500)
    assert trouble.value.code == code

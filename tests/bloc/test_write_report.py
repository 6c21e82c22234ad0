"""The texts of a bloc's summary report: kept by head or deputy, told in the chain by their hashes alone."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from casework.bloc.write_report import LONGEST, TEXT, texts_of, write_report
from casework.erase import erase_note
from casework.history import ENTRY
from casework.views.bloc_year import year_of
from rules.reasons import Refused
from tests.bloc.stage import Bloc, make_bloc
from tests.build import Office, noon

SCHOOLS = ("th-mot", "th-hai", "th-ba")


@pytest.fixture
def bloc(office: Office) -> Bloc:
    return make_bloc(office, SCHOOLS)


def write(bloc: Bloc, person: str | None = None, key: str | None = None, **texts: str):
    call = bloc.call(person or bloc.head, "2025-06-05", key)
    told = {part.replace("item_", "item.").replace("__", "."): text for part, text in texts.items()}
    return write_report(bloc.database, bloc.code, bloc.year, told, call)


def kept(bloc: Bloc) -> dict[str, str]:
    with bloc.database.read() as connection:
        return texts_of(year_of(connection, bloc.code, bloc.year, noon("2025-06-06")))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_text_is_kept_changed_and_taken_away_and_others_stay(bloc: Bloc):
    bloc.approve()
    write(bloc, plan="Một.", limits="Chậm.", item_1__1="Giữ sĩ số.")
    assert kept(bloc) == {"plan": "Một.", "limits": "Chậm.", "item.1.1": "Giữ sĩ số."}
    write(bloc, plan="Hai.", limits="")
    assert kept(bloc) == {"plan": "Hai.", "item.1.1": "Giữ sĩ số."}
    # The deputy may as well.
    write(bloc, "th-ba.principal", causes="Kiêm nhiệm.")
    assert set(kept(bloc)) == {"plan", "item.1.1", "causes"}


def test_the_chain_has_hashes_and_no_words(bloc: Bloc):
    done = write(bloc, plan="Lời không được vào chuỗi.")
    with bloc.database.read() as connection:
        payload = connection.execute(
            select(ENTRY.c.payload).where(ENTRY.c.subject == done.subject, ENTRY.c.seq == done.seq)
        ).scalar_one()
    told = json.loads(payload)
    assert set(told["text_plan"]) == {"note", "sha256"} and "Lời" not in payload
    erase_note(bloc.database, told["text_plan"]["note"], bloc.call("admin", "2025-06-06"))
    assert kept(bloc) == {}
    write(bloc, plan="Lời mới.")
    assert kept(bloc) == {"plan": "Lời mới."}


def test_every_reason_is_told_at_once_and_nothing_is_kept(bloc: Bloc):
    with pytest.raises(Refused) as refused:
        write(bloc, "th-hai.principal", none="x", plan="y" * (LONGEST + 1), item_1__1="chưa có bảng điểm")
    assert codes(refused)[1:] == ["unknown_report_part", "report_text_too_long", "unknown_report_part"]
    assert bloc.rows(TEXT) == []
    with pytest.raises(Refused) as refused:
        write(bloc, plan="  ")
    assert codes(refused) == ["nothing_new_in_report"]


def test_the_same_request_writes_once(bloc: Bloc):
    first = write(bloc, key="mot-lan", plan="Một.")
    again = write(bloc, key="mot-lan", plan="Một.")
    assert (again.seq, again.replayed) == (first.seq, True)
    assert len(bloc.rows(TEXT)) == 1

"""What is done on a dossier's pages: opinions, votes, reasons, objections, exceptions, corrections, receipts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from casework.inputs import RecoveryInput
from casework.letters.tables import LETTER, OUTBOX
from casework.load import NOMINATION, OPINION
from casework.record_step import subject_of
from tests.build import decision, noon
from tests.web.conftest import Answer, Pages


def opinions(pages: Pages, code: str, desk: str) -> dict[int, tuple[Any, ...]]:
    """(verdict, lower title, votes, members) of a desk, by nomination."""
    with pages.office.database.read() as connection:
        rows = connection.execute(
            select(OPINION).where(
                OPINION.c.dossier_id == pages.office.row(code)["id"],
                OPINION.c.desk == desk,
                OPINION.c.ended_by.is_(None),
            )
        )
        return {r.nomination_id: (r.verdict, r.lower_title, r.votes_for, r.members) for r in rows}


def outcomes(pages: Pages, code: str) -> list[str]:
    """What became of each nomination."""
    with pages.office.database.read() as connection:
        query = select(NOMINATION.c.outcome).where(NOMINATION.c.dossier_id == pages.office.row(code)["id"])
        return list(connection.execute(query.order_by(NOMINATION.c.id)).scalars())


@contextmanager
def statements(pages: Pages) -> Iterator[list[str]]:
    """The SQL statements that are asked meanwhile, of the pages' own database."""
    asked: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    engine = pages.app.state.house.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def do(pages: Pages, who: str, code: str, act: str, **fields: str) -> Answer:
    """Do one of the small acts as somebody."""
    return pages.browser(who).send(f"/dossiers/{code}/acts/{act}", fields)


def with_lower_title(pages: Pages) -> str:
    """A dossier before the school's council in which a fighter and an advanced worker are asked for."""
    code = pages.office.open()
    pages.office.nominate(code, "teacher", title="CSTDCS")
    pages.office.nominate(code, "teacher-2", title="LDTT")
    pages.office.papers(code, "submission_letter", "achievement_report", "council_minutes")
    pages.office.walk(code, "at_school_council")
    return code


# --- The form of a step -------------------------------------------------------------------------------------


def test_a_council_records_votes_and_a_lower_title_and_supports_the_rest(pages: Pages) -> None:
    code = with_lower_title(pages)
    fighter, worker = pages.office.nominations(code)
    pages.stand("2025-05-28")
    council = pages.browser("school-council")
    shown = council.get(f"/dossiers/{code}/steps/record_council")
    assert "đề nghị Lao động tiên tiến (LĐTT)" in shown.text
    assert f'name="lower-{fighter}" value="LDTT"' in shown.html
    assert f'name="lower-{worker}"' not in shown.html
    typed = {
        f"verdict-{fighter}": "lower_title",
        f"lower-{fighter}": "LDTT",
        f"reason-{fighter}": "Chưa có sáng kiến được công nhận.",
        f"votes-{fighter}": "5",
        "support_rest": "yes",
        "votes": "8",
        "members": "9",
    }
    assert council.send(f"/dossiers/{code}/steps/record_council", typed).status == 200
    assert opinions(pages, code, "school_council") == {
        fighter: ("lower_title", "LDTT", 5, 9),
        worker: ("supported", None, 8, 9),
    }
    history = council.get(f"/dossiers/{code}").text
    assert "Ý kiến về 2 đề cử: đề nghị thấp hơn 1, ủng hộ 1" in history
    assert (
        "Hội đồng thi đua - khen thưởng của trường: đề nghị Lao động tiên tiến (LĐTT) · 5/9 phiếu" in history
    )


def test_a_lower_title_that_stands_beside_another_choice_is_not_sent_along(pages: Pages) -> None:
    code = with_lower_title(pages)
    fighter, _ = pages.office.nominations(code)
    pages.stand("2025-05-28")
    typed = {f"verdict-{fighter}": "supported", f"lower-{fighter}": "LDTT", "support_rest": "yes"}
    assert pages.browser("school-council").send(f"/dossiers/{code}/steps/record_council", typed).status == 200
    assert opinions(pages, code, "school_council")[fighter] == ("supported", None, None, None)


@pytest.mark.parametrize(
    "typed",
    [{"votes": "8"}, {"members": "9"}, {"votes": "8", "members": "chín"}, {"votes": "10", "members": "9"}],
)
def test_votes_that_say_nothing_are_pointed_at_and_none_is_dropped_in_silence(
    pages: Pages, typed: dict[str, str]
) -> None:
    code = pages.office.dossier_at("at_school_council")
    pages.stand("2025-05-28")
    council = pages.browser("school-council")
    refused = council.send(f"/dossiers/{code}/steps/record_council", {"support_rest": "yes", **typed})
    assert refused.status == 409
    assert 'aria-invalid="true"' in refused.html
    assert opinions(pages, code, "school_council") == {}


def test_an_opinion_against_without_a_reason_is_pointed_at_in_its_own_row(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    first, second = pages.office.nominations(code)
    typed = {f"verdict-{first}": "not_supported", "support_rest": "yes", f"reason-{second}": "khỏi mất"}
    refused = pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", typed)
    assert refused.status == 409
    assert f'id="reason-{first}-fault"' in refused.html
    assert f'id="reason-{second}-fault"' not in refused.html
    assert 'value="not_supported" checked' in refused.html
    assert 'value="khỏi mất"' in refused.html
    assert "còn 1 mục cần xem lại" in refused.text


def test_reasons_of_one_kind_for_many_nominations_are_one_line_with_a_count(pages: Pages) -> None:
    people = ("teacher", "teacher-2", "principal", "clerk", "school-council", "bloc-deputy")
    code = pages.office.dossier_at("at_education_office", "local", *people)
    refused = pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", {})
    assert refused.status == 409
    assert "và 5 điều cùng loại" in refused.text
    assert refused.html.count("Chưa có ý kiến của nơi xử lý") == 6


def test_a_button_that_cannot_be_pressed_says_why_beside_it(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    shown = pages.browser("appraiser").get(f"/dossiers/{code}/steps/withdraw")
    assert '<button disabled aria-describedby="why-not">Rút hồ sơ</button>' in shown.html
    (why,) = re.findall(r'id="why-not">([^<]+)<', shown.html)
    assert "Việc này thuộc nhiệm vụ" in why


def test_a_return_says_first_which_papers_and_nominations_it_is_about(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    first, _ = pages.office.nominations(code)
    appraiser = pages.browser("appraiser")
    shown = appraiser.get(f"/dossiers/{code}/steps/return")
    (paper, *_) = re.findall(r'name="pin_paper" value="(\d+)"', shown.html)
    typed = {
        "pin_paper": paper,
        "pin_nomination": str(first),
        "common": "Tờ trình chưa ký, chưa đóng dấu.",
        "reason": "Xin nộp lại trước thứ Sáu.",
    }
    assert appraiser.send(f"/dossiers/{code}/steps/return", typed).status == 200
    seen = pages.browser("clerk").get(f"/dossiers/{code}")
    told = (
        "Giấy tờ: Tờ trình “submission_letter.pdf”.\n"
        f"Đề cử: {first} (Người teacher, Lao động tiên tiến (LĐTT)).\n"
        "Tờ trình chưa ký, chưa đóng dấu.\nXin nộp lại trước thứ Sáu."
    )
    assert told in seen.html


def test_what_is_pinned_without_a_word_is_no_reason(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    first, _ = pages.office.nominations(code)
    refused = pages.browser("appraiser").send(
        f"/dossiers/{code}/steps/return", {"pin_nomination": str(first)}
    )
    assert refused.status == 409
    assert 'id="reason-fault"' in refused.html
    assert f'name="pin_nomination" value="{first}" checked' in refused.html
    assert pages.office.row(code)["state"] == "at_education_office"


def test_nothing_of_another_dossier_can_be_pinned(pages: Pages) -> None:
    code, other = pages.office.dossier_at("at_education_office"), pages.office.open("province")
    (strange,) = pages.office.nominate(other, "principal", title="BKT-TX")
    typed = {"pin_nomination": str(strange), "reason": "Xem lại"}
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/return", typed)
    assert (
        "Người principal" not in pages.browser("clerk").get(f"/dossiers/{code}").text.rpartition("Lịch sử")[2]
    )


def test_a_decision_leaves_out_whom_the_chairman_ticks(pages: Pages) -> None:
    code = pages.office.dossier_at("at_local_decision")
    first, _ = pages.office.nominations(code)
    pages.stand("2025-07-25")
    typed = {"refuse": str(first), "number": "12/QĐ-UBND", "day": "25/07/2025", "signatory": "Người ký Mẫu"}
    assert pages.browser("chairman").send(f"/dossiers/{code}/steps/decide", typed).status == 200
    assert outcomes(pages, code) == ["not_awarded", "awarded"]


def test_a_decision_in_the_future_is_pointed_at_beside_its_day(pages: Pages) -> None:
    code = pages.office.dossier_at("at_local_decision")
    pages.stand("2025-07-25")
    typed = {"number": "12/QĐ-UBND", "day": "26/07/2025", "signatory": "Người ký Mẫu"}
    refused = pages.browser("chairman").send(f"/dossiers/{code}/steps/decide", typed)
    assert refused.status == 409
    assert 'id="day-fault"' in refused.html
    assert 'value="26/07/2025"' in refused.html


# --- Acts beside the steps ----------------------------------------------------------------------------------


def test_an_opinion_given_ahead_stays_when_the_dossier_passes_on(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    first, second = pages.office.nominations(code)
    typed = {f"verdict-{first}": "not_supported", f"reason-{first}": "Chưa đủ thời gian."}
    done = do(pages, "appraiser", code, "give_opinion", **typed)
    assert (done.status, pages.office.row(code)["state"]) == (200, "at_education_office")
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    assert opinions(pages, code, "education_office") == {
        first: ("not_supported", None, None, None),
        second: ("supported", None, None, None),
    }


def test_the_school_takes_a_nomination_back_and_it_stays_to_be_seen(pages: Pages) -> None:
    code = pages.office.open()
    first, _ = pages.office.nominate(code, "teacher", "teacher-2")
    assert do(pages, "clerk", code, "strike", nomination=str(first)).status == 200
    shown = pages.browser("clerk").get(f"/dossiers/{code}")
    assert outcomes(pages, code) == ["struck", "open"]
    assert "trường đã rút" in shown.text
    assert f"{first} (Người teacher, Lao động tiên tiến (LĐTT))" in shown.text
    nothing = do(pages, "clerk", code, "strike")
    assert nothing.status == 409


def test_an_objection_is_received_holds_the_dossier_and_is_settled_in_words(pages: Pages) -> None:
    code = pages.office.dossier_at("filed")
    first, _ = pages.office.nominations(code)
    pages.stand("2025-07-10")
    said = "Thành tích <script>alert(1)</script> không đúng"
    done = do(pages, "reviewer", code, "receive_objection", nomination=str(first), reason=said)
    assert done.status == 200
    assert "Còn 1 kiến nghị chưa giải quyết" in done.text
    assert "<script>alert" not in done.html
    empty = do(pages, "reviewer", code, "settle_objections", reason=" ")
    assert empty.status == 409
    settled = do(pages, "reviewer", code, "settle_objections", reason="Đã xác minh: đúng.")
    assert settled.status == 200
    assert "Đã xác minh: đúng." in settled.text
    assert "chưa giải quyết" not in settled.text.rpartition("Lịch sử")[0]


def test_a_chair_makes_an_exception_that_everybody_sees_and_others_make_none(pages: Pages) -> None:
    code = pages.office.dossier_at("at_local_council")
    pages.stand("2025-07-18")
    typed = {"person": "reviewer", "desk": "local_decision", "reason": "Chỉ có một người."}
    refused = do(pages, "council-secretary", code, "except_from_separation", **typed)
    assert refused.status == 409
    assert "Việc này thuộc nhiệm vụ" in refused.text
    unknown = do(pages, "council-chair", code, "except_from_separation", **typed | {"person": "nobody"})
    assert unknown.status == 409
    assert 'id="person-fault"' in unknown.html
    done = do(pages, "council-chair", code, "except_from_separation", **typed)
    assert done.status == 200
    assert "Người reviewer được xử lý tại Chủ tịch Ủy ban nhân dân huyện" in done.text


def test_the_bloc_corrects_a_score_and_the_former_one_stays_in_the_history(pages: Pages) -> None:
    code = pages.office.dossier_at("completing")
    pages.stand("2025-05-24")
    form = pages.browser("bloc-head").get(f"/dossiers/{code}/acts/correct_score")
    assert 'value="912,50"' in form.html
    wrong = do(pages, "bloc-head", code, "correct_score", points="99999", rank="2", reason="Cộng sót.")
    assert wrong.status == 409
    assert 'id="points-fault"' in wrong.html
    done = do(pages, "bloc-head", code, "correct_score", points="920,5", rank="2", reason="Cộng sót.")
    assert done.status == 200
    assert "920,5 điểm, hạng 2; trước đó 912,50 điểm, hạng 1" in done.text


def test_a_recovery_is_settled_by_those_who_demanded_it(pages: Pages) -> None:
    code = pages.office.dossier_at("decided")
    what = {"recovery": RecoveryInput(2_340_000, "Giấy chứng nhận"), "reason": "Khai sai"}
    made = decision("200/QĐ-UBND", "2026-01-10")
    pages.office.step(code, "revoke", "chairman", "2026-01-12", decision=made, **what)
    pages.stand("2026-02-01")
    shown = pages.browser("chairman").get(f"/dossiers/{code}")
    assert "2.340.000 đ; hiện vật: Giấy chứng nhận" in shown.text
    assert f'href="/dossiers/{code}/acts/settle_recovery"' in shown.html
    assert (
        f'href="/dossiers/{code}/acts/settle_recovery"'
        not in pages.browser("clerk").get(f"/dossiers/{code}").html
    )
    early = do(pages, "chairman", code, "settle_recovery", day="01/01/2026", reason="Đã nộp.")
    assert early.status == 409
    assert 'id="day-fault"' in early.html
    done = do(pages, "chairman", code, "settle_recovery", day="31/01/2026", reason="Đã nộp kho bạc.")
    assert "đã xong ngày 31/01/2026" in done.text


def test_passing_on_is_for_administrators_and_only_where_an_office_has_ended(pages: Pages) -> None:
    code = pages.office.dossier_at("filed")
    for person, told in (("admin", "vẫn đang hoạt động"), ("reviewer", "quản trị viên")):
        refused = do(pages, person, code, "pass_on")
        assert refused.status == 409
        assert told in refused.text


def test_an_act_that_there_is_not_or_on_a_dossier_that_one_may_not_see_is_no_page(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    appraiser = pages.browser("appraiser")
    assert appraiser.get(f"/dossiers/{code}/acts/rubbish").status == 404
    assert pages.browser("reviewer").get(f"/dossiers/{code}/acts/strike").status == 404
    token = re.search(r'name="csrf" value="([^"]+)"', pages.browser("reviewer").get("/").html)
    assert token is not None


def test_an_act_sent_from_an_older_page_says_who_was_faster(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    slow = pages.browser("appraiser-2")
    page = slow.get(f"/dossiers/{code}/acts/receive_objection").html
    hidden = dict(re.findall(r'name="(csrf|key|version)" value="([^"]*)"', page))
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    refused = slow.client.post(
        f"/dossiers/{code}/acts/receive_objection", data=hidden | {"reason": "Không đúng"}
    )
    assert refused.status_code == 409
    assert "Người appraiser" in refused.text
    assert "Không đúng" in refused.text


# --- What the page shows ------------------------------------------------------------------------------------


def test_the_receipt_of_an_act_names_who_when_and_the_papers_of_that_moment(pages: Pages) -> None:
    code = pages.office.dossier_at("ready")
    pages.stand("2025-06-05")
    clerk = pages.browser("clerk")
    done = clerk.send(f"/dossiers/{code}/steps/hand_in")
    (way,) = set(
        re.findall(rf'href="(/dossiers/{code}/receipts/{pages.office.row(code)["version"]})"', done.html)
    )
    receipt = clerk.get(way)
    assert "Người clerk (clerk)" in receipt.text
    assert "05/06/2025 12:00" in receipt.text
    assert pages.office.row(code)["head_hash"] in receipt.text
    for sha256 in set(re.findall(r"[0-9a-f]{64}", done.html.split('id="papers"')[1].split("</section>")[0])):
        assert sha256 in receipt.text
    assert clerk.get(f"/dossiers/{code}/receipts/999").status == 404
    assert clerk.get(f"/dossiers/{code}/receipts/{10**30}").status == 404
    assert pages.browser("reviewer").get(way).status == 404


def test_what_came_after_ones_own_last_act_is_marked_as_new(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    own = pages.office.row(code)["version"]
    assert "Từ việc gần nhất" not in pages.browser("clerk").get(f"/dossiers/{code}").text
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/return", {"reason": "Thiếu biên bản"})
    clerk = pages.browser("clerk").get(f"/dossiers/{code}")
    assert f"Từ việc gần nhất của Ông/Bà (mục {own}) đã có thêm 1 thay đổi" in clerk.text
    assert clerk.html.count('class="stamp new"') == 1
    # Somebody who never acted is not told that everything is new; a list may say since when.
    principal = pages.browser("principal")
    assert "stamp new" not in principal.get(f"/dossiers/{code}").html
    assert principal.get(f"/dossiers/{code}?since={own - 1}").html.count('class="stamp new"') == 2


def test_everybody_sees_the_letters_to_themselves_and_administrators_all(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    subject = subject_of(pages.office.row(code)["id"])
    with pages.office.database.write() as connection:
        for number, person in enumerate(("clerk", "appraiser"), 1):
            row = {"person_id": pages.office.people[person], "kind": "ready", "day": date(2025, 6, number)}
            at = {"queued_at": noon("2025-06-01"), "not_before": noon("2025-06-01")}
            made = connection.execute(insert(LETTER), row | at)
            item = {
                "key": f"k-{number}",
                "kind": "ready",
                "person_id": row["person_id"],
                "subject": subject,
                "facts": {},
                "standing": "sent",
                "queued_at": noon("2025-06-01"),
                "ready_at": noon("2025-06-01"),
                "letter_id": made.inserted_primary_key[0],
            }
            connection.execute(insert(OUTBOX), item)
    mine = pages.browser("clerk").get(f"/dossiers/{code}").text
    assert "ngày 01/06/2025" in mine
    assert "ngày 02/06/2025" not in mine
    everything = pages.browser("admin").get(f"/dossiers/{code}").text
    assert "ngày 01/06/2025" in everything
    assert "ngày 02/06/2025" in everything


def test_a_foundation_in_another_dossier_is_named_and_linked_for_those_who_may_see_it(pages: Pages) -> None:
    local = pages.office.open()
    (base,) = pages.office.nominate(local, "teacher", title="CSTDCS")
    higher = pages.office.open("province")
    (on_it,) = pages.office.nominate(higher, "teacher", title="CSTDT")
    with pages.office.database.write() as connection:
        connection.execute(update(NOMINATION).where(NOMINATION.c.id == on_it).values(rests_on_id=base))
    shown = pages.browser("clerk").get(f"/dossiers/{higher}")
    assert f"Dựa vào Chiến sĩ thi đua cơ sở (CSTĐCS) ở hồ sơ {local}" in shown.text
    assert f'href="/dossiers/{local}"' in shown.html


def test_the_history_says_who_did_what_for_whom_and_by_which_door(pages: Pages) -> None:
    code = pages.office.dossier_at("at_education_office")
    pages.browser("appraiser").send(f"/dossiers/{code}/steps/appraise", {"support_rest": "yes"})
    history = pages.browser("appraiser").get(f"/dossiers/{code}").text.rpartition("Lịch sử")[2]
    assert "Người appraiser : thẩm định → Chờ nộp trực tuyến qua trang" in history
    assert "912,50 điểm, hạng 1" in history
    assert "Người teacher (teacher), Lao động tiên tiến (LĐTT)" in history


def test_the_statements_of_a_dossiers_pages_do_not_grow_with_what_is_in_it(pages: Pages) -> None:
    people = ("teacher", "teacher-2", "principal", "clerk", "school-council", "bloc-deputy")
    few = pages.office.dossier_at("at_education_office", "local", "teacher")
    counts = []
    for number, code in enumerate((few, pages.office.dossier_at("at_education_office", "local", *people))):
        for day in ("2025-06-06", "2025-06-07")[: number + 1]:
            pages.office.step(code, "return", "appraiser", day, reason="Thiếu")
            pages.office.step(code, "resubmit", "clerk", day)
        browser = pages.browser("appraiser")
        for path in ("", "/steps/appraise", "/acts/give_opinion", "/receipts/2"):
            browser.get(f"/dossiers/{code}{path}")
            with statements(pages) as asked:
                assert browser.get(f"/dossiers/{code}{path}").status == 200
            counts.append((number, path, len(asked)))
    half = len(counts) // 2
    assert [count for _, _, count in counts[:half]] == [count for _, _, count in counts[half:]], counts


def test_a_score_is_asked_for_with_a_comma_and_kept(pages: Pages) -> None:
    code = pages.office.dossier_at("at_bloc")
    pages.stand("2025-05-20")
    done = pages.browser("bloc-head").send(
        f"/dossiers/{code}/steps/record_score", {"points": "912,50", "rank": "1"}
    )
    assert done.status == 200
    assert "912,50 điểm, hạng 1" in done.text

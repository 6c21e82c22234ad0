"""The pages of a bloc's year, from the covenant to the report: who is offered what, and what each act leaves behind."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from casework.bloc.settle import MeetingWord
from casework.bloc.sign_covenant import Signing, sign_covenant
from models.bloc_report import BlocReportText
from models.bloc_year import BlocCard, BlocCertificate, BlocLead, BlocMeeting, BlocProposal, CovenantSignature
from models.outbox import OutboxItem
from models.score_sheet import BlocLeaver, SheetLine
from published.scorecards import read_scorecard
from tests.bloc.stage import CARDS, COLLEGE, SHEET, YEAR, Bloc, all_of, make_bloc
from tests.documents.paper_bytes import pdf
from tests.web.conftest import Browser, Pages

SCHOOLS = ("th-mot", "th-hai", "th-ba", "th-bon", "th-nam")
PATH = f"/blocs/khoi-thu/year/{YEAR}"
WORTH = dict(zip(SCHOOLS, ("0.9", "0.85", "0.8", "0.75", "0.7"), strict=True))


@pytest.fixture
def bloc(pages: Pages) -> Bloc:
    pages.stand("2025-05-20")
    return make_bloc(pages.office, SCHOOLS)


def rows(bloc: Bloc, table: Any) -> list[dict[str, Any]]:
    return bloc.rows(table.__table__)


def sheet_path(bloc: Bloc, scorer: str, scored: str) -> str:
    query = select(SHEET.c.id).where(
        SHEET.c.scorer_id == bloc.id(scorer), SHEET.c.scored_id == bloc.id(scored)
    )
    with bloc.database.read() as connection:
        return f"{PATH}/sheets/{connection.execute(query).scalar_one()}"


def others_of(bloc: Bloc, scorer: str) -> list[str]:
    return [scored for one, scored in bloc.pairs() if one == scorer and scored != scorer]


def fields(share: str = "0.9", **other: str) -> dict[str, str]:
    return {f"p-{item}": points.replace(".", ",") for item, points in all_of(COLLEGE, share).items()} | other


def scored_all(bloc: Bloc, worth: dict[str, str] | None = None) -> None:
    for scorer, scored in bloc.pairs("open"):
        bloc.score(scorer, scored, all_of(COLLEGE, (worth or WORTH)[scored]))


def settled(bloc: Bloc, *words: MeetingWord, worth: dict[str, str] | None = None) -> None:
    bloc.approve()
    bloc.draw()
    scored_all(bloc, worth)
    bloc.meet(day="2025-05-20")
    bloc.settle(*words)


def act(browser: Browser, name: str, filled: dict[str, Any], **options: Any) -> Any:
    return browser.send(f"{PATH}/acts/{name}", filled, **options)


def test_the_year_goes_from_the_first_meeting_to_the_hand_over_by_its_pages(pages: Pages, bloc: Bloc) -> None:
    head = pages.browser(bloc.head)
    page = head.get(PATH)
    assert "Họp giao ban đầu năm và ký giao ước" in page.text
    assert page.html.count(f'action="{PATH}/acts/') == 1
    meeting = {
        "kind": "covenant",
        "held_on": "10/10/2024",
        "place": "Trường Một",
        "chair": bloc.head,
        "secretary": "th-mot.clerk",
    }
    files = {"paper": ("Biên bản.pdf", pdf("họp"), "application/pdf")}
    page = act(head, "hold_meeting", meeting, page=PATH, files=files)
    assert (page.status, page.path) == (200, PATH) and 'class="done"' in page.html
    assert [row["kind"] for row in rows(bloc, BlocMeeting)] == ["covenant"]
    minutes = re.search(rf'href="({PATH}/papers/minutes/\d+)"', page.html)
    assert minutes is not None and head.client.get(minutes[1]).content == pdf("họp")

    # The card is next: it is seen before it is approved.
    assert "Bảng điểm thi đua khối các trường cao đẳng" in page.text and "Tuyển sinh, đào tạo" in page.text
    act(head, "approve_card", {"card": "cao-dang-2021"}, page=PATH)
    assert len(rows(bloc, BlocCard)) == 1
    act(head, "assign_scoring", {"seed": "17"}, page=PATH)
    assert len(bloc.pairs()) == 15
    page = head.get(PATH)
    assert "Các trường nộp phiếu chấm (0/15 phiếu đã nộp)" in page.text
    scored_all(bloc)
    scoring = meeting | {"kind": "scoring", "held_on": "20/05/2025"}
    assert "Họp chấm điểm và ghi lại cuộc họp" in head.get(PATH).text
    act(head, "hold_meeting", scoring, page=PATH)
    page = act(head, "settle_scores", {"words": "3"}, page=PATH)
    assert "Đề nghị khen thưởng theo xếp hạng" in page.text
    act(head, "propose_prizes", {}, page=PATH)
    assert [row["rank"] for row in rows(bloc, BlocProposal)] == [1, 2, 3]
    page = act(head, "hand_over", {"deputy": "th-hai", "since": "01/09/2025"}, page=PATH)
    assert len(rows(bloc, BlocLead)) == 1
    assert "Năm thi đua của khối đã xong" in page.text


def test_a_principal_signs_for_her_own_school_and_the_head_sees_who_has_not(pages: Pages, bloc: Bloc) -> None:
    principal = pages.browser("th-hai.principal")
    page = principal.get(PATH)
    assert "Trường th-hai ký giao ước thi đua của khối." in page.text
    act(principal, "sign_covenant", {"school": "th-hai", "signed_on": "20/05/2025"}, page=PATH)
    (row,) = rows(bloc, CovenantSignature)
    assert (row["school_id"], row["paper_sha256"]) == (bloc.id("th-hai"), None)
    head = pages.browser(bloc.head)
    page = head.get(PATH)
    assert page.html.count('<span class="stamp not-met">chưa ký') == 4
    # Another school's signature needs the paper.
    page = act(head, "sign_covenant", {"school": "th-ba", "signed_on": "20/05/2025"})
    assert page.status == 409 and "cần kèm bản giao ước" in page.text
    files = {"paper": ("Giao ước.pdf", pdf("giao ước"), "application/pdf")}
    page = act(head, "sign_covenant", {"school": "th-ba", "signed_on": "20/05/2025"}, files=files)
    assert page.path == PATH and len(rows(bloc, CovenantSignature)) == 2
    assert "/papers/covenant/" in page.html


def test_a_year_is_seen_by_its_schools_and_from_above_and_by_nobody_else(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    for person, status in (
        ("th-ba.clerk", 200),
        ("th-ba.principal", 200),
        ("appraiser", 200),
        ("admin", 200),
        ("clerk", 404),
        ("bloc-head", 404),
        ("teacher", 404),
    ):
        for part in ("", "/matrix", "/matrix.csv", "/report", "/acts/hold_meeting"):
            assert pages.browser(person).get(PATH + part).status == status, (person, part)
    head = pages.browser(bloc.head)
    for path in ("/blocs/khoi-thu/year/2024-2026", "/blocs/none/year/2024-2025", f"{PATH}/acts/none"):
        assert head.get(path).status == 404, path


def test_who_may_not_do_an_act_is_told_why_and_gets_no_form(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    clerk = pages.browser("th-ba.clerk")
    for name in ("hold_meeting", "approve_card", "assign_scoring", "settle_scores", "hand_over", "certify"):
        page = clerk.get(f"{PATH}/acts/{name}")
        assert "Người th-ba" not in page.text.replace("Người th-ba.clerk", "")
        assert f'action="{PATH}/acts/' not in page.html and 'id="in-the-way"' in page.html, name
    before = bloc.rows(BlocMeeting.__table__)
    page = clerk.send(f"{PATH}/acts/leave_out", {"school": "th-hai", "reason": "thử"})
    assert page.status == 409 and rows(bloc, BlocLeaver) == []
    assert bloc.rows(BlocMeeting.__table__) == before


def test_a_sheet_is_filed_with_notes_and_evidence_and_filed_anew(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    clerk = pages.browser("th-ba.clerk")
    own = sheet_path(bloc, "th-ba", "th-ba")
    page = clerk.get(PATH)
    assert "Chấm phiếu (còn 3)" in page.text and own in page.html
    assert "Trường th-ba tự chấm" in clerk.get(own).text
    files = {"paper": ("Minh chứng.pdf", pdf("minh chứng"), "application/pdf")}
    page = clerk.send(own, fields(note="Đã họp.", **{"n-1.1": "Có quyết định."}), files=files)
    assert page.path == own and "Bản 1, nộp lúc" in page.text and "90 điểm" in page.text
    assert "Chấm phiếu tiếp theo (còn 2)" in page.text
    assert "Có quyết định." in page.html and "Đã họp." in page.html and 'value="36"' in page.html
    evidence = re.search(rf'href="({PATH}/papers/evidence/\d+)"', page.html)
    assert evidence is not None and clerk.client.get(evidence[1]).content == pdf("minh chứng")
    # Whoever may not read the sheet gets no evidence of it either.
    assert pages.browser("th-hai.clerk").get(evidence[1]).status == 404
    page = clerk.send(own, fields("0.5"))
    assert "Bản 2" in page.text and len(rows(bloc, SheetLine)) == 4


def test_every_fault_of_a_sheet_stands_at_its_field_and_what_was_typed_stays(
    pages: Pages, bloc: Bloc
) -> None:
    bloc.approve()
    bloc.draw()
    clerk = pages.browser("th-ba.clerk")
    own = sheet_path(bloc, "th-ba", "th-ba")
    page = clerk.send(own, {"p-1.1": "nhiều", "p-1.2": "20", "p-2.1": "", "p-3.1": "5", "n-1.2": "giữ lại"})
    assert page.status == 409 and rows(bloc, SheetLine) == []
    assert 'id="p-1.1-fault"' in page.html and 'id="p-2.1-fault"' in page.html
    assert 'id="p-1.2-fault"' not in page.html and 'value="nhiều"' in page.html and "giữ lại" in page.html
    page = clerk.send(own, fields() | {"p-1.1": "41", "p-3.1": "1,234"})
    assert page.status == 409 and page.html.count('aria-invalid="true"') == 2
    assert page.text.count("41 điểm vượt điểm tối đa 40") == 2
    assert "1,234 có hơn hai chữ số thập phân" in page.text


def test_others_sheets_are_not_there_until_ones_own_are_done(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    about = next(pair for pair in bloc.pairs() if pair[1] == "th-ba" and pair[0] != "th-ba")
    bloc.score(*about, all_of(COLLEGE, "0.83"))
    clerk, theirs = pages.browser("th-ba.clerk"), sheet_path(bloc, *about)
    assert clerk.get(theirs).status == 404
    assert "(còn 3)" in clerk.get(PATH).text and "xem được khi trường Ông/Bà đã nộp" in clerk.get(PATH).text
    page = clerk.get(f"{PATH}/matrix")
    assert theirs not in page.html and ">83<" not in page.html and "chưa được xem" in page.text
    assert "83" not in clerk.get(f"{PATH}/matrix.csv").text
    clerk.send(sheet_path(bloc, "th-ba", "th-ba"), fields())
    one, other = others_of(bloc, "th-ba")
    clerk.send(sheet_path(bloc, "th-ba", one), fields())
    path = sheet_path(bloc, "th-ba", other)
    page = clerk.send(f"{path}/decline", {"reason": "Người thân là hiệu trưởng."}, page=path)
    assert page.path == path and "từ chối" in page.text and "Người thân là hiệu trưởng." in page.text
    assert clerk.get(theirs).status == 200
    assert ">83<" in clerk.get(f"{PATH}/matrix").html


def test_an_administrator_reads_a_sheet_before_anything_is_settled(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    page = pages.browser("admin").get(sheet_path(bloc, *sorted(bloc.pairs())[0]))
    assert page.status == 200 and 'name="p-' not in page.html


def test_a_school_that_does_not_answer_is_declined_for_and_another_scores(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    head = pages.browser(bloc.head)
    scorer = "th-hai"
    scored = others_of(bloc, scorer)[0]
    page = act(head, "decline_sheet", {"sheet": f"{scorer}|{scored}", "reason": "Không trả lời."})
    assert page.path == PATH and (scorer, scored) in bloc.pairs("declined")
    page = head.get(f"{PATH}/acts/assign_again")
    assert "Trường th-hai đã từ chối chấm" in page.text
    free = next(s for s in SCHOOLS if s != scored and (s, scored) not in bloc.pairs())
    act(head, "assign_again", {"scorer": free, "scored": scored})
    assert (free, scored) in bloc.pairs("open")
    page = act(head, "leave_out", {"school": "th-nam", "reason": "Sáp nhập."})
    assert "không xếp hạng từ" in page.text and len(rows(bloc, BlocLeaver)) == 1


def test_the_meetings_words_are_given_with_reasons_and_all_faults_are_told(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    scored_all(bloc)
    bloc.meet()
    head = pages.browser(bloc.head)
    word = {"words": "3", "school-0": "th-nam", "item-0": "1.1", "points-0": "40"}
    page = act(head, "settle_scores", word)
    assert page.status == 409 and 'id="reason-0-fault"' in page.html
    page = act(head, "settle_scores", word | {"points-0": "50", "reason-0": "Xem lại minh chứng."})
    assert page.status == 409 and "vượt điểm tối đa 40" in page.text
    act(head, "settle_scores", word | {"reason-0": "Xem lại minh chứng."})
    page = head.get(f"{PATH}/matrix")
    assert "Trường th-nam, tiêu chí 1.1: 40 điểm." in page.text and "Xem lại minh chứng." in page.text


def test_the_matrix_shows_all_after_settling_with_a_picture_a_file_and_why_ties_fell(
    pages: Pages, bloc: Bloc
) -> None:
    even = dict.fromkeys(SCHOOLS, "0.8")
    word = (
        MeetingWord("th-hai", "1.1", Decimal(33), "Giải cấp tỉnh."),
        MeetingWord("th-hai", "2.1", Decimal(15), "Hồ sơ chậm."),
    )
    settled(bloc, *word, worth=even)
    page = pages.browser("appraiser").get(f"{PATH}/matrix")
    assert page.status == 200
    assert "Trường th-hai và Trường th-mot cùng 80 điểm. Trường th-hai xếp trên vì nội dung" in page.text
    assert "cao hơn: 49 so với 48" in page.text
    assert "bằng nhau cả ở ND1, ND3, nên cùng hạng 2." in page.text
    assert 'id="ranking-broad-title"' in page.html and 'id="ranking-narrow-title"' in page.html
    answer = pages.browser("th-ba.clerk").get(f"{PATH}/matrix.csv")
    lines = answer.html.lstrip("\ufeff").splitlines()
    assert len(lines) == 6 and lines[0].startswith("Trường,Mã,Tự chấm")
    assert answer.headers["content-disposition"].endswith('khoi-thu-2024-2025.csv"')
    assert sum("80" in line for line in lines[1:]) == 5


def test_the_ledger_of_certificates_has_a_sum_and_refuses_all_or_none(pages: Pages, bloc: Bloc) -> None:
    settled(bloc)
    head = pages.browser(bloc.head)
    page = act(head, "certify", {"people": "th-hai.clerk, không-có", "given_on": "20/05/2025"})
    assert page.status == 409 and rows(bloc, BlocCertificate) == []
    filled = {"people": "th-hai.clerk\nth-ba.clerk", "school": "th-bon", "given_on": "20/05/2025"}
    page = act(head, "certify", filled)
    assert "3 giấy khen, tổng số tiền 900.000 đ." in page.text


def test_the_report_takes_its_figures_from_the_year_and_its_texts_from_the_head(
    pages: Pages, bloc: Bloc
) -> None:
    settled(bloc)
    signing = Signing(bloc.code, bloc.year, "th-hai", date(2024, 10, 28))
    sign_covenant(bloc.database, None, signing, bloc.call("th-hai.principal", "2024-10-28"))
    head, path = pages.browser(bloc.head), f"{PATH}/report"
    page = head.get(path)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Số trường đã ký giao ước thi đua: 1 trên 5.",
        "32 trên 40 điểm (80%);",
        "1/5 trường đạt từ 90% trở lên",
        "KHỐI TRƯỞNG",
        "Người th-mot.principal",
    ):
        assert words in page.text, words
    assert "Phần II" not in page.text and "Nguyên nhân" not in page.text.split("KHỐI THỬ")[-1]
    typed = {"number": "05/BC-KT", "place": "Xã Mẫu", "dated": "05/02/2025", "plan": "Một.\nHai."}
    page = head.send(path, typed | {"item.1.1": "Các trường giữ sĩ số."})
    assert page.path == path and 'class="done"' in page.html
    for words in ("Số: 05/BC-KT", "Xã Mẫu, ngày 05 tháng 02 năm 2025", "Phần II", "Các trường giữ sĩ số."):
        assert words in page.text, words
    assert "<p>Một.</p>" in page.html and len(rows(bloc, BlocReportText)) == 5
    page = head.send(path, {"plan": "", "dated": "2025-06-20"})
    assert "Phần II" not in page.text and "ngày 20 tháng 6 năm 2025" in page.text
    assert head.send(path, {"dated": "hôm qua"}).status == 409
    assert "chưa có gì thay đổi" in head.send(path, {"number": "05/BC-KT"}).text
    clerk = pages.browser("th-ba.clerk")
    assert "Soạn phần lời" not in clerk.get(path).text
    assert clerk.send(path, {"number": "06/BC-KT"}).status == 409
    assert clerk.get(path).status == 200


def test_a_report_before_settling_says_that_results_will_come(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    page = pages.browser(bloc.head).get(f"{PATH}/report")
    assert page.status == 200 and "Khối chưa chốt điểm" in page.text
    assert "KẾT QUẢ THEO TỪNG NỘI DUNG" not in page.text


def test_today_and_the_school_say_which_sheets_wait_and_lead_there(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    clerk = pages.browser("th-ba.clerk")
    own = sheet_path(bloc, "th-ba", "th-ba")
    for path in ("/", "/schools/th-ba"):
        page = clerk.get(path)
        assert own in page.html and "Phiếu chấm chờ nộp: 3" in page.text, path
        assert page.text.count("thứ Bảy 31/05/2025") >= 3, path
    assert f'href="{PATH}"' in clerk.get("/schools/th-ba").html
    clerk.send(own, fields())
    assert own not in clerk.get("/").html
    # Whoever sees the school from above owes no sheet.
    assert "Phiếu chấm chờ nộp" not in pages.browser("appraiser").get("/schools/th-ba").text


def test_letters_of_sheets_and_of_the_ranking_lead_to_these_pages(pages: Pages, bloc: Bloc) -> None:
    settled(bloc)
    items = OutboxItem.__table__
    with bloc.database.read() as connection:
        found = connection.execute(select(items.c.kind, items.c.facts)).all()
    paths = {(row.kind, row.facts["path"]) for row in found if row.kind in ("sheet_waits", "ranking")}
    assert paths == {("sheet_waits", PATH), ("ranking", f"{PATH}/matrix")}
    for _, path in paths:
        assert pages.browser("th-ba.clerk").get(path).status == 200


def test_pages_of_a_larger_bloc_ask_the_database_no_more_often(pages: Pages, bloc: Bloc) -> None:
    head, counted = pages.browser(bloc.head), []
    engine = pages.app.state.house.database.engine
    settled(bloc)
    event.listen(engine, "before_cursor_execute", lambda *args: counted.append(args[2]))

    def asked(year: str) -> dict[str, int]:
        found = {}
        for part in ("", "/matrix", "/matrix.csv", "/report", "/acts/certify", "/acts/settle_scores"):
            path = f"/blocs/khoi-thu/year/{year}{part}"
            head.get(path)
            counted.clear()
            assert head.get(path).status == 200
            found[part] = len(counted)
        return found

    few = asked(YEAR)
    for number in range(4):
        bloc.add_school(f"th-them-{number}")
    bloc.year = "2023-2024"
    settled(bloc, worth=WORTH | {f"th-them-{n}": "0.6" for n in range(4)})
    many = asked("2023-2024")
    assert {part: count for part, count in many.items() if count > few[part]} == {}


def test_hints_are_for_those_who_lead_and_for_the_office_after_settling_alone(
    pages: Pages, bloc: Bloc
) -> None:
    bloc.approve()
    bloc.draw()
    scored_all(bloc)
    bloc.meet()
    path = f"{PATH}/matrix"
    assert "Gợi ý xem lại" not in pages.browser(bloc.head).get(path).text
    bloc.settle()
    for person, sees in (
        (bloc.head, True),
        ("th-nam.principal", True),
        ("appraiser", True),
        ("th-ba.clerk", False),
    ):
        page = pages.browser(person).get(path)
        assert ("Gợi ý xem lại" in page.text) is sees, person
    page = pages.browser("appraiser").get(path)
    assert "Đây là gợi ý để khối xem lại, không phải kết luận" in page.text
    assert "Không thấy gì khác thường" in page.text
    # Everybody gave the same, so no rank hangs on one scorer.
    assert "Trường th-mot: hạng 1; bỏ phiếu của bất kỳ trường nào cũng vẫn hạng 1." in page.text


def test_a_favour_is_hinted_at_with_its_figures_and_an_innocent_reason(pages: Pages) -> None:
    pages.stand("2025-05-20")
    schools = [f"th-{number:02}" for number in range(12)]
    bloc = make_bloc(pages.office, schools, "tieu-hoc-600-200-200")
    bloc.approve()
    bloc.draw()
    card, _ = read_scorecard((CARDS / "tieu-hoc-600-200-200.yaml").read_text(encoding="utf-8"))
    assert card is not None
    most = {item.code: str(item.most) for item in card.items if item.group.startswith("ND")}
    favour = next(pair for pair in bloc.pairs() if pair[0] == "th-03" and pair[0] != pair[1])
    for n, (scorer, scored) in enumerate(bloc.pairs()):
        worth = 0.70 + schools.index(scored) / 100 + (n * 7 % 5 - 2) / 1000
        bloc.score(scorer, scored, all_of(most, f"{worth + (0.15 if (scorer, scored) == favour else 0):.4f}"))
    bloc.meet()
    bloc.settle()
    page = pages.browser(bloc.head).get(f"{PATH}/matrix")
    assert f"Trường {favour[0]} cho Trường {favour[1]}" in page.text
    assert "Cũng có thể trường chấm biết rõ việc" in page.text and "Số liệu của gợi ý này" in page.text


def test_an_item_has_a_paper_of_its_own_which_others_share_and_the_settling_shows_it(
    pages: Pages, bloc: Bloc
) -> None:
    bloc.approve()
    bloc.draw()
    clerk, scored = pages.browser("th-mot.clerk"), others_of(bloc, "th-mot")[0]
    path = sheet_path(bloc, "th-mot", scored)
    files = {"e-1.1": ("Bảng kê.pdf", pdf("bảng kê"), "application/pdf")}
    page = clerk.send(path, fields(**{"s-1.2": "1.1", "s-2.1": "3.1"}), files=files)
    assert page.status == 409 and rows(bloc, SheetLine) == []
    assert 'id="p-2.1-fault"' in page.html and "nhưng 3.1 không có tệp nào" in page.text
    page = clerk.send(path, fields(**{"s-1.2": "1.1"}), files=files)
    papers = re.findall(rf'href="({PATH}/papers/item/\d+)"', page.html)
    assert page.path == path and len(papers) == 2
    assert [clerk.client.get(one).content for one in papers] == [pdf("bảng kê")] * 2
    assert pages.browser("th-hai.clerk").get(papers[0]).status == 404
    # Filed anew it stays, and is taken away by the item's own word.
    page = clerk.send(path, fields(**{"s-1.1": "-"}))
    assert len(re.findall(rf'href="{PATH}/papers/item/\d+"', page.html)) == 1
    for scorer, about in bloc.pairs("open"):
        bloc.score(scorer, about, all_of(COLLEGE, "0.9"))
    bloc.meet()
    head = pages.browser(bloc.head)
    for part in ("", "/acts/settle_scores", "/matrix"):
        shown = head.get(PATH + part)
        assert "Minh chứng và ghi chú theo tiêu chí" in shown.text and "Bảng kê.pdf" in shown.text, part


def test_the_head_reads_why_a_scorer_declined_and_assigns_another(pages: Pages, bloc: Bloc) -> None:
    bloc.approve()
    bloc.draw()
    path = sheet_path(bloc, "th-ba", others_of(bloc, "th-ba")[0])
    pages.browser("th-ba.clerk").send(f"{path}/decline", {"reason": "Người thân là hiệu trưởng."}, page=path)
    for person in (bloc.head, "th-nam.principal"):
        browser = pages.browser(person)
        page = browser.get(PATH)
        assert "Phiếu bị từ chối: 1" in page.text and "Người thân là hiệu trưởng." in page.text, person
        assert "Người thân là hiệu trưởng." in browser.get(f"{PATH}/acts/assign_again").text
        assert browser.get(path).status == 200
    other = pages.browser("th-bon.clerk")
    assert "Người thân là hiệu trưởng." not in other.get(PATH).text and other.get(path).status == 404

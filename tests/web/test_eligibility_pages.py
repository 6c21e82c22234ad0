"""What the rules say, as pages: of anybody by name, of a dossier, of one nomination, and what a correction turned."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from casework.career.correct_grade import correct_grade
from casework.career.open_matter import open_matter
from casework.career.record_discipline import record_discipline
from casework.career.record_grades import GradeDecision, TypedGrade, record_grades
from casework.nominate import NomineeInput, nominate, strike
from casework.publish import publish
from casework.views.eligibility_kept import TURNED_SHOWN, fact_told
from kit.database import Database
from kit.settings import Settings
from models.person import Employment, Person
from notifications.words import LANGS
from tests.build import LONG_AGO, PEOPLE, ROOT, Office, office_in
from tests.casework.telling import rows
from tests.law.lawful import TABLES, basis, discipline, grade, publish_books, text_of
from tests.web.client import in_one_thread
from tests.web.conftest import Answer, Browser, Pages
from web.app import create_app

DAY = "2025-06-10"
LATER = "2025-06-12"
OF_YEAR = GradeDecision("2024-2025", "15/QĐ", date(2025, 6, 11), "Hiệu trưởng")
PAPERS = ("submission_letter", "achievement_report", "council_minutes", "publicity_notice")
#: who lies at the desk, with the answer of the rules and the words for it: of the year's grade alone
AT_DESK = {
    ("teacher", "CSTDCS"): ("met", "đạt"),
    ("teacher-2", "CSTDCS"): ("not_met", "chưa đạt"),
    ("clerk", "LDTT"): ("unknown", "chưa đủ căn cứ"),
    ("principal", "LDTT"): ("met", "đạt"),
    # A discipline takes what the grade gives.
    ("bloc-deputy", "LDTT"): ("not_met", "chưa đạt"),
    (None, "TTLDTT"): ("not_met", "chưa đạt"),
}
STAMPS = {"met": "met", "not_met": "not-met", "unknown": "unknown"}
_HIDDEN = re.compile(r'name="(csrf|key)" value="[^"]*"')


@dataclass
class Lawful(Pages):
    """An office with rulebooks: a dossier at the education office's desk, and one that its school still prepares."""

    at_desk: str = ""
    draft: str = ""
    numbers: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def sheet(self) -> str:
        return f"/dossiers/{self.at_desk}/eligibility"

    def nomination(self, person: str | None, title: str) -> str:
        number = self.numbers[person, title]
        return f"/dossiers/{self.at_desk}/nominations/{number}/eligibility"

    def english(self, person: str) -> Browser:
        browser = self.browser(person)
        browser.client.cookies.set("thidua_look", "en.auto.normal")
        return browser


def _prepare(office: Office) -> tuple[str, str]:
    publish_books(office)
    for person, given in (
        ("teacher", "HTXSNV"),
        ("teacher-2", "HTNV"),
        ("principal", "HTTNV"),
        ("bloc-deputy", "HTXSNV"),
    ):
        grade(office, person, given)
    discipline(office, "bloc-deputy", "canh_cao", "2024-10-01", "2025-08-01")
    draft = office.open()
    office.nominate(draft, "school-council", "teacher")
    at_desk = office.open()
    asked = [NomineeInput(title, person) for person, title in AT_DESK]
    nominate(office.database, at_desk, asked, office.call("clerk", "2024-09-12"))
    office.papers(at_desk, *PAPERS)
    office.walk(at_desk, "at_education_office")
    return at_desk, draft


@pytest.fixture(scope="module")
def prepared(
    sqlite_files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, str]:
    """The file of that office, and the codes of both dossiers; each test copies it."""
    file = tmp_path_factory.mktemp("eligibility") / "thidua.sqlite3"
    shutil.copy(sqlite_files["office"], file)
    database = Database(f"sqlite:///{file}", synchronous="NORMAL")
    codes = _prepare(office_in(database))
    database.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return file, *codes


@pytest.fixture
def law(prepared: tuple[Path, str, str], tmp_path: Path) -> Iterator[Lawful]:
    """That office as pages on 10/06/2025, for one test alone."""
    file, at_desk, draft = prepared
    shutil.copy(file, tmp_path / "thidua.sqlite3")
    app = create_app(Settings(home=tmp_path, sqlite_synchronous="NORMAL"))
    office = office_in(app.state.house.database)
    numbers = dict(zip(AT_DESK, office.nominations(at_desk), strict=True))
    made = Lawful(office, app, tmp_path, at_desk, draft, numbers)
    made.stand(DAY)
    with in_one_thread():
        yield made
    app.state.house.database.close()


def bare(answer: Answer) -> str:
    """A page without what is drawn by lot for each answer."""
    return _HIDDEN.sub("", answer.html)


def light(outcome: str, words: str) -> str:
    return f'<span class="stamp {STAMPS[outcome]}">{words}</span>'


def faults(answer: Answer) -> dict[str, str]:
    """What stands beside each field."""
    return dict(re.findall(r'<p class="fault" id="([a-z]+)-fault">([^<]*)</p>', answer.html))


# --- Anybody, by name ---


def test_a_clerk_asks_about_a_colleague_and_reads_a_note_with_articles_and_evidence(law: Lawful) -> None:
    clerk = law.browser("clerk")
    form = clerk.get("/eligibility")
    assert form.status == 200 and faults(form) == {}
    assert '<option value="teacher">Người teacher</option>' in form.html
    assert '<option value="CSTDCS">Chiến sĩ thi đua cơ sở (CSTĐCS)</option>' in form.html
    met = clerk.get("/eligibility?who=teacher&title=CSTDCS")
    for words in (
        "Người teacher · Chiến sĩ thi đua cơ sở (CSTĐCS) · 2024-2025",
        "đạt các điều kiện đối chiếu được trên dữ liệu",
        "Luật 06/2022/QH15 Điều 23",
        "hoàn thành xuất sắc nhiệm vụ, năm học 2024-2025, QĐ 1/QĐ ngày 28/05/2025",
        "tính đến ngày 10/06/2025",
    ):
        assert words in met.text, words
    assert "Còn thiếu gì" not in met.text
    lacking = clerk.get("/eligibility?who=teacher-2&title=CSTDCS")
    for words in ("chưa đạt", "Còn thiếu gì", "Để đạt, cần", "không sửa được nữa", "Sớm nhất có thể đề nghị"):
        assert words in lacking.text, words


def test_of_a_unit_and_of_another_year_the_answer_is_another_one(law: Lawful) -> None:
    clerk = law.browser("clerk")
    unit = clerk.get("/eligibility?who=th-mau-1&title=TTLDTT")
    assert "Đơn vị th-mau-1, Tập thể lao động tiên tiến (TTLĐTT), năm học 2024-2025: chưa đạt." in unit.text
    assert "chưa kiểm chứng" in unit.text
    before = clerk.get("/eligibility?who=teacher&title=CSTDCS&year=2023-2024")
    assert before.status == 200 and "năm học 2023-2024: chưa đủ căn cứ" in before.text
    assert "Dữ liệu lưu trữ chưa đủ để kết luận" in before.text
    english = law.english("clerk").get("/eligibility?who=th-mau-1&title=TTLDTT")
    assert '<html lang="en"' in english.html
    for words in ("not met", "What is missing"):
        assert words in english.text, words
    assert "chưa đạt" not in english.text


@pytest.mark.parametrize(
    ("lang", "holder", "choice", "year", "needed", "others"),
    [
        (
            "vi",
            "Không có người hay đơn vị nào mang mã này.",
            "Hãy chọn một mục trong danh sách.",
            "Không phải năm học. Ví dụ: 2022-2023.",
            "Cần điền mục này.",
            "Danh hiệu này dành cho đối tượng khác.",
        ),
        (
            "en",
            "There is no person or unit with this code.",
            "Choose one from the list.",
            "Not a school year. For example: 2022-2023.",
            "This is needed.",
            "This title is given to others.",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_all_of_it_at_once(
    law: Lawful, lang: str, holder: str, choice: str, year: str, needed: str, others: str
) -> None:
    browser = law.browser("clerk") if lang == "vi" else law.english("clerk")
    wrong = browser.get("/eligibility?who=nobody&title=NOBEL&year=2024-2026")
    assert wrong.status == 409
    assert faults(wrong) == {"who": holder, "title": choice, "year": year}
    assert wrong.html.count('aria-invalid="true"') == 3
    # What was typed is still there, and the whole reason is told above.
    assert 'value="nobody"' in wrong.html and 'value="2024-2026"' in wrong.html
    assert "“nobody”" in wrong.text
    half = browser.get("/eligibility?who=teacher")
    assert (half.status, faults(half)) == (409, {"title": needed})
    half = browser.get("/eligibility?title=LDTT&year=2024-2025")
    assert (half.status, faults(half)) == (409, {"who": needed})
    pressed = browser.get("/eligibility?who=&title=&year=")
    assert (pressed.status, faults(pressed)) == (409, {"who": needed, "title": needed})
    assert faults(browser.get("/eligibility")) == {}
    assert faults(browser.get("/eligibility?who=teacher&title=TTLDTT")) == {"title": others}
    assert faults(browser.get("/eligibility?who=th-mau-1&title=LDTT")) == {"title": others}


def test_whom_one_may_not_ask_about_looks_like_nobody_to_the_last_letter(law: Lawful) -> None:
    stranger = law.browser("clerk-2")
    for title, year in (("LDTT", ""), ("TTLDTT", ""), ("NOBEL", "2024"), ("", "2024-2025")):
        pages = set()
        for who in ("teacher", "th-mau-1", "nobody-x"):
            answer = stranger.get(f"/eligibility?who={who}&title={title}&year={year}")
            assert answer.status == 409
            pages.add(bare(answer).replace(who, "?"))
        assert len(pages) == 1, title
    assert stranger.get("/eligibility?who=clerk-2&title=LDTT").status == 200


# --- A dossier, and one of its nominations ---


def test_the_appraiser_reads_each_nomination_with_what_is_open_and_what_people_judge(law: Lawful) -> None:
    page = law.browser("appraiser").get(law.sheet())
    assert page.status == 200
    table = page.html.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert len(table) == len(AT_DESK)
    for ((person, title), (outcome, words)), row in zip(AT_DESK.items(), table, strict=True):
        assert light(outcome, words) in row, (person, title)
        assert f'href="{law.nomination(person, title)}"' in row
        # Of what is met nothing is open; of the rest, what and by which article.
        assert ("06/2022/QH15" in row) == (outcome != "met"), (person, title)
    assert "1 điều do người xét đánh giá" in page.text
    assert "Có tinh thần đoàn kết, tham gia phong trào thi đua" in page.text
    counted = page.html.split('<p class="counted">')[1].split("</p>")[0]
    assert re.findall(r"<strong>(\d+)</strong>", counted) == ["2", "3", "1"]
    assert "không bước nào bị chặn" in page.text


def test_the_clerk_reads_which_papers_the_rules_ask_for_and_which_are_missing(law: Lawful) -> None:
    page = law.browser("clerk").get(law.sheet())
    listed = page.html.split('id="papers"')[1].split("</section>")[0]
    stamps = re.findall(r'<span class="stamp ([a-z-]+)">([^<]+)</span> ([^<]+?) <', listed)
    there = {words: stamp for stamp, _, words in stamps}
    assert {stamp for stamp, said, _ in stamps if said == "đã có"} == {"met"}
    assert {stamp for stamp, said, _ in stamps if said == "chưa có"} == {"not-met"}
    # What is missing comes first.
    assert [stamp for stamp, _, _ in stamps] == sorted((s for s, _, _ in stamps), reverse=True)
    by_word = {words.lower(): stamp for words, stamp in there.items()}
    assert next(s for w, s in by_word.items() if "tờ trình" in w) == "met"
    assert next(s for w, s in by_word.items() if "phiếu" in w) == "not-met"
    assert "NĐ 98/2023/NĐ-CP Điều 30(7)" in listed and "CSTĐCS" in listed
    english = law.english("clerk").get(law.sheet())
    assert "Papers that the rules ask for" in english.text and "tờ trình" not in english.text


def test_one_nomination_is_explained_with_the_verdicts_that_were_kept(law: Lawful) -> None:
    page = law.browser("appraiser").get(law.nomination("teacher", "CSTDCS"))
    assert "đạt các điều kiện đối chiếu được trên dữ liệu" in page.text
    kept = page.text.split("Các kết luận đã lưu")[1]
    assert kept.count("khi nộp") == 2 and "05/06/2025" in kept and "05/05/2025" in kept
    assert "E02" in kept and "Dữ liệu đã thay đổi" not in page.text
    draft = law.office.nominations(law.draft)[0]
    for person, path in (
        # A stranger; a nomination of another dossier; a number that is none, and one that no row can have.
        ("clerk-2", law.nomination("teacher", "CSTDCS")),
        ("clerk-2", law.sheet()),
        ("clerk", f"/dossiers/{law.at_desk}/nominations/{draft}/eligibility"),
        ("clerk", f"/dossiers/{law.at_desk}/nominations/9999/eligibility"),
        ("clerk", f"/dossiers/{law.at_desk}/nominations/{10**30}/eligibility"),
    ):
        assert law.browser(person).get(path).status == 404, path


def test_each_light_of_the_grid_says_its_answer_in_words_and_opens_the_explanation(law: Lawful) -> None:
    appraiser = law.browser("appraiser")
    grid = appraiser.get(f"/dossiers/{law.at_desk}").html
    for (person, title), (outcome, words) in AT_DESK.items():
        path = law.nomination(person, title)
        assert f'<a href="{path}">{light(outcome, words)}</a>' in grid, (person, title)
        opened = appraiser.get(path)
        assert opened.status == 200
        assert f'<p class="verdict">{light(outcome, words)}' in opened.html
    # Whoever sees no colour, and no style at all, still reads three different words.
    assert len({words for _, words in AT_DESK.values()}) == len(STAMPS)
    english = law.english("appraiser").get(f"/dossiers/{law.at_desk}").html
    assert light("not_met", "not met") in english and light("unknown", "not enough to tell") in english


def test_whoever_gives_an_opinion_reads_the_answer_beside_each_title_in_the_form(law: Lawful) -> None:
    form = law.browser("appraiser").get(f"/dossiers/{law.at_desk}/steps/appraise").html
    body = form.split('<tbody id="judging-rows">')[1].split("</tbody>")[0].split("<tr>")[1:]
    assert len(body) == len(AT_DESK)
    for outcome, words in set(AT_DESK.values()):
        expected = sum(one == (outcome, words) for one in AT_DESK.values())
        assert sum(light(outcome, words) in row for row in body) == expected


def test_the_light_of_a_nomination_that_was_taken_back_leads_nowhere(law: Lawful) -> None:
    law.office.step(law.at_desk, "return", "appraiser", "2025-06-11", reason="Thiếu biên bản")
    number = law.numbers["teacher-2", "CSTDCS"]
    strike(law.office.database, law.at_desk, [number], law.office.call("clerk", LATER))
    law.stand(LATER)
    clerk = law.browser("clerk")
    page = clerk.get(f"/dossiers/{law.at_desk}")
    links = set(re.findall(rf"/dossiers/{re.escape(law.at_desk)}/nominations/\d+/eligibility", page.html))
    assert links and law.nomination("teacher-2", "CSTDCS") not in links
    assert {clerk.get(path).status for path in links} == {200}
    assert clerk.get(law.nomination("teacher-2", "CSTDCS")).status == 404


def test_what_is_missing_leaves_the_clerks_lists_once_it_is_recorded(law: Lawful) -> None:
    first, _ = law.office.nominations(law.draft)
    line = f'href="/dossiers/{law.draft}/nominations/{first}/eligibility"'
    paths = ("/schools/th-mau-1", f"/dossiers/{law.draft}")
    for path in paths:
        page = law.browser("clerk").get(path)
        (told,) = [part for part in page.html.split("<li>") if line in part]
        assert light("unknown", "chưa đủ căn cứ") in told and "Luật 06/2022/QH15 Điều 24(1)" in told
        assert "Người school-council, Lao động tiên tiến" in told
        assert "1 đề nghị" in page.text
    english = law.english("clerk").get(paths[1])
    assert "What the rules still miss" in english.text and "not enough to tell" in english.text
    typed = [TypedGrade("school-council", "HTTNV")]
    record_grades(law.office.database, "th-mau-1", OF_YEAR, typed, law.office.call("appraiser", LATER))
    law.stand(LATER)
    for path in paths:
        page = law.browser("clerk").get(path)
        assert line not in page.html.split(law.draft, 1)[-1] and "2 đề nghị" in page.text


# --- Disciplines ---


def _pages_about(law: Lawful, person: str, browser: Browser) -> dict[str, str]:
    """Every page that could tell something of somebody's disciplines."""
    title = next(title for one, title in AT_DESK if one == person)
    paths = (
        f"/eligibility?who={person}&title={title}",
        law.sheet(),
        law.nomination(person, title),
        f"/dossiers/{law.at_desk}",
        "/schools/th-mau-1",
    )
    return {path: bare(answer) for path in paths if (answer := browser.get(path)).status == 200}


def test_which_discipline_it_is_changes_not_a_byte_for_those_who_may_not_see_it(law: Lawful) -> None:
    readers = ("clerk", "principal", "admin", "appraiser", "office-head", "bloc-deputy")
    browsers = {person: law.browser(person) for person in readers}
    before = {person: _pages_about(law, "bloc-deputy", browsers[person]) for person in readers}
    table = TABLES["discipline"]
    with law.office.database.write() as connection:
        another = {"form": "cach_chuc", "number": "99/QĐ-KL", "decided_on": date(2024, 11, 20)}
        connection.execute(update(table).values(another))
    after = {person: _pages_about(law, "bloc-deputy", browsers[person]) for person in readers}
    for person in ("clerk", "principal", "admin"):
        assert len(before[person]) >= 4
        assert before[person] == after[person], person
        assert "cách chức" not in "".join(after[person].values())
    # Those who judge, and whom it is about, read which it is.
    for person in ("appraiser", "office-head", "bloc-deputy"):
        path = law.nomination("bloc-deputy", "LDTT")
        assert "cảnh cáo ngày 01/10/2024" in before[person][path], person
        assert "cách chức ngày 20/11/2024" in after[person][path], person


def test_a_discipline_that_turns_nothing_leaves_no_trace_for_those_who_may_not_see_it(law: Lawful) -> None:
    browsers = {person: law.browser(person) for person in ("clerk", "principal", "admin", "appraiser")}
    before = {person: _pages_about(law, "teacher", browser) for person, browser in browsers.items()}
    call = law.office.call("appraiser", DAY)
    earlier, served = date(2022, 10, 1), date(2023, 5, 1)
    record_discipline(law.office.database, "teacher", "khien_trach", "9/QĐ", earlier, call, served_on=served)
    number = law.numbers["teacher", "CSTDCS"]
    again = [row for row in rows(law.office, "verdict", nomination_id=number) if row["taken_at"] == "again"]
    assert [row["outcome"] for row in again] == ["met"]
    after = {person: _pages_about(law, "teacher", browser) for person, browser in browsers.items()}
    for person in ("clerk", "principal", "admin"):
        assert before[person] == after[person], person
    told = after["appraiser"][law.nomination("teacher", "CSTDCS")]
    assert "Dữ liệu đã thay đổi: kỷ luật. Kết luận không đổi: đạt." in told
    assert after["appraiser"][f"/dossiers/{law.at_desk}"] == before["appraiser"][f"/dossiers/{law.at_desk}"]


# --- After a correction ---


def told_again(office: Office) -> set[tuple[str, str]]:
    """To whom a letter of a verdict that has turned goes, and about which dossier."""
    people = {number: code for code, number in office.people.items()}
    found = rows(office, "outbox_item", kind="verdict_changed")
    return {(people[row["person_id"]], row["facts"]["dossier"]) for row in found}


def test_whoever_gets_the_letter_finds_which_fact_it_was_the_answer_before_and_the_one_now(
    law: Lawful,
) -> None:
    assert law.browser("appraiser").get(f"/dossiers/{law.at_desk}").html.count('id="turned"') == 0
    call = law.office.call("appraiser-2", LATER)
    correct_grade(law.office.database, "teacher", "HTNV", OF_YEAR, "xếp nhầm", call)
    law.stand(LATER)
    assert ("appraiser", law.at_desk) in told_again(law.office)
    appraiser = law.browser("appraiser")
    page = appraiser.get(f"/dossiers/{law.at_desk}")
    notice = page.html.split('id="turned"')[1].split("</ul>")[0]
    path = law.nomination("teacher", "CSTDCS")
    assert f'<a href="{path}">Người teacher, Chiến sĩ thi đua cơ sở (CSTĐCS)</a>' in notice
    assert notice.count("<li>") == 1 and light("not_met", "chưa đạt") in notice
    sentence = "Kết luận trước: đạt; kết luận nay: chưa đạt. Dữ liệu đã thay đổi: xếp loại năm học 2024-2025."
    assert sentence in notice and "12/06/2025" in notice
    assert f'<a href="{path}">{light("not_met", "chưa đạt")}</a>' in page.html
    opened = appraiser.get(path).text
    assert "Kết luận được lập lại lúc 12/06/2025 12:00." in opened
    # Once at the head of the page, once beside the verdict among those that were kept.
    assert opened.count("Dữ liệu đã thay đổi: xếp loại năm học 2024-2025.") == 2
    assert opened.count("Kết luận trước: đạt; kết luận nay: chưa đạt.") == 2
    assert "lập lại sau khi dữ liệu được sửa" in opened and opened.count("khi nộp") == 2
    english = law.english("appraiser").get(f"/dossiers/{law.at_desk}").text
    assert "Answer before: met; answer now: not met. What changed: the grade of 2024-2025." in english
    assert "Kết luận" not in english
    # A grade is nothing that the school may not see.
    assert sentence in law.browser("clerk").get(f"/dossiers/{law.at_desk}").html
    # Who has judged since, knew: the dossier says it no more, the nomination still does.
    law.office.step(law.at_desk, "appraise", "appraiser", "2025-06-20", support_rest=True)
    law.stand("2025-06-20")
    assert 'id="turned"' not in appraiser.get(f"/dossiers/{law.at_desk}").html
    opened = appraiser.get(path).text
    assert "khi thẩm định" in opened
    assert opened.count("Kết luận trước: đạt; kết luận nay: chưa đạt.") == 1
    assert "Kết luận được lập lại lúc" not in opened


def test_of_a_discipline_that_turned_it_only_those_who_may_read_which_fact_it_was(law: Lawful) -> None:
    call = law.office.call("appraiser", LATER)
    record_discipline(law.office.database, "principal", "canh_cao", "8/QĐ", date(2025, 1, 10), call)
    law.stand(LATER)
    paths = (f"/dossiers/{law.at_desk}", law.nomination("principal", "LDTT"))
    turned = "Kết luận trước: đạt; kết luận nay: chưa đủ căn cứ."
    for person, fact in (
        ("appraiser", "kỷ luật"),
        ("principal", "kỷ luật"),
        ("clerk", "một thông tin về người hoặc tập thể được đề nghị"),
        ("admin", "một thông tin về người hoặc tập thể được đề nghị"),
    ):
        for path in paths:
            text = law.browser(person).get(path).text
            assert f"Dữ liệu đã thay đổi: {fact}." in text and turned in text, (person, path)


def test_a_matter_that_holds_the_award_is_told_as_waiting_and_named_to_those_who_judge(law: Lawful) -> None:
    call = law.office.call("appraiser", LATER)
    open_matter(law.office.database, "teacher", "complaint", date(2025, 6, 11), "đơn thư", call)
    law.stand(LATER)
    path = law.nomination("teacher", "CSTDCS")
    for person, fact in (
        ("appraiser", "việc đang được xem xét, xác minh"),
        ("clerk", "một thông tin về người hoặc tập thể được đề nghị"),
    ):
        page = law.browser(person).get(path).text
        assert f"Dữ liệu đã thay đổi: {fact}. Kết luận trước: đạt; kết luận nay: đạt, phải chờ." in page
        # The answer itself did not turn: no letter, and no word of it at the head of the dossier.
        assert 'id="turned"' not in law.browser(person).get(f"/dossiers/{law.at_desk}").html
    assert told_again(law.office) == set()


def test_a_rulebook_that_turns_many_is_told_of_the_first_and_counted_of_the_rest(law: Lawful) -> None:
    office, many = law.office, TURNED_SHOWN + 2
    with office.database.write() as connection:
        for number in range(many):
            code = f"further-{number}"
            made = connection.execute(
                insert(Person.__table__), {"code": code, "name": f"Người {code}", "locale": "vi"}
            )
            person = office.people[code] = int(made.inserted_primary_key[0])
            employed = {"person_id": person, "unit_id": office.units["th-mau-1"], "since": LONG_AGO}
            connection.execute(insert(Employment.__table__), employed)
    for number in range(many):
        grade(office, f"further-{number}", "HTTNV")
    code = office.open()
    office.nominate(code, *(f"further-{number}" for number in range(many)))
    office.papers(code, *PAPERS)
    office.walk(code, "at_education_office")
    stricter = text_of("rs-2024").replace(
        b"word: grade_at_least, grade: HTTNV", b"word: grade_at_least, grade: HTXSNV"
    )
    publish(office.database, "rulebook", stricter, office.call(None, LATER))
    law.stand(LATER)
    page = law.browser("appraiser").get(f"/dossiers/{code}")
    notice = page.html.split('id="turned"')[1].split("</ul>")[0]
    assert notice.count("Dữ liệu đã thay đổi: bộ quy định rs-2024.") == TURNED_SHOWN
    assert "và 2 đề nghị nữa có kết luận đã đổi" in notice and f"/dossiers/{code}/eligibility" in notice


@pytest.mark.parametrize("lang", LANGS)
def test_every_fact_that_a_verdict_may_rest_on_has_its_words(law: Lawful, lang: str) -> None:
    listed = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    keys = {key for found in basis(law.office).values() for key in found}
    for key in re.findall(r"`([a-z]+:h[^`]*)`", listed):
        keys.add(key.replace(":h", ":p17", 1).replace("YEAR", "2024").replace("TITLE", "LDTT"))
    assert len({key.partition(":")[0] for key in keys}) >= 14
    for key in keys:
        told = fact_told(key, {}, lang)
        assert not told.startswith("eligibility.") and "…" not in told and "p17" not in told, key


def test_everybody_of_the_office_gets_an_answer_of_every_page_or_is_told_that_there_is_none(
    law: Lawful,
) -> None:
    call = law.office.call("appraiser-2", LATER)
    correct_grade(law.office.database, "teacher", "HTNV", OF_YEAR, "xếp nhầm", call)
    law.stand(LATER)
    seen = {}
    for person in PEOPLE:
        browser = law.browser(person)
        statuses = [
            browser.get(path).status
            for path in (law.sheet(), law.nomination("teacher", "CSTDCS"), f"/dossiers/{law.at_desk}")
        ]
        assert len(set(statuses)) == 1 and statuses[0] in (200, 404), person
        seen[person] = statuses[0] == 200
    assert seen["clerk"] and seen["appraiser"] and seen["admin"] and not seen["clerk-2"]
    assert law.browser().get(law.sheet()).path == "/sign-in"

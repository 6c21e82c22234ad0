"""Papers of a dossier in the browser: put in, opened, taken out, and what people try with uploads."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlalchemy import select

from casework.load import PAPER
from documents.paper_type import DOCX
from documents.store import PaperStore
from tests.documents.paper_bytes import OF_TYPE, pdf
from tests.web.conftest import Answer, Pages

MINUTES = pdf("biên bản")


def put_in(
    pages: Pages,
    code: str,
    body: bytes = MINUTES,
    file_name: str = "Biên bản họp.pdf",
    *,
    person: str = "clerk",
    media_type: str = "application/pdf",
    **fields: str,
) -> Answer:
    """Send the form of a new paper."""
    return pages.browser(person).send(
        f"/dossiers/{code}/papers",
        {"kind": "council_minutes"} | fields,
        files={"file": (file_name, body, media_type)},
    )


def numbers(pages: Pages, code: str) -> list[int]:
    """The numbers of the papers that are in a dossier."""
    with pages.office.database.read() as connection:
        query = select(PAPER.c.id).where(
            PAPER.c.dossier_id == pages.office.row(code)["id"], PAPER.c.removed_at.is_(None)
        )
        return list(connection.execute(query.order_by(PAPER.c.id)).scalars())


def draft(pages: Pages) -> str:
    """A dossier that its school prepares."""
    code = pages.office.open()
    pages.office.nominate(code, "teacher")
    return code


def test_a_paper_is_put_in_shown_with_its_whole_hash_and_opened_byte_by_byte(pages: Pages) -> None:
    code = draft(pages)
    done = put_in(pages, code)
    assert (done.status, done.path) == (200, f"/dossiers/{code}")
    digest = hashlib.sha256(MINUTES).hexdigest()
    assert digest in done.text
    (paper,) = numbers(pages, code)
    opened = pages.browser("principal").client.get(f"/dossiers/{code}/papers/{paper}")
    assert opened.content == MINUTES
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert opened.headers["x-content-type-options"] == "nosniff"
    said = opened.headers["content-disposition"]
    assert said == (
        f"inline; filename=\"council_minutes-{paper}.pdf\"; filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20h%E1%BB%8Dp.pdf"
    )


def test_what_a_browser_would_not_show_safely_is_kept_as_a_file(pages: Pages) -> None:
    code = draft(pages)
    put_in(pages, code, OF_TYPE[DOCX], "báo cáo.docx", media_type="text/html")
    (paper,) = numbers(pages, code)
    opened = pages.browser("clerk").client.get(f"/dossiers/{code}/papers/{paper}")
    assert opened.headers["content-type"] == DOCX.media_type
    assert opened.headers["content-disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("chay.exe", b"MZ\x90\0", "Không nhận loại tệp này"),
        ("trang.html", b"<script>alert(1)</script>", "Không nhận loại tệp này"),
        ("gia.pdf", b"<html><script>alert(1)</script>", "nội dung không phải như vậy"),
        ("anh.png", MINUTES, "không khớp với phần đuôi"),
        ("rong.pdf", b"", "Tệp không có nội dung"),
        ("cut.pdf", MINUTES[:12], "thiếu phần cuối"),
        ("../../etc/passwd.pdf", MINUTES, "dấu của thư mục"),
        ("<img src=x>.pdf", MINUTES, "dấu không dùng được"),
        ("a\u202efdp.pdf", MINUTES, "ký tự không nhìn thấy"),
        ("CON.pdf", MINUTES, "tên riêng của một số máy"),
    ],
)
def test_a_file_that_is_not_what_it_seems_is_refused_in_words(
    pages: Pages, name: str, body: bytes, told: str
) -> None:
    code = draft(pages)
    refused = put_in(pages, code, body, name)
    assert refused.status == 409
    assert told in refused.text
    assert "<img src=x>" not in refused.html
    assert numbers(pages, code) == []
    assert list(pages.app.state.house.store.addresses()) == []
    assert pages.app.state.house.store.unfinished() == []


def test_a_name_typed_with_a_line_break_or_quotes_ends_no_header_and_no_tag(pages: Pages) -> None:
    code = draft(pages)
    for name in ("a\r\nSet-Cookie: x=1.pdf", 'a".pdf', "a\nb.pdf"):
        refused = put_in(pages, code, name=name)
        assert refused.status == 409
        assert 'a".pdf' not in refused.html
        assert "set-cookie" not in refused.headers
    kept = "l'été & 100%; filename=x, “a”.pdf"
    shown = put_in(pages, code, name=kept)
    assert shown.status == 200
    assert "l&#39;été &amp; 100%" in shown.html
    (paper,) = numbers(pages, code)
    said = (
        pages.browser("clerk").client.get(f"/dossiers/{code}/papers/{paper}").headers["content-disposition"]
    )
    assert said.split("; ")[2].startswith(
        "filename*=UTF-8''l%27%C3%A9t%C3%A9%20%26%20100%25%3B%20filename%3Dx%2C"
    )
    assert set(said) <= set(map(chr, range(32, 127)))


def test_of_a_path_that_a_browser_sends_only_the_name_is_kept(pages: Pages) -> None:
    code = draft(pages)
    shown = put_in(pages, code, file_name="C:\\giay\\to-trinh.pdf")
    assert shown.status == 200
    assert "giay" not in shown.text


def test_a_broken_upload_is_told_and_changes_nothing(pages: Pages) -> None:
    code = draft(pages)
    browser = pages.browser("clerk")
    browser.get(f"/dossiers/{code}/papers")
    for body in (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\nb.pdf"\r\n\r\nx\r\n--x--',
        b"rubbish",
    ):
        answer = browser.client.post(
            f"/dossiers/{code}/papers",
            content=body,
            headers={"content-type": "multipart/form-data; boundary=x"},
        )
        assert answer.status_code in (400, 403)
    assert numbers(pages, code) == []


def test_a_paper_that_is_too_large_is_refused_before_and_behind_the_door(pages: Pages) -> None:
    code = draft(pages)
    pages.app.state.house.store = PaperStore(pages.folder / "papers", 1_000)
    refused = put_in(pages, code, pdf("x" * 2_000))
    assert refused.status == 409
    assert "Tệp lớn hơn 1.000 byte" in refused.text
    browser = pages.browser("clerk")
    told = browser.client.post(f"/dossiers/{code}/papers", headers={"content-length": str(10**9)})
    assert told.status_code == 413
    assert numbers(pages, code) == []


def test_the_fields_of_the_form_are_asked_for_beside_them(pages: Pages) -> None:
    code = draft(pages)
    nothing = pages.browser("clerk").send(f"/dossiers/{code}/papers", {"kind": ""})
    assert nothing.status == 409
    assert "Hãy chọn một tệp." in nothing.text
    assert "Cần điền mục này." in nothing.text
    unknown = put_in(pages, code, kind="rubbish")
    assert (unknown.status, numbers(pages, code)) == (409, [])


def test_a_paper_is_found_only_in_its_own_dossier_and_by_those_who_see_it(pages: Pages) -> None:
    code, other = draft(pages), draft(pages)
    put_in(pages, code)
    (paper,) = numbers(pages, code)
    for person in ("clerk-2", "appraiser", "teacher", "bloc-head"):
        assert pages.browser(person).get(f"/dossiers/{code}/papers/{paper}").status == 404
    clerk = pages.browser("clerk")
    for path in (
        f"{other}/papers/{paper}",
        f"{code}/papers/{paper + 1}",
        f"{code}/papers/0",
        f"{code}/papers/{10**30}",
    ):
        assert clerk.get(f"/dossiers/{path}").status == 404, path
    assert pages.browser().client.get(f"/dossiers/{code}/papers/{paper}").url.path == "/sign-in"


def test_bytes_that_are_no_longer_those_handed_in_are_not_shown(pages: Pages) -> None:
    code = draft(pages)
    put_in(pages, code)
    (paper,) = numbers(pages, code)
    store: PaperStore = pages.app.state.house.store
    digest = hashlib.sha256(MINUTES).hexdigest()
    place = store.folder / digest[:2] / digest[2:]
    place.write_bytes(pdf("something else"))
    answer = pages.browser("clerk").get(f"/dossiers/{code}/papers/{paper}")
    assert answer.status == 503
    assert "không còn đúng như lúc nộp" in answer.text
    place.unlink()
    assert pages.browser("clerk").get(f"/dossiers/{code}/papers/{paper}").status == 503


def test_who_put_a_paper_in_takes_it_out_and_nobody_else(pages: Pages) -> None:
    code = draft(pages)
    pages.office.papers(code, "achievement_report", "submission_letter", "council_minutes")
    pages.office.walk(code, "at_education_office")
    (report, *_) = numbers(pages, code)
    appraiser = pages.browser("appraiser")
    assert f"/papers/{report}/remove" not in appraiser.get(f"/dossiers/{code}").html
    refused = appraiser.send(f"/dossiers/{code}/papers/{report}/remove")
    assert refused.status == 409
    assert report in numbers(pages, code)
    # Its own it takes out again.
    put_in(pages, code, person="appraiser")
    own = numbers(pages, code)[-1]
    pages.stand("2025-06-11")
    put_in(pages, code, pdf("later"), person="appraiser")
    later = numbers(pages, code)[-1]
    shown = appraiser.get(f"/dossiers/{code}")
    assert f"/papers/{later}/remove" in shown.html
    done = appraiser.send(f"/dossiers/{code}/papers/{later}/remove")
    assert (done.status, done.path) == (200, f"/dossiers/{code}")
    assert later not in numbers(pages, code)
    assert own in numbers(pages, code)
    assert appraiser.get(f"/dossiers/{code}/papers/{later}").status == 404


def test_a_paper_that_a_step_demands_is_named_and_adding_it_leads_back_to_the_step(pages: Pages) -> None:
    code = draft(pages)
    pages.office.papers(code, "achievement_report", "council_minutes")
    pages.office.walk(code, "ready")
    clerk = pages.browser("clerk")
    step = clerk.get(f"/dossiers/{code}/steps/hand_in")
    assert "Tờ trình , chưa có" in step.text
    (way,) = re.findall(r'href="(/dossiers/[^"]+/papers\?[^"]+)"', step.html)
    way = way.replace("&amp;", "&")
    assert way == f"/dossiers/{code}/papers?kind=submission_letter&step=hand_in"
    done = clerk.send(
        f"/dossiers/{code}/papers",
        {"kind": "submission_letter", "step": "hand_in"},
        page=way,
        files={"file": ("to-trinh.pdf", pdf("tờ trình"), "application/pdf")},
    )
    assert done.path == f"/dossiers/{code}/steps/hand_in"
    assert "Đã ghi: thêm giấy tờ" in done.text
    assert "chưa có" not in done.text
    elsewhere = clerk.send(
        f"/dossiers/{code}/papers",
        {"kind": "other", "step": "../../../evil"},
        files={"file": ("x.pdf", pdf("x"), "application/pdf")},
    )
    assert elsewhere.path == f"/dossiers/{code}"

"""What is typed, sent and stored by somebody who means harm: it is shown as text, refused, or not there."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import String, update
from sqlmodel.sql.sqltypes import AutoString

from casework.publish import publish
from models.base import metadata
from tests.build import ROOT
from tests.conftest import BOTH_ENGINES, copy_of_office
from tests.web.conftest import Browser
from tests.web.crawler import Crawl
from tests.web.reading import END, MULTIPART, PAYLOADS, Page, part
from tests.web.routes import addresses_of, routes_of
from tests.web.stage import TODAY, Stage, bytes_of_papers, close_stage, stage_settings
from web.app import create_app
from web.listing import FIELDS

#: columns that hold what people typed or what programs outside told
TYPED = {
    "decision": ("number", "signatory", "issued_by"),
    "dossier": ("receipt_number", "submission_number"),
    "flow_run": ("trouble",),
    "fulfilment": ("paper_name",),
    "letter": ("subject", "address"),
    "letter_attempt": ("detail",),
    "note": ("text",),
    "paper": ("name",),
    "person": ("name", "email"),
    "recovery": ("items",),
    "saved_view": ("name", "query"),
    "sign_in": ("client", "address"),
    "suppressed_address": ("address", "detail"),
    "unit": ("name", "source"),
}
#: wide columns of codes, ids, hashes and of what the program itself writes; words of published files have a story below
NOT_TYPED = {
    "account.password_hash", "dossier.code", "extension.calendar", "flow_run.part", "fulfilment.calendar", "history_entry.payload",
    "history_entry.request_key", "history_entry.subject", "history_entry.via", "home_mark.value", "letter.leased_by",
    "letter.message_id", "obligation.calendar", "outbox_item.key", "outbox_item.subject", "own_dates.calendar",
    "regulation.name", "regulation.text", "seal.file", "stored_file.media_type", "unit.code",
}  # fmt: skip
LOOKING = ("admin", "clerk", "appraiser", "reviewer", "province-appraiser", None)


def put_in_tables(stage: Stage, payload: str) -> None:
    """Put a payload into every typed column of every row that says something there."""
    with stage.office.database.write() as connection:
        for name, columns in TYPED.items():
            table = metadata.tables[name]
            for column in columns:
                filled = table.c[column].is_not(None)
                connection.execute(update(table).where(filled).values({column: payload}))


def shown(stage: Stage, browser: Browser) -> Iterator[tuple[str, Any]]:
    """Every page that answers somebody with a page."""
    for route in routes_of(stage.app):
        if route.method == "GET":
            for address in addresses_of(stage, route)[:3]:
                answer = browser.client.get(address.path)
                yield address.path, answer


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_the_tables_is_shown_as_text_and_runs_nowhere(stage: Stage, payload: str) -> None:
    put_in_tables(stage, payload)
    seen = 0
    for person in LOOKING:
        for path, answer in shown(stage, stage.browser(person)):
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                page = Page(answer.text)
                assert page.runs == [], (path, person)
                seen += payload in page.text
    # Otherwise nothing of it was on any page, and nothing was judged.
    assert seen > 30


def test_a_new_column_for_what_people_type_is_looked_at_here() -> None:
    wide = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String | AutoString) and (column.type.length or 1_000) >= 80
    }
    assert wide - {f"{table}.{name}" for table, names in TYPED.items() for name in names} == NOT_TYPED


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_of_a_published_file_are_shown_as_text(stage: Stage, payload: str) -> None:
    for kind, path in (("titles", "titles/catalogue.yaml"), ("calendar", "calendars/2024-2025.yaml")):
        text = (ROOT / "regulations" / path).read_text(encoding="utf-8")
        said = json.dumps({"vi": payload, "en": payload})
        hostile, count = re.subn(r"\{vi: [^{}]*, en: [^{}]*\}", lambda _: said, text)
        assert count > 5
        publish(stage.office.database, kind, hostile.encode(), stage.office.call("admin", TODAY))
    for person in ("admin", "clerk", None):
        for path, answer in shown(stage, stage.browser(person)):
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert Page(answer.text).runs == [], path


@pytest.mark.parametrize("person", ["admin", "clerk", "appraiser", None])
def test_what_stands_behind_a_question_mark_is_shown_as_text(stage: Stage, person: str | None) -> None:
    browser = stage.browser(person)
    for route in routes_of(stage.app):
        if route.method != "GET":
            continue
        path = addresses_of(stage, route)[0].path
        for payload in PAYLOADS:
            asked = dict.fromkeys(
                {*route.query, *FIELDS, "next", "back", "queue", "dossier", "key", payload}, payload
            )
            answer = browser.client.get(path, params=asked)
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert Page(answer.text).runs == [], path


@pytest.mark.parametrize("person", ["admin", "clerk", "appraiser", None])
def test_what_is_typed_into_a_form_is_shown_as_text_when_it_comes_back(
    stage: Stage, person: str | None
) -> None:
    crawl = Crawl(lambda: stage.browser(person), random.Random(7), 12.0, rubbish=PAYLOADS)
    crawl.walk()
    crawl.fill_in(len(PAYLOADS))
    crawl.walk()
    assert crawl.troubles == []


@pytest.mark.parametrize("payload", [p.replace('"', "%22") for p in PAYLOADS] + ['x\\".pdf', "..\\..\\x.pdf"])
def test_a_file_name_is_shown_as_text(stage: Stage, payload: str) -> None:
    browser, code = stage.browser("clerk"), stage.codes["preparing"]
    hidden = browser.hidden()
    parts = [part(name, value.encode()) for name, value in (hidden | {"kind": "other"}).items()]
    file = part("file", b"%PDF-1.7\n% x\nstartxref\n0\n%%EOF\n", f"{payload}.pdf")
    target = f"/dossiers/{code}/papers"
    answer = browser.client.post(target, content=b"".join([*parts, file, END]), headers=MULTIPART)
    assert answer.status_code in (200, 409)
    assert Page(answer.text).runs == []
    for path in (f"/dossiers/{code}", "/schools/th-mau-1", f"/dossiers/{code}/receipts/5"):
        assert Page(browser.client.get(path).text).runs == []


# --- Where one is led ---------------------------------------------------------------------------------------------

ELSEWHERE = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "javascript:alert(1)",
    "/%09/evil.example", "/\t/evil.example", "\t//evil.example", "/./\\evil.example", "http:evil.example", "@evil.example",
    "/\r\nLocation: https://evil.example", "//evil.example/..", ".evil.example", "/%5cevil.example", " //evil.example",
    "/\u2028/evil.example", "https:evil.example", "/%0d%0aSet-Cookie:x=1", "///\\;@evil.example",
)  # fmt: skip


def leads_away(location: str) -> bool:
    """Whether a browser that follows this leaves us: it drops tabs and line ends, and takes \\ for /."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    parts = urlsplit(cleaned)
    return bool(cleaned) and (bool(parts.scheme or parts.netloc) or not cleaned.startswith("/"))


@pytest.mark.parametrize("person", ["clerk", "admin", None])
def test_nobody_is_led_to_another_site(stage: Stage, person: str | None) -> None:
    for route in routes_of(stage.app):
        path = addresses_of(stage, route)[0].path
        if path == "/runs/now":
            continue
        asks = {"next", "back"} & {*route.query} or route.path in ("/look", "/sign-in", "/sign-in/sample")
        for onward in ELSEWHERE if asks else ELSEWHERE[:1]:
            browser = stage.browser(person)
            fields = dict.fromkeys(("next", "back", "queue", "step", "onward", "return", "url"), onward)
            if route.method == "GET":
                answer = browser.client.get(path, params=fields, follow_redirects=False)
            else:
                answer = browser.client.post(path, data=fields | browser.hidden(), follow_redirects=False)
            assert answer.status_code < 500, (path, onward)
            assert not leads_away(answer.headers.get("location", "")), (path, onward)
            assert "set-cookie" not in answer.headers or "x=1" not in answer.headers["set-cookie"]


def test_a_cookie_that_somebody_else_chose_is_nobodys_sign_in(stage: Stage) -> None:
    for value in ("x", "x" * 4_000, "'; --", stage.link):
        browser = stage.browser()
        browser.client.cookies.set("thidua", value)
        answer = browser.client.get("/queue", follow_redirects=False)
        assert answer.status_code == 303
        # Its forms are not tied to what somebody else knows either.
        posted = browser.client.post("/look", data={"csrf": "", "lang": "en"}, follow_redirects=False)
        assert posted.status_code == 403


# --- What no form of ours sends -----------------------------------------------------------------------------------

BODIES: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "cut off": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc'),
    "another boundary": ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--\r\n"),
    "no name": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--x--\r\n"),
    "no headers": ("multipart/form-data; boundary=x", b"--x\r\n\r\nabc\r\n--x--\r\n"),
    "strange charset": ("multipart/form-data; boundary=x; charset=klingon", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'),
    "broken letters": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\xff\xfe\r\n--x--\r\n'),
    "many parts": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n' * 5_000 + b"--x--\r\n"),
    "many files": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n' * 50 + b"--x--\r\n"),
    "not a form": ("application/json", b'{"csrf": ["x"], "version": {}}'),
    "no kind": ("", b"csrf=x"),
    "strange kind": ("application/x-www-form-urlencoded; charset=klingon", b"csrf=x&a=%ff%fe"),
    "broken urlencoded": ("application/x-www-form-urlencoded", b"&&=&%&%zz=%zz&csrf=%ff\xff\x00&csrf"),
    "many fields": ("application/x-www-form-urlencoded", b"a=b&" * 20_000),
    "one long field": ("application/x-www-form-urlencoded", b"csrf=" + b"x" * 3_000_000),
    "nothing": ("application/x-www-form-urlencoded", b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_form_of_ours_is_refused_and_changes_nothing(stage: Stage, name: str) -> None:
    kind, body = BODIES[name]
    admin, nobody = stage.browser("admin"), stage.browser()
    before = stage.digests()
    for route in routes_of(stage.app):
        if route.method == "POST":
            path = addresses_of(stage, route)[0].path
            for browser in (admin, nobody):
                headers = {"content-type": kind} if kind else {}
                answer = browser.client.post(path, content=body, headers=headers, follow_redirects=False)
                assert 300 <= answer.status_code < 500, (answer.status_code, path)
    assert stage.changed_since(before) == []


# What stands where a code, a number or a word is awaited.
ODD = (
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "x" * 900, "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "-1", "0", "2147483648",
    "9223372036854775808", "9" * 40, "9" * 900, "NaN", "1e400", "%d9%a3", "%c2%b2", "%0d%0a", "%1b%5b31m", "'%20OR%201=1--",
    "9999-12-31", "0001-01-01", "%F0%9F%92%A3", "%25s", "{0}", "%E2%80%AE",
)  # fmt: skip


@pytest.fixture(params=BOTH_ENGINES)
def plain(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Stage]:
    """A small stage on each engine: they mind different things."""
    with copy_of_office(request, tmp_path) as office:
        url = office.database.engine.url.render_as_string(hide_password=False)
        made = Stage(office, create_app(stage_settings(tmp_path, url)), tmp_path)
        made.stand("2025-06-10")
        made.codes["at_education_office"] = office.dossier_at("at_education_office")
        bytes_of_papers(office.database, made.app.state.house.store)
        yield made
        close_stage(made)


@pytest.mark.parametrize("person", ["admin", "clerk", None])
def test_whatever_stands_in_an_address_breaks_no_page(plain: Stage, person: str | None) -> None:
    browser = plain.browser(person)
    broken = []
    for route in routes_of(plain.app):
        if route.method != "GET":
            continue
        known = [address.path for address in addresses_of(plain, route)[:1]]
        for odd in ODD:
            paths = [
                f"{path}?" + "&".join(f"{name}={odd}" for name in (*route.query, *FIELDS)) for path in known
            ]
            paths += [re.sub(r"\{[a-z_0-9]+\}", odd, route.path)] if "{" in route.path else []
            for path in paths:
                status = browser.client.get(path, follow_redirects=False).status_code
                if status >= 500:
                    broken.append((status, path[:200]))
    assert broken == []


@pytest.mark.parametrize("person", ["admin", "clerk", "appraiser", None])
def test_whatever_stands_in_an_address_breaks_no_form(plain: Stage, person: str | None) -> None:
    broken = []
    for route in routes_of(plain.app):
        if route.method == "POST" and "{" in route.path:
            for odd in ODD:
                browser = plain.browser(person)
                path = re.sub(r"\{[a-z_0-9]+\}", odd, route.path)
                fields = browser.hidden() | {
                    "reason": "x",
                    "version": "1",
                    "day": "2025-06-10",
                    "text": "x",
                    "name": "x",
                }
                status = browser.client.post(path, data=fields, follow_redirects=False).status_code
                if status >= 500:
                    broken.append((status, path[:200]))
    assert broken == []


@pytest.mark.parametrize("person", ["admin", "clerk", "appraiser", None])
def test_whatever_is_filled_in_breaks_no_form_on_either_engine(plain: Stage, person: str | None) -> None:
    crawl = Crawl(lambda: plain.browser(person), random.Random(11), 8.0)
    crawl.walk()
    crawl.fill_in(6)
    assert crawl.troubles == []

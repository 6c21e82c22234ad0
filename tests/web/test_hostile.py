"""What is typed, sent and stored by somebody who means harm: it is shown as text, refused, or not there."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import String, cast, literal, update
from sqlmodel.sql.sqltypes import AutoString

from casework.publish import publish
from models.base import metadata
from tests.build import ROOT, noon
from tests.conftest import BOTH_ENGINES, copy_of_office
from tests.web.client import in_one_thread
from tests.web.conftest import Browser
from tests.web.crawler import Crawl
from tests.web.reading import END, MULTIPART, PAYLOADS, Page, part
from tests.web.routes import addresses_of, routes_of
from tests.web.stage import TODAY, Stage, bytes_of_papers, close_stage, stage_settings
from web.app import create_app
from web.listing import FIELDS

#: columns that hold what people typed or what programs outside told
TYPED = {
    "council": ("decision",),
    "council_session": ("place",),
    "decision": ("number", "signatory", "issued_by"),
    "discipline": ("number",),
    "dossier": ("receipt_number", "submission_number"),
    "exemplar": ("field",),
    "exemplar_stage": ("paper_name",),
    "flow_run": ("trouble",),
    "grade": ("number", "issued_by"),
    "history_import": ("file_name",),
    "initiative": ("name", "field"),
    "bloc_meeting": ("place", "paper_name"),
    "covenant_signature": ("paper_name",),
    "fulfilment": ("paper_name",),
    "letter": ("subject", "address"),
    "letter_attempt": ("detail",),
    "movement": ("theme", "number", "paper_name"),
    "movement_call": ("review_name",),
    "note": ("text",),
    "paper": ("name",),
    "person": ("name", "email"),
    "reckoned_recovery": ("items",),
    "recovery": ("items",),
    "score_sheet": ("paper_name",),
    "sheet_line": ("paper_name",),
    "saved_view": ("name", "query"),
    "sign_in": ("client", "address"),
    "suppressed_address": ("address", "detail"),
    "title_count": ("name",),
    "unit": ("name", "source"),
}
#: wide columns of codes, ids, hashes and of what the program itself writes; words of published files have a story below
NOT_TYPED = {
    "account.password_hash", "ballot.choices", "ballot_slot.choices", "bloc_score.exact",
    "dossier.code", "extension.calendar", "flow_run.part", "fulfilment.calendar",
    "history_entry.payload", "initiative.code", "initiative.searched",
    "history_entry.request_key", "history_entry.subject", "history_entry.via", "home_mark.value",
    "letter.leased_by",
    "letter.message_id", "obligation.calendar", "outbox_item.key", "outbox_item.subject", "own_dates.calendar",
    "regulation.name", "regulation.text", "seal.file", "settled_point.exact", "stored_file.media_type", "unit.code",
    "verdict.findings", "verdict.reopened_by", "verdict_basis.key",
}  # fmt: skip
#: all of it in one text, where it stands in the tables already
EVERYTHING = "".join(PAYLOADS)
LOOKING = ("admin", "clerk", "appraiser", "reviewer", "province-appraiser", None)


def put_in_tables(stage: Stage, payload: str) -> None:
    """Put a payload into every typed column of every row that says something there."""
    with stage.office.database.write() as connection:
        for name, columns in TYPED.items():
            table = metadata.tables[name]
            for column in columns:
                filled = table.c[column].is_not(None)
                if name == "sheet_line":
                    # Without a paper it has no name.
                    filled = table.c.paper_sha256.is_not(None)
                # A body's numbers are told apart.
                own = cast(table.c.id, String) if (name, column) == ("decision", "number") else ""
                connection.execute(update(table).where(filled).values({column: literal(payload).concat(own)}))


def shown(stage: Stage, browser: Browser) -> Iterator[tuple[str, Any]]:
    """Every page that answers somebody with a page."""
    for route in routes_of(stage.app):
        if route.method == "GET":
            for address in addresses_of(stage, route)[:3]:
                answer = browser.client.get(address.path)
                yield address.path, answer


def test_what_stands_in_the_tables_is_shown_as_text_and_runs_nowhere(stage: Stage) -> None:
    put_in_tables(stage, EVERYTHING)
    seen = 0
    for person in LOOKING:
        for path, answer in shown(stage, stage.browser(person)):
            assert answer.status_code < 500, path
            if answer.headers.get("content-type", "").startswith("text/html"):
                page = Page(answer.text)
                assert page.runs == [], (path, person)
                seen += EVERYTHING in page.text
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


def test_words_of_a_published_file_are_shown_as_text(stage: Stage) -> None:
    for kind, path in (("titles", "titles/catalogue.yaml"), ("calendar", "calendars/2024-2025.yaml")):
        text = (ROOT / "regulations" / path).read_text(encoding="utf-8")
        said = json.dumps({"vi": EVERYTHING, "en": EVERYTHING})
        hostile, count = re.subn(r"\{vi: [^{}]*, en: [^{}]*\}", lambda _, said=said: said, text)
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
    crawl = Crawl(lambda: stage.browser(person), random.Random(7), 5.0, rubbish=PAYLOADS)
    crawl.crawl(len(PAYLOADS))
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
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/",
    "javascript:alert(1)",
    "/%09/evil.example", "/\t/evil.example", "\t//evil.example", "/./\\evil.example", "http:evil.example",
    "@evil.example",
    "/\r\nLocation: https://evil.example", "//evil.example/..", ".evil.example", "/%5cevil.example",
    " //evil.example",
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

_FORM = "multipart/form-data; boundary=x"
_FIELD = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
_FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n'
_ENDED = b"--x--\r\n"
BODIES: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "cut off": (_FORM, _FIELD + b"--x\r\nContent-Disp"),
    "another boundary": (_FORM, b"--y\r\n\r\n--y--\r\n"),
    "no name": (_FORM, b"--x\r\nContent-Disposition: form-data\r\n\r\nabc\r\n" + _ENDED),
    "no headers": (_FORM, b"--x\r\n\r\nabc\r\n" + _ENDED),
    "strange charset": (f"{_FORM}; charset=klingon", _FIELD + _ENDED),
    "broken letters": (_FORM, _FIELD.replace(b'"a"', b'"\xff"').replace(b"b\r", b"\xff\xfe\r") + _ENDED),
    "many parts": (_FORM, _FIELD * 5_000 + _ENDED),
    "many files": (_FORM, _FILE * 50 + _ENDED),
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
    # What takes long to read is read before any route is reached: a few stand for all.
    for route in routes_of(stage.app)[:: 1 if len(body) < 20_000 else 7]:
        if route.method == "POST":
            path = addresses_of(stage, route)[0].path
            for browser in (admin, nobody):
                headers = {"content-type": kind} if kind else {}
                answer = browser.client.post(path, content=body, headers=headers, follow_redirects=False)
                assert 300 <= answer.status_code < 500, (answer.status_code, path)
    assert stage.changed_since(before) == []


# What stands where a code, a number or a word is awaited.
ODD = (
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "x" * 900, "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "-1", "0",
    "2147483648",
    "9223372036854775808", "9" * 40, "9" * 900, "NaN", "1e400", "%d9%a3", "%c2%b2", "%0d%0a", "%1b%5b31m",
    "'%20OR%201=1--",
    "9999-12-31", "0001-01-01", "%F0%9F%92%A3", "%25s", "{0}", "%E2%80%AE",
)  # fmt: skip


#: what each route is asked whatever else is left out: the two engines mind these differently
ALWAYS = ("a%00b", "2147483648", "9" * 40)
ALL = pytest.param("all", marks=[pytest.mark.hard, pytest.mark.whole])


def odd_ones(number: int, extent: str) -> Sequence[str]:
    """What stands in the addresses of a route; where not all are wanted, other ones for each."""
    return ODD if extent == "all" else (*ALWAYS, *ODD[number % 8 :: 8])


@pytest.fixture(params=BOTH_ENGINES)
def plain(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Stage]:
    """A small stage on each engine: they mind different things."""
    with copy_of_office(request, tmp_path) as office:
        url = office.database.engine.url.render_as_string(hide_password=False)
        made = Stage(office, create_app(stage_settings(tmp_path, url)), tmp_path)
        made.stand("2025-06-10")
        made.codes["at_education_office"] = office.dossier_at("at_education_office")
        bytes_of_papers(office.database, made.app.state.house.store)
        with in_one_thread():
            yield made
        close_stage(made)


@pytest.mark.parametrize("extent", ["some", ALL])
@pytest.mark.parametrize("person", ["admin", "clerk"])
def test_whatever_stands_in_an_address_breaks_no_page(plain: Stage, person: str, extent: str) -> None:
    browser = plain.browser(person)
    broken = []
    for number, route in enumerate(routes_of(plain.app)):
        if route.method != "GET":
            continue
        # Of what the plain office has none, only odd addresses are asked for.
        known = next((address.path for address in addresses_of(plain, route)), None)
        names = {*route.query, *(FIELDS if route.path.startswith(("/queue", "/dossiers")) else ())}
        for odd in odd_ones(number, extent):
            paths = (
                [f"{known}?" + "&".join(f"{name}={odd}" for name in sorted(names))] if names and known else []
            )
            paths += [re.sub(r"\{[a-z_0-9]+\}", odd, route.path)] if "{" in route.path else []
            for path in paths:
                status = browser.client.get(path, follow_redirects=False).status_code
                if status >= 500:
                    broken.append((status, path[:200]))
    assert broken == []


@pytest.mark.parametrize("extent", ["some", ALL])
@pytest.mark.parametrize("person", ["admin", "clerk"])
def test_whatever_stands_in_an_address_breaks_no_form(plain: Stage, person: str, extent: str) -> None:
    broken = []
    typed = {"reason": "x", "version": "1", "day": "2025-06-10", "text": "x", "name": "x"}
    for number, route in enumerate(routes_of(plain.app)):
        if route.method == "POST" and "{" in route.path:
            for odd in odd_ones(number, extent):
                browser = plain.browser(person)
                path = re.sub(r"\{[a-z_0-9]+\}", odd, route.path)
                fields = typed | browser.hidden()
                status = browser.client.post(path, data=fields, follow_redirects=False).status_code
                if status >= 500:
                    broken.append((status, path[:200]))
    assert broken == []


@pytest.mark.parametrize("seconds", [2.0, pytest.param(90.0, marks=[pytest.mark.hard, pytest.mark.whole])])
@pytest.mark.parametrize("person", ["admin", "clerk", "appraiser", None])
def test_whatever_is_filled_in_breaks_no_form_on_either_engine(
    plain: Stage, person: str | None, seconds: float
) -> None:
    crawl = Crawl(lambda: plain.browser(person), random.Random(11), seconds)
    crawl.crawl(20)
    assert crawl.troubles == []


# --- What a form does not ask for, and numbers of others ------------------------------------------------------------

MORE = {
    "actor_id": "1", "person": "chairman", "person_id": "16", "unit_id": "1", "unit": "huyen",
    "on_behalf_of": "chairman",
    "state": "decided", "state_kind": "decided", "outcome": "awarded", "desk": "state", "now": "2020-01-01",
    "at": "2020-01-01",
    "via": "terminal:root", "dry_run": "1", "expected_version": "1", "dossier_id": "1", "id": "1",
    "admin": "true",
    "head_hash": "0" * 64, "request_sha256": "0" * 64, "decision.number": "1/QĐ", "number": "1/QĐ", "points": "1000",
    "__proto__": "x", "self": "x", "visit": "x", "posted": "x", "code": "x", "event": "decide",
}  # fmt: skip


def withdrawn(plain: Stage, more: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(dossier, entry) after the same step with other fields beside those that the form asks for."""
    browser, code = plain.browser("clerk"), plain.codes["at_education_office"]
    fields = {"reason": "Xin rút", "version": str(plain.office.row(code)["version"])}
    answer = browser.client.post(
        f"/dossiers/{code}/steps/withdraw", data=more | fields | browser.hidden(), follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    entry, row = metadata.tables["history_entry"], plain.office.row(code)
    last = entry.select().where(entry.c.subject == f"dossier:{row['id']}", entry.c.seq == row["version"])
    with plain.office.database.read() as connection:
        return row, dict(connection.execute(last).mappings().one())


def test_fields_that_no_form_asks_for_change_nothing(plain: Stage) -> None:
    code = plain.codes["at_education_office"]
    before = plain.office.row(code)
    after, entry = withdrawn(plain, MORE)
    moved = {"state", "state_kind", "withdrawn_from", "changed_at", "look_on", "version", "head_hash"}
    moved |= {"desk", "desk_unit_id"}
    assert {name for name in after if after[name] != before[name]} <= moved
    assert (after["state"], after["desk"]) == ("withdrawn", "school")
    assert (entry["actor_id"], entry["on_behalf_of_id"]) == (plain.office.people["clerk"], None)
    assert (entry["event"], entry["via"], entry["at"]) == ("withdraw", "web", noon("2025-06-10"))
    payload = json.loads(entry["payload"])
    assert set(payload) <= {"from", "to", "kind", "desk", "reason"}


def test_a_version_that_is_none_is_refused_or_told_and_never_overtakes(plain: Stage) -> None:
    code = plain.codes["at_education_office"]
    before = plain.office.row(code)
    for version in ("0", "1", "999999", "9" * 18):
        browser = plain.browser("clerk")
        fields = {"reason": "Xin rút", "version": version} | browser.hidden()
        answer = browser.client.post(f"/dossiers/{code}/steps/withdraw", data=fields)
        assert answer.status_code == 409, version
    assert plain.office.row(code) == before


def test_numbers_of_others_open_nothing_by_ones_own_address(stage: Stage) -> None:
    """A paper, a nomination or a receipt of a dossier that one may not see, asked for under one that one may."""
    own, other = stage.codes["of_others"], stage.codes["preparing"]
    theirs = stage.office.row(other)["id"]
    browser = stage.browser("clerk-2")
    before = stage.digests()
    for number in stage.ids("paper", dossier_id=theirs):
        for path in (f"/dossiers/{own}/papers/{number}", f"/dossiers/{own}/papers/{number}/remove"):
            assert browser.client.get(path).status_code == 404, path
        gone = browser.client.post(f"/dossiers/{own}/papers/{number}/remove", data=browser.hidden())
        assert gone.status_code in (404, 409)
    for number in stage.ids("nomination", dossier_id=theirs):
        path = f"/dossiers/{own}/nominations/{number}/strike"
        assert browser.client.get(path).status_code == 404, path
        struck = browser.client.post(path, data=browser.hidden() | {"reason": "x"})
        assert struck.status_code in (404, 409)
        act = {"nomination": str(number), "reason": "x", f"verdict-{number}": "supported"}
        for name in ("strike", "give_opinion"):
            browser.client.post(f"/dossiers/{own}/acts/{name}", data=browser.hidden() | act)
    for number in stage.ids("delegation"):
        browser.client.post(f"/account/duties/delegations/{number}/end", data=browser.hidden())
    for number in stage.ids("sign_in", person_id=stage.office.people["admin"]):
        browser.client.post(f"/account/sign-ins/{number}/end", data=browser.hidden())
    assert stage.changed_since(before) == []

"""Somebody who follows every link and sends every form, filled with whatever."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from kit.clock import stopwatch
from tests.documents.paper_bytes import pdf
from tests.web.conftest import Browser
from tests.web.reading import END, MULTIPART, PAYLOADS, Page, ShownForm, part

RUBBISH = (
    "", "abc", "-5", "0", "1", "2025-02-30", "31/02/2025", "30/06/2025", "9999-12-31", "999999999999999999999",
    "2147483648", "NaN", "1e400", "../../x", "'; DROP TABLE dossier; --", "\N{SNOWMAN}", "٣", "²", "a\0b", "a\r\nb: c",
    "x" * 5_000, "teacher", "th-mau-1", "LDTT", "yes", "\x1b[31m", "\u202eabc", *PAYLOADS,
)  # fmt: skip
#: what would end the crawl, or run for long, and has stories of its own
LEFT_OUT = ("/sign-out", "/runs/now", "/clock/next-day")


@dataclass
class Crawl:
    """One person's way through the pages; ``troubles`` is what no page may do."""

    browser: Browser
    dice: random.Random
    seconds: float
    rubbish: tuple[str, ...] = RUBBISH
    troubles: list[str] = field(default_factory=list)
    pages: int = 0
    forms: int = 0
    _seen: set[str] = field(default_factory=set)
    _sent: set[tuple[str, ...]] = field(default_factory=set)

    def walk(self, start: str = "/", again: int = 1) -> None:
        """Breadth first from a page, each link once and each form ``again`` times, until all is seen or time is up."""
        end = stopwatch() + self.seconds
        waiting = deque([start])
        while waiting and stopwatch() < end:
            path = waiting.popleft()
            if path in self._seen:
                continue
            self._seen.add(path)
            page = self.judge("GET", path, self.browser.client.get(path))
            if page is None:
                continue
            waiting.extend(self.onward(path, page))
            for form in page.forms:
                waiting.extend(self.send(path, form, again, end))

    def onward(self, path: str, page: Page) -> list[str]:
        """The links of a page that lead to pages of ours; of those that differ in their query alone, the first few."""
        found = []
        for link in page.links:
            parts = urlsplit(urljoin(path, link))
            if parts.netloc or parts.scheme or not parts.path.startswith("/"):
                continue
            onward = parts.path + (f"?{parts.query}" if parts.query else "")
            alike = sum(seen.partition("?")[0] == parts.path for seen in self._seen)
            if onward not in self._seen and (alike < 3 or not parts.query):
                found.append(onward)
        return found

    def send(self, path: str, form: ShownForm, again: int, end: float) -> list[str]:
        """Send a form some times, each time with other rubbish; where that leads."""
        target = urljoin(path, form.action) if form.action else path
        fields = tuple(field.name for field in form.fields)
        known = (form.method, target.partition("?")[0], *fields)
        if known in self._sent or target.partition("?")[0] in LEFT_OUT or urlsplit(target).netloc:
            return []
        self._sent.add(known)
        for _ in range(again):
            if stopwatch() > end:
                break
            filled = self.filled(form)
            answer = self._request(form, target, filled)
            self.forms += 1
            self.judge(form.method.upper(), f"{target} with {str(filled)[:600]}", answer)
        return []

    def filled(self, form: ShownForm) -> list[tuple[str, str]]:
        """A form filled in: hidden fields mostly as they are, choices mostly among those offered, the rest with rubbish."""
        found = []
        for shown in form.fields:
            rubbish = self.dice.choice(self.rubbish)
            if shown.name in ("csrf", "key"):
                value = shown.value
            elif shown.kind == "hidden":
                value = rubbish if self.dice.random() < 0.2 else shown.value
            elif shown.choices:
                value = rubbish if self.dice.random() < 0.2 else self.dice.choice(shown.choices)
            elif shown.kind in ("checkbox", "radio", "button", "submit"):
                if self.dice.random() < 0.4:
                    continue
                value = rubbish if self.dice.random() < 0.2 else shown.value
            else:
                value = rubbish
            found += [(shown.name, value)] * (1 if self.dice.random() < 0.95 else 3)
        return found

    def _request(self, form: ShownForm, target: str, filled: list[tuple[str, str]]) -> Any:
        if form.method == "get":
            return self.browser.client.get(target, params=filled)
        if form.multipart:
            files = {shown.name for shown in form.fields if shown.kind == "file"}
            name = self.dice.choice((*PAYLOADS, "a.pdf", "..\\..\\b.pdf", "")).replace('"', "%22")
            body = [part(n, v.encode(), name if n in files else None) for n, v in filled if n not in files]
            body += [part(n, pdf(self.dice.choice(self.rubbish)), name) for n in files]
            return self.browser.client.post(target, content=b"".join(body) + END, headers=MULTIPART)
        data: dict[str, list[str]] = {}
        for name, value in filled:
            data.setdefault(name, []).append(value)
        return self.browser.client.post(target, data=data)

    def judge(self, method: str, path: str, answer: Any) -> Page | None:
        """Note what is wrong with an answer; gives the page where it is one."""
        self.pages += 1
        if answer.status_code >= 500 or (
            method == "GET" and answer.status_code in (404, 405) and " with " not in path
        ):
            self.troubles.append(f"{answer.status_code} {method} {path}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        page = Page(answer.text)
        if not page.title.strip() or len(page.headings) != 1 or not page.headings[0].strip():
            self.troubles.append(f"title {page.title!r}, h1 {page.headings} {method} {path}")
        self.troubles += [f"{what} {method} {path}" for what in page.runs]
        return page

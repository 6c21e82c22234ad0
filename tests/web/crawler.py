"""Somebody who follows every link and sends every form, filled with whatever."""

from __future__ import annotations

import random
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from kit.clock import stopwatch
from tests.documents.paper_bytes import pdf
from tests.web.conftest import Browser
from tests.web.reading import END, MULTIPART, PAYLOADS, Page, ShownForm, part
from web.forms import new_key

RUBBISH = (
    "", "abc", "-5", "0", "1", "2025-02-30", "31/02/2025", "30/06/2025", "9999-12-31", "999999999999999999999",
    "2147483648", "NaN", "1e400", "../../x", "'; DROP TABLE dossier; --", "\N{SNOWMAN}", "٣", "²", "a\0b", "a\r\nb: c",
    "x" * 5_000, "teacher", "th-mau-1", "LDTT", "yes", "\x1b[31m", "\u202eabc", *PAYLOADS,
)  # fmt: skip
#: what would end the crawl, or run for long, and has stories of its own
LEFT_OUT = ("/sign-out", "/runs/now", "/clock/next-day")
#: links that are followed of those that differ in numbers alone
_ALIKE = 8


@dataclass
class Crawl:
    """One person's way through the pages; ``troubles`` is what no page may do.

    ``enter`` gives a browser: it is asked again when a form has ended the sign-in.
    """

    enter: Callable[[], Browser]
    dice: random.Random
    seconds: float
    rubbish: tuple[str, ...] = RUBBISH
    troubles: list[str] = field(default_factory=list)
    pages: int = 0
    sent: int = 0
    forms: dict[tuple[str, ...], tuple[str, ShownForm]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = self.enter()
        self._end = stopwatch() + self.seconds

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return stopwatch() > self._end

    def walk(self) -> set[str]:
        """Follow every link, breadth first; of addresses that differ in numbers and queries alone, the first few.
        Gives the addresses.
        """
        waiting, seen, alike = deque([("/", "/")]), {"/"}, Counter[str]()
        while waiting and not self.over:
            path, source = waiting.popleft()
            answer = self._get(path)
            if answer.status_code == 404 and path not in self._links(source, self._get(source)):
                # What it was about went on since: the page that led here no longer does.
                continue
            page = self.judge("GET", path, answer)
            for form in page.forms if page else ():
                self._note(path, form)
            for onward in self._links(path, answer):
                shape = re.sub(r"[0-9a-f]{64}|\d+", "0", onward.partition("?")[0])
                if onward not in seen and alike[shape] < _ALIKE:
                    alike[shape] += 1
                    seen.add(onward)
                    waiting.append((onward, path))
        return seen

    def fill_in(self, times: int) -> None:
        """Send every form that was found, and those that come with the answers, ``times`` with other rubbish."""
        done: Counter[tuple[str, ...]] = Counter()
        while not self.over:
            open_ones = [known for known in self.forms if done[known] < times]
            if not open_ones:
                return
            for known in open_ones:
                done[known] += 1
                self._send(*self.forms[known])
                if self.over:
                    return

    def _get(self, path: str) -> Any:
        answer = self.browser.client.get(path)
        if answer.url.path == "/sign-in" and not path.startswith("/sign-in"):
            self.browser = self.enter()
            answer = self.browser.client.get(path)
        return answer

    def _links(self, path: str, answer: Any) -> list[str]:
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        found = []
        for link in Page(answer.text).links:
            parts = urlsplit(urljoin(path, link))
            if not parts.netloc and not parts.scheme and parts.path.startswith("/"):
                found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return found

    def _note(self, path: str, form: ShownForm) -> None:
        target = urljoin(path, form.action) if form.action else path
        bare = target.partition("?")[0].partition("#")[0]
        known = (
            form.method,
            re.sub(r"\d+", "0", bare),
            *sorted({re.sub(r"\d+", "0", f.name) for f in form.fields}),
        )
        if bare not in LEFT_OUT and not urlsplit(target).netloc:
            self.forms.setdefault(known, (target, form))

    def _send(self, target: str, form: ShownForm) -> None:
        filled = self.filled(form)
        answer = self._request(form, target, filled)
        if answer.url.path == "/sign-in" and not target.startswith(("/sign-in", "/look")):
            self.browser = self.enter()
        self.sent += 1
        page = self.judge(form.method.upper(), target, answer, filled)
        for onward in page.forms if page else ():
            self._note(answer.url.path, onward)

    def filled(self, form: ShownForm) -> list[tuple[str, str]]:
        """A form filled in: hidden fields mostly as they are, choices mostly of those offered, the rest rubbish."""
        found = []
        for shown in form.fields:
            rubbish = self.dice.choice(self.rubbish)
            if shown.name == "csrf":
                value = self.browser.hidden()["csrf"]
            elif shown.name == "key":
                value = new_key()
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

    def judge(self, method: str, path: str, answer: Any, filled: object = None) -> Page | None:
        """Note what is wrong with an answer; gives the page where it is one."""
        self.pages += 1
        what = f"{method} {path}" + (f" with {str(filled)[:600]}" if filled is not None else "")
        dead = filled is None and answer.status_code not in (200, 403)
        if answer.status_code >= 500 or dead:
            self.troubles.append(f"{answer.status_code} {what}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        page = Page(answer.text)
        if not page.title.strip() or len(page.headings) != 1 or not page.headings[0].strip():
            self.troubles.append(f"title {page.title!r}, h1 {page.headings}: {what}")
        self.troubles += [f"{found}: {what}" for found in page.runs]
        return page

"""A page read as a browser reads it: its links, its forms, and what in it could run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

#: what is put into every text; the third would be another number if a template were made of it
PAYLOADS = ('"><script>alert(1)</script>', "'\"<img src=x onerror=1>", "{{7777*7777}}")
_EVALUATED = "60481729"
_GOING = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"}


@dataclass
class Field:
    """One field of a form: its kind, its value as the page has it, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class ShownForm:
    """A form of a page."""

    method: str
    action: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)


class Page(HTMLParser):
    """A page, taken apart."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[ShownForm] = []
        self.title = ""
        self.text = ""
        self.headings: list[str] = []
        self.runs: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        if _EVALUATED in html:
            self.runs.append("a template was made of a text")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        self._judge(tag, given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "h1":
            self.headings.append("")
        elif tag == "form":
            multipart = given.get("enctype") == "multipart/form-data"
            self.forms.append(
                ShownForm(given.get("method", "get").lower(), given.get("action", ""), multipart)
            )
        elif self.forms and "name" in given:
            self.forms[-1].fields.append(Field(given["name"], given.get("type", tag), given.get("value", "")))
        elif tag == "option" and self.forms and self.forms[-1].fields:
            self.forms[-1].fields[-1].choices.append(given.get("value", ""))

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.runs.append("a script of somebody else's")
        if tag in ("iframe", "object", "embed", "base") or (tag == "img" and given.get("src") == "x"):
            self.runs.append(f"an element <{tag}>")
        self.runs += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "style"]
        for name in _GOING & given.keys():
            parts = urlsplit(given[name].strip())
            if parts.scheme not in ("", "http", "https", "mailto", "webcal", "data") or (
                parts.scheme == "data" and tag != "img"
            ):
                self.runs.append(f"<{tag} {name}={given[name][:60]}>")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if not self._open:
            return
        if self._open[-1] == "title":
            self.title += data
        elif "h1" in self._open:
            self.headings[-1] += data
        elif self._open[-1] == "textarea" and self.forms and self.forms[-1].fields:
            self.forms[-1].fields[-1].value += data


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    """One part of a multipart body, its names as they are given: no library writes hostile ones."""
    named = f'; filename="{filename}"' if filename is not None else ""
    kind = "\r\nContent-Type: application/octet-stream" if filename is not None else ""
    head = f'--grenze\r\nContent-Disposition: form-data; name="{name}"{named}{kind}\r\n\r\n'
    return head.encode() + value + b"\r\n"


MULTIPART = {"content-type": "multipart/form-data; boundary=grenze"}
END = b"--grenze--\r\n"

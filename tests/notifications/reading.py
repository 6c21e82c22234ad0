"""Reading the HTML part of a letter as a mail program would."""

from __future__ import annotations

import re
from xml.etree import ElementTree


def tree_of(html: str) -> ElementTree.Element:
    """The HTML part as a tree; it is written so strictly that an XML parser reads it. Fails where it is not."""
    assert html.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>\n"))


def shown(html: str) -> str:
    """What a reader sees of the HTML part."""
    body = tree_of(html).find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


def words_in(text: str) -> set[str]:
    """The words of a text, without the signs of either part."""
    text = re.sub(r"https?://\S+", " ", text)
    return set(re.findall(r"[\w@./%-]*\w", text))

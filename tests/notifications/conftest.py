"""A catalogue of mail troubles of the tests' own: what the real one says is not what a letter's form depends on."""

from __future__ import annotations

import pytest

from notifications import words
from tests.notifications.made_up import TROUBLE


@pytest.fixture(autouse=True)
def trouble_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    real = words.catalogue

    def catalogue(name: str, lang: str) -> dict[str, str]:
        return {"sample_trouble": TROUBLE[lang]} if name == "mail" else real(name, lang)

    monkeypatch.setattr(words, "catalogue", catalogue)

"""What is called by one word: a reader who meets two looks for two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifications.words import FOLDER, catalogue
from tests.build import ROOT


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.vi.yaml")), ids=lambda path: path.stem)
def test_a_procedure_is_a_quy_trinh_everywhere(path: Path) -> None:
    texts = catalogue(path.name.split(".")[0], "vi")
    other = {code for code, text in texts.items() for word in ("thủ tục", "trình tự") if word in text.lower()}
    assert other == set()


def test_the_glossary_has_the_same_word() -> None:
    rows = (Path(ROOT) / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    (row,) = (row for row in rows if "`Procedure`" in row)
    assert row.startswith("| quy trình |")
    assert not any("thủ tục" in row or "trình tự" in row for row in rows)

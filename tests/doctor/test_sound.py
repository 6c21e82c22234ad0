"""In a sound database the doctor finds nothing, and every finding can be said and mended in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from casework.audit.snapshot import snapshot
from casework.audit.verify import verify
from casework.doctor.examine import INVARIANTS, examine
from casework.doctor.finding import Finding
from tests.build import Office, noon

WORDS = Path(__file__).resolve().parents[2] / "notifications" / "words"


def test_a_sound_office_in_which_much_has_happened_gives_no_finding(sound: Office) -> None:
    seen: list[tuple[int, int]] = []
    with snapshot(sound.database) as connection:
        findings = examine(connection, noon("2025-12-31"), progress=lambda done, of: seen.append((done, of)))
        assert findings == []
        assert verify(connection).sound
    assert seen[-1] == (len(INVARIANTS), len(INVARIANTS))


def test_an_empty_database_gives_no_finding(database) -> None:
    with snapshot(database) as connection:
        assert examine(connection, noon("2025-12-31")) == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_finding_says_what_is_wrong_and_how_to_mend_it(lang: str) -> None:
    words = yaml.safe_load((WORDS / f"doctor.{lang}.yaml").read_text(encoding="utf-8"))
    wanted = {f"{invariant.code}.{part}" for invariant in INVARIANTS for part in ("says", "mend")}
    assert set(words) == wanted
    assert all(isinstance(text, str) and len(text) > 10 for text in words.values())


def test_a_finding_names_its_words() -> None:
    finding = Finding("award_missing", "fault", ("nomination:1",), 1)
    assert (finding.says, finding.mend) == ("doctor.award_missing.says", "doctor.award_missing.mend")

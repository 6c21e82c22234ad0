"""Who is meant by a row: surely one, one of several that a person must choose from, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.career.columns import FileRow
from casework.career.reach import Known, Reach
from casework.views.staff import bare, like
from rules.reasons import Reason

#: why somebody has to look: the code is another's name, several fit, the birth date is another or is not there, the
#: name is written without its marks, the code is unknown
DOUBTS = ("other_name", "several", "other_birth_date", "no_birth_date", "marks", "code_unknown")


@dataclass(frozen=True, slots=True)
class Match:
    """``person`` is sure; else ``candidates`` may be meant, for ``doubt``; without these there is ``reason``."""

    person: Known | None = None
    candidates: tuple[Known, ...] = ()
    doubt: str = ""
    reason: Reason | None = None


class Matching:
    """The people of a reach, by everything that a row may say of them."""

    def __init__(self, reach: Reach) -> None:
        self._codes = reach.by_code()
        self._names = reach.by_name()
        self._bare = reach.by_bare_name()

    def of_row(self, row: FileRow, birth_date: date | None, chosen: str = "") -> Match:
        """Who is meant by a row. ``chosen`` is the code that a person chose for it: of the candidates, or of anybody
        whose code the row does not contradict."""
        found = self._found(row, birth_date)
        if not chosen:
            return found
        offered = [*found.candidates, *([found.person] if found.person else [])]
        one = next((one for one in offered if like(one.code) == like(chosen)), None)
        if one is None and not offered:
            one = self._codes.get(like(chosen))
        if one is None:
            return Match(reason=Reason("career_choice_unfit", {"line": row.line, "value": chosen}))
        return Match(one)

    def _found(self, row: FileRow, birth_date: date | None) -> Match:
        code, name = row.cell("code"), row.cell("name")
        if code:
            return self._by_code(row, code, name, birth_date)
        if not name:
            return Match(reason=Reason("career_nobody", {"line": row.line}))
        return self._by_name(row, name, birth_date)

    def _by_code(self, row: FileRow, code: str, name: str, birth_date: date | None) -> Match:
        one = self._codes.get(like(code))
        if one is None:
            fits = self._exactly(name, birth_date) if name else ()
            if fits:
                return Match(candidates=fits, doubt="code_unknown")
            return Match(reason=Reason("career_code_unknown", {"line": row.line, "value": code}))
        if name and like(name) != like(one.name):
            others = self._names.get(like(name), [])
            return Match(candidates=_once([one, *others]), doubt="other_name")
        if birth_date and one.birth_date and birth_date != one.birth_date:
            return Match(candidates=(one,), doubt="other_birth_date")
        return Match(one)

    def _by_name(self, row: FileRow, name: str, birth_date: date | None) -> Match:
        exactly = self._exactly(name, birth_date)
        if len(exactly) == 1:
            return Match(exactly[0])
        if exactly:
            return Match(candidates=exactly, doubt="several")
        same = self._names.get(like(name), [])
        if same:
            if len(same) > 1:
                return Match(candidates=tuple(same), doubt="several")
            doubt = "other_birth_date" if birth_date and same[0].birth_date else "no_birth_date"
            return Match(candidates=tuple(same), doubt=doubt)
        alike = self._bare.get(bare(name), [])
        if alike:
            return Match(candidates=tuple(alike), doubt="marks")
        return Match(reason=Reason("career_nobody", {"line": row.line}))

    def _exactly(self, name: str, birth_date: date | None) -> tuple[Known, ...]:
        """Of this name, born on this day; a name alone is never enough."""
        if birth_date is None:
            return ()
        return tuple(one for one in self._names.get(like(name), ()) if one.birth_date == birth_date)


def _once(people: Sequence[Known]) -> tuple[Known, ...]:
    return tuple({one.id: one for one in people}.values())

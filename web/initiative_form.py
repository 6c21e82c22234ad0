"""Initiatives out of forms: one that is typed, and rows of a list that is pasted, uploaded or shown again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.initiative_list import MOST_ROWS, TypedInitiative, typed_table
from casework.initiatives import LONGEST_EFFECT, AuthorInput, InitiativeInput
from documents.table_text import MOST_BYTES, NotReadable, rows_of, text_of
from rules.shares import share_in
from web.forms import Form

#: lines for authors
AUTHORS = 6
_SHORT, _LONGEST_PASTE = 300, 200_000
_LONG = LONGEST_EFFECT


def initiative_of(form: Form) -> InitiativeInput | None:
    """What a form says of one initiative; None where something of it is wrong, which is noted in its faults."""
    name = form.text("name", longest=_SHORT, needed=True)
    field = form.text("field", longest=120)
    effect = form.text("effect", longest=_LONG)
    applied = form.day("applied_on", needed=True)
    authors = []
    for number in range(AUTHORS):
        person, share = form.text(f"author-{number}", longest=40), form.text(f"share-{number}", longest=12)
        if not person and not share:
            continue
        if not person:
            form.faults[f"author-{number}"] = "needed"
        # Whose share is left open alone has all of it; otherwise the act says what is wrong with it.
        authors.append(AuthorInput(person.split(" ")[0], share_in(share) if share else None))
    if len(authors) == 1 and authors[0].share is None and not form.text("share-0"):
        authors = [AuthorInput(authors[0].person, share_in("100"))]
    if not authors:
        form.faults["author-0"] = "needed"
    if form.faults or applied is None:
        return None
    return InitiativeInput(name, applied, tuple(authors), field, effect)


def typed_as(initiative: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the form of an initiative as it stands."""
    fields = {
        "name": initiative["name"],
        "field": initiative["field"],
        "effect": initiative["effect"] or "",
        "applied_on": initiative["applied_on"].isoformat() if initiative["applied_on"] else "",
    }
    for number, author in enumerate(initiative["authors"][:AUTHORS]):
        fields |= {f"author-{number}": author["code"], f"share-{number}": author["share"]}
    return fields


def typed_list(form: Form) -> list[TypedInitiative]:
    """The rows of a form, at most `MOST_ROWS`; what cannot be read is noted in its faults."""
    rows = [*_shown(form), *_table(form, "list", form.text("list", longest=_LONGEST_PASTE)), *_uploaded(form)]
    if len(rows) > MOST_ROWS:
        form.faults["list"] = "too_many_rows"
    return rows[:MOST_ROWS]


def _shown(form: Form) -> list[TypedInitiative]:
    """Rows that were looked at before, those that were kept."""
    return [
        TypedInitiative(
            form.text(f"name-{number}", longest=_SHORT),
            form.text(f"field-{number}", longest=_SHORT),
            form.text(f"applied-{number}", longest=40),
            form.text(f"authors-{number}", longest=2_000),
            form.text(f"effect-{number}", longest=_LONG),
            form.text(f"seen-{number}", longest=40),
        )
        for number in form.wholes("keep")[:MOST_ROWS]
    ]


def _uploaded(form: Form) -> list[TypedInitiative]:
    found: list[TypedInitiative] = []
    for file in form.files("file")[:1]:
        try:
            found += _table(form, "file", text_of(file.file.read(MOST_BYTES + 1)))
        except NotReadable as trouble:
            form.faults["file"] = trouble.code
    return found


def _table(form: Form, field: str, text: str) -> list[TypedInitiative]:
    try:
        return typed_table(rows_of(text, MOST_ROWS))
    except NotReadable as trouble:
        form.faults[field] = trouble.code
        return []

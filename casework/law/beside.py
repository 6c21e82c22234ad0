"""A rulebook beside what this home has published: the catalogue of titles and the other rulebooks."""

from __future__ import annotations

from sqlalchemy import Connection

from casework.regulations import Unsound, is_published, published, rulebook_of, titles_in_force
from kit.canonical import sha256_hex
from kit.strict_yaml import Fault
from published.rulebooks import Rulebook, read_rulebook
from published.rulebooks.beside import beside
from published.titles import Title
from rules.reasons import Refused


def faults_beside(connection: Connection, text: bytes) -> tuple[Fault, ...]:
    """What is wrong with a rulebook beside what is published; nothing where its form has faults already."""
    rulebook, faults = read_rulebook(text)
    if rulebook is None or faults:
        return ()
    return beside(rulebook, catalogue_of(connection), _others(connection))


def catalogue_of(connection: Connection) -> dict[str, Title] | None:
    """The titles in force; None where no catalogue was published."""
    try:
        return titles_in_force(connection)
    except Refused:
        return None


def _others(connection: Connection) -> list[Rulebook]:
    """The newest versions of this home; one that can be read no more is no reason against another."""
    found = []
    for _, sha256 in published(connection, "rulebook"):
        try:
            found.append(rulebook_of(connection, sha256))
        except Unsound:
            continue
    return found


def refuse_beside(connection: Connection, text: bytes) -> None:
    """Refuse a rulebook that is new here and has a fault beside what is published.

    Raises:
        Unsound: those faults; those of its form are for the publishing itself.
    """
    if is_published(connection, sha256_hex(text)):
        return
    faults = faults_beside(connection, text)
    if faults:
        raise Unsound(faults)

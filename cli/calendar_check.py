"""What is found in a calendar file beside its form: by grade, each with its line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import exits
from cli.papers import read_regulation
from cli.terminal import Terminal

if TYPE_CHECKING:
    from published.lint.findings import Finding
    from published.lint.surroundings import Surroundings


def check_calendar(terminal: Terminal, file: Path) -> int:
    """Tell every fault, warning and note of a calendar file; nothing is stored, and only faults are an exit code."""
    from casework.calendar_check import look_at
    from casework.regulations import check_regulation
    from cli.troubles import show_faults
    from kit.canonical import sha256_hex
    from published.lint.findings import FAULT

    text = read_regulation(file)
    name, faults = check_regulation("calendar", text)
    if faults or name is None:
        show_faults(terminal, faults, str(file))
        return exits.UNSOUND
    _, findings = look_at(text, surroundings(terminal))
    unsound = [finding for finding in findings if finding.grade == FAULT]
    sha256 = sha256_hex(text)
    if terminal.json:
        found = in_plain(terminal, findings)
        data = {"file": str(file), "kind": "calendar", "name": name, "sha256": sha256}
        trouble = {"error": "unsound"} if unsound else {}
        faulty = [finding for finding in found if finding["grade"] == FAULT]
        terminal.screen.data({**trouble, **data, "faults": faulty, "findings": found})
    else:
        if unsound:
            show_faults(terminal, unsound, str(file))
        else:
            terminal.screen.line(terminal.say("sound", name=name, sha256=sha256))
        show_findings(terminal, findings)
    return exits.UNSOUND if unsound else exits.DONE


def surroundings(terminal: Terminal) -> Surroundings:
    """What this home has published and which units it knows; this program's own files where it has no procedure."""
    from casework.calendar_check import surroundings_of
    from kit.database import StorageTrouble
    from rehearsal.sample_surroundings import sample_surroundings

    try:
        with terminal.reading() as connection:
            around = surroundings_of(connection)
    except StorageTrouble as trouble:
        if trouble.code != "database_not_prepared":
            raise
        return sample_surroundings()
    return around if around.procedures else sample_surroundings()


def show_findings(terminal: Terminal, findings: Iterable[Finding]) -> None:
    """Warnings and notes, each under its heading."""
    from notifications.words import say_fault
    from published.lint.findings import NOTE, WARNING

    listed = tuple(findings)
    for grade in (WARNING, NOTE):
        of_grade = [finding for finding in listed if finding.grade == grade]
        if not of_grade:
            continue
        terminal.screen.line()
        head = "findings_warning" if grade == WARNING else "findings_note"
        terminal.screen.title(terminal.say(head, count=len(of_grade)))
        for finding in of_grade:
            where = terminal.say("line", line=finding.line) if finding.line else terminal.say("whole_file")
            terminal.screen.item(f"  {where}: ", f"{say_fault(finding, terminal.lang)} [{finding.code}]")


def in_plain(terminal: Terminal, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain data."""
    from notifications.words import say_fault

    return [
        {
            "grade": finding.grade,
            "line": finding.line,
            "code": finding.code,
            "params": finding.params,
            "text": say_fault(finding, terminal.lang),
        }
        for finding in findings
    ]

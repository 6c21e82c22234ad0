"""What the exit code of `thidua` says; documented in `docs/commands.md`."""

from __future__ import annotations

DONE = 0
#: a fault of the program itself; please report it
BROKEN = 1
USAGE = 2
REFUSED = 3
NOT_FOUND = 4
STORAGE = 5
UNSOUND = 6
FOUND = 7
#: the work ended before its end; what is left waits for a later run
BROKEN_OFF = 8
INTERRUPTED = 130

#: reasons that say that something named does not exist
NOT_FOUND_CODES = frozenset(
    {
        "address_not_suppressed",
        "career_import_unknown",
        "delegation_not_found",
        "discipline_unknown",
        "letter_not_found",
        "link_unknown",
        "matter_unknown",
        "no_account",
        "note_not_found",
        "paper_not_found",
        "service_unknown",
        "sheet_not_found",
        "sign_in_not_found",
        "unknown_calendar",
        "unknown_council",
        "unknown_decision",
        "unknown_council_member",
        "unknown_council_rules",
        "unknown_session",
        "unknown_desk",
        "unknown_dossier",
        "unknown_exemplar",
        "unknown_flow",
        "unknown_holder",
        "unknown_holidays",
        "unknown_initiative",
        "unknown_letter_kind",
        "unknown_milestone",
        "unknown_movement",
        "unknown_person",
        "unknown_procedure",
        "unknown_rulebook",
        "unknown_scorecard",
        "unknown_succession",
        "title_without_conditions",
        "unknown_title",
        "unknown_unit",
        "unknown_version",
    }
)

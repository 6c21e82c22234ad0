"""The words that the program knows. States and desks are named by the data; these are not.

A procedure may name any state and any desk, but each state has one of these kinds, each step one of these
events, and what a step provides comes from this list: pages, constraints and texts are written per word.
"""

from __future__ import annotations

KINDS = (
    "draft",
    "at_desk",
    "returned",
    "on_hold",
    "filed",
    "decided",
    "forwarded",
    "withdrawn",
    "lapsed",
    "declined",
    "revoked",
)

# From these the dossier may go back to where it was, so the row remembers that state.
ASIDE_KINDS = ("returned", "on_hold", "withdrawn", "lapsed")

# A dossier may rest here for good.
FINAL_KINDS = ("decided", "withdrawn", "lapsed", "declined", "revoked")

# A dossier that rests, or waits for an authority, owes nothing.
RESTING_KINDS = (*FINAL_KINDS, "on_hold")

EVENTS = (
    "register",
    "hand_in",
    "record_score",
    "convene",
    "record_council",
    "appraise",
    "endorse",
    "file",
    "decide",
    "decline",
    "forward",
    "record_result",
    "return",
    "resubmit",
    "withdraw",
    "restore",
    "hold",
    "release",
    "lapse",
    "revive",
    "reopen",
    "revoke",
)

# The steps of the main way: what a dossier owes is the next of these that a milestone opens.
ONWARD = frozenset(
    {
        "register",
        "hand_in",
        "record_score",
        "convene",
        "record_council",
        "appraise",
        "endorse",
        "file",
        "decide",
        "forward",
        "record_result",
    }
)

# What comes with an act: the form, the command and the checks ask for it by these names.
INPUTS = ("reason", "receipt", "decision", "submission", "score", "recovery")

# The facts that a kind of state demands of every step into it.
KIND_DEMANDS: dict[str, tuple[str, ...]] = {
    "returned": ("reason",),
    "on_hold": ("reason",),
    "filed": ("receipt",),
    "decided": ("decision",),
    "forwarded": ("submission",),
    "withdrawn": ("reason",),
    "declined": ("reason",),
    "revoked": ("reason", "decision", "recovery"),
}

LEVELS = ("local", "province", "ministry", "state")

# Desks that are not of one unit: where the dossier is now; the calendar itself.
HERE = "here"
CALENDAR = "calendar"

# A desk of this name lays open to everybody what lies there: the list stands on the public pages until it goes on.
PUBLIC_OPINION = "public_opinion"

# A step back to where the dossier was before it was set aside.
BACK = "back"

# Duties that carry a deciding signature are checked for separation where the procedure says so.
DUTIES = (
    "clerk",
    "principal",
    "school_council",
    "bloc_head",
    "bloc_deputy",
    "appraiser",
    "reviewer",
    "office_head",
    "council_secretary",
    "council_chair",
    "chairman",
    "vice_chairman",
    "province_appraiser",
    "ministry_branch",
    "ministry_decider",
    "party_secretary",
    "state_desk",
    "administrator",
)

# What a member of a council may be.
COUNCIL_ROLES = ("chair", "vice_chair", "secretary", "member")

# The kinds of unit that a published file may name; `school` stands for every kind of school. A misspelt kind would
# owe a milestone, hold a desk or decide a title that no unit ever has: nothing would fail, and nobody would act.
UNIT_KINDS = (
    "school",
    "bloc",
    "education_office",
    "interior_office",
    # Since 1 July 2025 the commune's one office for education and home affairs.
    "culture_society_office",
    "emulation_council",
    "people_committee",
    "education_department",
    "interior_department",
    "provincial_council",
    "province_committee",
    "party_committee",
    "ministry",
    "state",
)

PAPERS = (
    "submission_letter",
    "achievement_report",
    "council_minutes",
    "ballot_result",
    "nominee_list",
    "initiative_certificate",
    "grade_decision",
    "award_decision_copy",
    "bloc_minutes",
    "party_opinion",
    "publicity_notice",
    "decision",
    "other",
)

# What becomes of an exemplar, in this order, one at a time.
STAGES = ("found", "nurtured", "reviewed", "spread")

# The kinds of letters that a step of a dossier may send; a desk may be quiet for some of them.
STEP_LETTERS = (
    "received",
    "ready",
    "returned",
    "on_hold",
    "lapsed",
    "withdrawn",
    "declined",
    "revoked",
    "forwarded",
    "decided",
    "result",
    "handed_on",
)

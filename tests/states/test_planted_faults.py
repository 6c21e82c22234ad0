"""Faulty procedure files, each a small edit of a sound one: each fault is named, with its line, no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.strict_yaml import DEPTH, LIMIT
from states.soundness import check_procedure
from tests.states.published_files import FILES, ROOT

SOUND = Path(__file__).with_name("sound.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Plant:
    """What is wrong, the edits that make it so, and the faults to be named: (text on their line, code)."""

    name: str
    edits: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str], ...]


def plant(name: str, old: str, new: str, *faults: tuple[str, str]) -> Plant:
    return Plant(name, ((old, new),), faults)


def edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
        text = text.replace(old, new)
    return text


def line_of(text: str, mark: str) -> int:
    """The line on which ``mark`` stands, once in the whole text; "" stands for the file as a whole."""
    if not mark:
        return 0
    assert text.count(mark) == 1, f"{mark!r} stands {text.count(mark)} times in the faulty file"
    return text[: text.index(mark)].count("\n") + 1


def named(text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in check_procedure(text)[1]]


IN_THE_FORM = (
    plant("unknown key", "verified: false", "verified: false\ncolour: red", ("colour", "unknown_key")),
    plant(
        "unknown key of a desk", "unit: school\n", "unit: school\n    floor: 2\n", ("floor", "unknown_key")
    ),
    plant("unknown key of a state", "kind: lapsed", "kind: lapsed\n    icon: x", ("icon", "unknown_key")),
    plant("unknown key of a step", "{event: lapse,", "{when: x, event: lapse,", ("when: x", "unknown_key")),
    plant("missing key", "source: made up for tests\n", "", ("procedure: sound", "missing_key")),
    plant("step without event", "{event: resubmit, ", "{", ("{from: returned", "missing_key")),
    plant(
        "duplicate key", "verified: false", "verified: no\nverified: yes", ("verified: yes", "duplicate_key")
    ),
    plant("duplicate state", "  lapsed:\n", "  filed: {}\n  lapsed:\n", ("filed: {}", "duplicate_key")),
    plant("no yes or no", "verified: false", "verified: perhaps", ("perhaps", "not_yes_or_no")),
    plant("name is no text", "procedure: sound", "procedure: [a]", ("[a]", "not_a_text")),
    plant("date that does not exist", "2025-06-30", "2025-02-29", ("2025-02-29", "date_does_not_exist")),
    plant("date in words", "2025-06-30", "Tết", ("Tết", "not_a_date")),
    plant("ends before it begins", "2025-06-30", "2023-06-30", ("2023", "ends_before_it_begins")),
    plant(
        "in force is no mapping", "{since: 2024-01-01, until: 2025-06-30}", "2024", ("2024", "not_a_mapping")
    ),
    plant(
        "label without English", "{vi: Tỉnh, en: Province}", "{vi: Tỉnh}", ("vi: Tỉnh}", "label_incomplete")
    ),
    plant("empty label", "{vi: Đã rút,", '{vi: " ",', ('" "', "label_incomplete")),
    plant("label in a third language", "{vi: Đã rút,", "{fr: Retiré, vi: Đã rút,", ("Retiré", "unknown_key")),
    plant("unknown kind", "kind: declined", "kind: refused", ("kind: refused", "unknown_kind")),
    plant("unknown event", "event: revoke,", "event: annul,", ("event: annul", "unknown_event")),
    plant(
        "unknown state in from",
        "revoke, from: decided",
        "revoke, from: decidid",
        ("decidid", "unknown_state"),
        ("  revoked:", "unreachable_state"),
    ),
    plant(
        "unknown state in to",
        "to: revoked",
        "to: revokd",
        ("to: revokd", "unknown_state"),
        ("  revoked:", "unreachable_state"),
    ),
    plant("misspelt kind of unit", "unit: school\n", "unit: shcool\n", ("shcool", "unknown_unit_kind")),
    plant("unknown kind in from", "<filed>, <ret", "<moved>, <filed>, <ret", ("<moved>", "unknown_state")),
    plant("kind without state", "kind: filed", "kind: at_desk", ("event: hold", "kind_without_state")),
    plant("unknown desk of a state", "desk: province\n", "desk: provence\n", ("provence", "unknown_desk")),
    plant(
        "unknown desk of a step",
        "back, desk: review}\n  - {event: lapse",
        "back, desk: revue}\n  - {event: lapse",
        ("revue", "unknown_desk"),
    ),
    plant(
        "unknown desk of a pair", "  - [office, chairman]", "  - [office, mayor]", ("mayor", "unknown_desk")
    ),
    plant("unknown desk made void", "invalidates: [review]", "invalidates: [sea]", ("[sea]", "unknown_desk")),
    plant(
        "the calendar's own opinions made void",
        "desk: calendar}",
        "desk: calendar, invalidates: [here]}",
        ("[here]", "unknown_desk"),
    ),
    plant(
        "list as a state's desk",
        "desk: province\n",
        "desk: [province]\n",
        ("[province]\n    label", "unknown_desk"),
    ),
    plant(
        "list inside a pair", "  - [office, review]", "  - [[office], review]", ("[[office]", "unknown_desk")
    ),
    plant("unknown paper", "[achievement_report]", "[report]", ("[report]", "unknown_paper")),
    plant("unknown check", "[has_nominations]", "[all_well]", ("all_well", "unknown_check")),
    plant("unknown level", "  - province\nmile", "  - province\n  - sky\nmile", ("sky", "unknown_level")),
    plant("unknown level of a step", "levels: [local],", "levels: [local, sky],", ("sky", "unknown_level")),
    plant("unknown duty", "duty: [appraiser]", "duty: [appraiser, poet]", ("poet", "unknown_duty")),
    plant("unknown input", "provides: [receipt]", "provides: [receipt, fee]", ("fee", "unknown_input")),
    plant(
        "unknown recusal",
        "[appraiser]\n    recusal: nomination",
        "[appraiser]\n    recusal: aunt",
        ("aunt", "unknown_recusal"),
    ),
    plant(
        "desk quiet for a letter that no step sends",
        "duty: [appraiser]\n",
        "duty: [appraiser]\n    quiet: [ready, overdue]\n",
        ("quiet", "unknown_letter"),
    ),
    plant(
        "desk quiet for nothing",
        "duty: [appraiser]\n",
        "duty: [appraiser]\n    quiet: []\n",
        ("quiet", "names_nothing"),
    ),
    plant(
        "unknown milestone",
        "milestone: filing,",
        "milestone: fling,",
        ("milestone: fling", "unknown_milestone"),
        ("  - filing", "milestone_unused"),
    ),
    plant("milestone named twice", "  - filing\n", "  - filing\n  - 'filing'\n", ("'filing'", "named_twice")),
    plant("desk without duty", "duty: [reviewer]", "duty: []", ("duty: []", "desk_without_duty")),
    plant(
        "pair of one desk",
        "[office, review]",
        "[office, office]",
        ("office, office", "pair_is_not_two_desks"),
    ),
    plant(
        "pair of three desks",
        "[office, review]",
        "[office, review, school]",
        ("w, school]", "pair_is_not_two_desks"),
    ),
    plant(
        "pairs are no list",
        "  - [office, review]\n  - [office, chairman]\n",
        "  office: review\n",
        ("apart:", "not_a_list"),
    ),
    plant(
        "state without desk",
        "kind: forwarded\n    desk: province\n",
        "kind: forwarded\n",
        ("  with_province:", "state_without_desk"),
    ),
    plant("reserved name", "apart:", "  calendar: {unit: x}\napart:", ("  calendar:", "reserved_name")),
    plant(
        "state named like an event",
        "  lapsed:\n",
        "  return: {}\n  lapsed:\n",
        ("  return:", "state_name_unusable"),
    ),
    plant("state is no mapping", "  lapsed:\n", "  gone: away\n  lapsed:\n", ("gone: away", "not_a_mapping")),
    plant("desk is no mapping", "apart:", "  porch: open\napart:", ("porch: open", "not_a_mapping")),
    plant(
        "step that leaves nothing",
        "revoke, from: decided",
        "revoke, from: []",
        ("from: []", "names_nothing"),
        ("  revoked:", "unreachable_state"),
    ),
    plant("step for no level", "levels: [local],", "levels: [],", ("levels: []", "names_nothing")),
    plant("step is no mapping", "steps:\n", "steps:\n  - resubmit\n", ("  - resubmit", "not_a_mapping")),
)

ON_THE_WAY = (
    plant(
        "unreachable state",
        "  lapsed:\n",
        "  attic:\n    kind: withdrawn\n    desk: school\n    label: {vi: Kho, en: Attic}\n  lapsed:\n",
        ("  attic:", "unreachable_state"),
    ),
    plant(
        "dead end",
        "  - {event: release, from: on_hold, to: back, desk: review}\n",
        "",
        ("  on_hold:", "dead_end"),
        ("  on_hold:", "dead_end"),
    ),
    plant(
        "last step serves the wrong level",
        "  - {event: record_result, from: with_province, to: decided, desk: province, levels: [province]",
        "  - {event: decide, from: with_province, to: decided, desk: province, levels: [local]",
        ("  - province\nmile", "level_never_decided"),
    ),
    plant(
        "one event with two targets",
        "  - {event: resubmit,",
        "  - {event: hand_in, from: registered, to: filed, desk: school, provides: [receipt]}\n"
        "  - {event: resubmit,",
        ("to: filed, desk: school, provides: [receipt]}", "event_with_two_targets"),
    ),
    plant(
        "dead end at one level only",
        "levels: [province], provides: [submission]",
        "provides: [submission]",
        ("  with_province:", "dead_end"),
    ),
    plant(
        "the same event at a level that has it already",
        "  - {event: resubmit,",
        "  - {event: decide, from: at_chairman, to: decided, desk: chairman, levels: [local, province],"
        " provides: [decision], checks: [separation, not_concerned]}\n  - {event: resubmit,",
        ("levels: [local, province]", "event_with_two_targets"),
    ),
    plant("filed without receipt", "provides: [receipt]", "provides: [score]", ("[score]", "kind_demands")),
    plant(
        "decided without decision",
        "levels: [local], provides: [decision]",
        "levels: [local]",
        ("event: decide", "kind_demands"),
    ),
    plant("forwarded without submission", "provides: [submission], ", "", ("event: forward", "kind_demands")),
    plant(
        "returned without reason",
        "to: returned, desk: here, provides: [reason]",
        "to: returned, desk: here",
        ("event: return", "kind_demands"),
    ),
    plant("revoked without recovery", "decision, recovery]", "decision]", ("event: revoke", "kind_demands")),
    plant(
        "reopened to filed without receipt",
        "[reason, receipt]",
        "[reason]",
        ("event: reopen", "kind_demands"),
    ),
    plant(
        "back from a desk",
        "resubmit, from: returned,",
        "resubmit, from: [returned, at_office],",
        ("event: resubmit", "back_from_nowhere"),
    ),
    plant(
        "back from where nothing leads",
        "from: [registered, to_file], to: lapsed",
        "from: [registered, to_file], to: declined",
        ("event: lapse", "kind_demands"),
        ("event: revive", "back_from_nowhere"),
        ("  lapsed:", "unreachable_state"),
    ),
    plant(
        "first desk of a pair does not check",
        "desk: office, checks: [opinions_complete, separation,",
        "desk: office, checks: [opinions_complete,",
        ("  - [office, review]", "separation_not_checked"),
        ("  - [office, chairman]", "separation_not_checked"),
    ),
    plant(
        "second desk of a pair does not check",
        "desk: review, checks: [separation, not_concerned]",
        "desk: review, checks: [not_concerned]",
        ("  - [office, review]", "separation_not_checked"),
    ),
    plant(
        "a third desk stands between a pair",
        "levels: [local], provides: [decision], checks: [separation, not_concerned]",
        "levels: [local], provides: [decision], checks: [not_concerned]",
        ("  - [office, chairman]", "separation_not_checked"),
    ),
    plant(
        "only the revocation does not check",
        "recovery], checks: [separation, not_concerned]",
        "recovery], checks: [not_concerned]",
        ("  - [office, chairman]", "separation_not_checked"),
    ),
    plant(
        "separation checked at one level only",
        "provides: [submission], checks: [separation, not_concerned]",
        "provides: [submission], checks: [not_concerned]",
        ("  - [office, chairman]", "separation_not_checked"),
    ),
    plant(
        "recusal not checked",
        "desk: office, checks: [opinions_complete, separation, not_concerned]",
        "desk: office, checks: [opinions_complete, separation]",
        ("desk: office, checks", "recusal_not_checked"),
    ),
    plant(
        "recusal not checked where a decline is signed",
        "to: declined, desk: chairman, provides: [reason], checks: [separation, not_concerned]",
        "to: declined, desk: here, provides: [reason], checks: [separation]",
        ("event: decline", "recusal_not_checked"),
    ),
    plant(
        "desk unused",
        "apart:",
        "  porch:\n    unit: school\n    duty: clerk\n    label: {vi: Hiên, en: Porch}\napart:",
        ("  porch:", "desk_unused"),
    ),
    plant("milestone unused", "  - filing\n", "  - filing\n  - party\n", ("  - party", "milestone_unused")),
    plant(
        "level never decided",
        "levels: [local], provides: [decision]",
        "levels: [province], provides: [decision]",
        ("  - local", "level_never_decided"),
    ),
    Plant(
        "no state to begin in",
        (
            (
                "kind: draft\n    desk: school\n    label: {vi: Đang",
                "kind: at_desk\n    desk: school\n    label: {vi: Đang",
            ),
            (
                "kind: draft\n    desk: school\n    label: {vi: Đã",
                "kind: at_desk\n    desk: school\n    label: {vi: Đã",
            ),
            ("<draft>, ", ""),
        ),
        (("states:", "no_draft_state"),),
    ),
    Plant(
        "several faults at once",
        (
            ("2025-06-30", "2025-02-30"),
            ("[reviewer]", "[poet, reviewer]"),
            ("provides: [receipt]", "provides: [score]"),
            ("event: revive", "event: revived"),
        ),
        (
            ("2025-02-30", "date_does_not_exist"),
            ("[poet", "unknown_duty"),
            ("[score]", "kind_demands"),
            ("event: revived", "unknown_event"),
        ),
    ),
)

PLANTS = (*IN_THE_FORM, *ON_THE_WAY)


def test_the_procedure_into_which_faults_are_planted_is_sound():
    assert named(SOUND) == []


def test_at_least_thirty_different_faults_are_planted():
    assert len({p.name for p in PLANTS}) == len(PLANTS) >= 70
    assert len({code for p in PLANTS for _, code in p.faults}) >= 30


@pytest.mark.parametrize("planted", PLANTS, ids=lambda p: p.name)
def test_every_planted_fault_is_named_with_its_line_and_no_other(planted: Plant):
    text = edited(SOUND, planted.edits)
    assert named(text) == sorted((line_of(text, mark), code) for mark, code in planted.faults)


# --- What cannot be read at all -----------------------------------------------------------------------------

BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))

UNREADABLE = {
    "empty file": (b"", [(0, "yaml_empty")]),
    "only a comment": (b"# to be written\n", [(0, "yaml_empty")]),
    "a list": (b"- a\n- b\n", [(1, "not_a_mapping")]),
    "a word": (b"procedure", [(1, "not_a_mapping")]),
    "not UTF-8": (SOUND.encode("utf-16"), [(0, "yaml_not_utf8")]),
    "Vietnamese in an old code page": (b"title: Tr\xecnh", [(0, "yaml_not_utf8")]),
    "too large": (SOUND.encode() + b"#" * LIMIT, [(0, "yaml_too_large")]),
    "too deep": (SOUND.encode() + b"more: " + b"[" * 50_000, [(SOUND.count("\n") + 1, "yaml_too_deep")]),
    "too deep in blocks": (b"- " * (DEPTH + 1) + b"x", [(1, "yaml_too_deep")]),
    "two documents": (SOUND.encode() + b"---\nx: y\n", [(SOUND.count("\n") + 1, "yaml_unreadable")]),
    "a bracket never closed": (b"procedure: x\nlevels: [local\n", [(3, "yaml_unreadable")]),
    "a tab as indentation": (b"desks:\n\tschool: x\n", [(2, "yaml_unreadable")]),
    "a control character": (b"procedure: x\ntitle: \x07\n", [(2, "yaml_unreadable")]),
    "an anchor": (b"procedure: &name x\n", [(1, "yaml_alias")]),
    "a tag": (b"procedure: x\ntitle: !!python/name:os.system x\n", [(2, "yaml_tag")]),
    "a harmless tag": (b"procedure: !!str x\n", [(1, "yaml_tag")]),
    "an alias bomb": (BOMB.encode(), [(1, "yaml_alias")] + [(n, "yaml_alias") for n in range(2, 10)]),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_with_the_line(case: str):
    content, faults = UNREADABLE[case]
    assert sorted(set(named(content))) == faults


@pytest.mark.parametrize("section", ["levels", "states", "desks", "steps"])
def test_a_procedure_with_an_empty_section_is_refused_and_not_taken_for_sound(section: str):
    start = SOUND.index(f"\n{section}:\n") + 1
    following = [SOUND.find(f"\n{key}:\n", start) for key in ("milestones", "apart", "states", "steps")]
    end = min([at for at in following if at > 0], default=len(SOUND))
    assert named(SOUND[:start] + f"{section}: []\n" + SOUND[end:])


# --- The published files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_published_procedure_is_sound_and_named_like_its_file(file: Path):
    procedure, faults = check_procedure(file.read_bytes())
    assert faults == ()
    assert procedure is not None
    assert procedure.name == file.stem


def test_these_procedures_are_published():
    assert {f.stem for f in FILES} == {
        "three-tier-2024",
        "two-tier-2025",
        "bloc-prize-2024",
        "bloc-prize-2025",
        "initiative-2024",
        "initiative-2025",
        "sudden-2024",
        "school-certificate",
    }


@pytest.mark.parametrize(
    ("file", "desk", "pairs"),
    [
        (
            "two-tier-2025",
            "interior_office",
            [
                "[education_office, interior_office]",
                "[interior_office, local_decision]",
                "[interior_office, province_desk]",
            ],
        ),
        ("two-tier-2025", "provincial_decision", ["[province_desk, provincial_decision]"]),
        ("three-tier-2024", "bloc", ["[bloc, education_office]"]),
        (
            "sudden-2024",
            "province_desk",
            ["[local_council, province_desk]", "[province_desk, provincial_decision]"],
        ),
        ("school-certificate", "school_council", ["[school_council, principal]"]),
    ],
)
def test_a_published_desk_that_stops_checking_separation_is_found_for_each_of_its_pairs(file, desk, pairs):
    text = (ROOT / "regulations" / "procedures" / f"{file}.yaml").read_text(encoding="utf-8")
    head, steps = text.split("\nsteps:\n")
    steps = "\n  - ".join(
        step.replace("separation, ", "").replace(", separation", "") if f"desk: {desk}" in step else step
        for step in steps.split("\n  - ")
    )
    faulty = f"{head}\nsteps:\n{steps}"
    assert named(faulty) == [(line_of(faulty, f"  - {pair}"), "separation_not_checked") for pair in pairs]


# --- Whatever stands in the file ----------------------------------------------------------------------------

JUNK = (
    "",
    "~",
    "0",
    "[]",
    "{}",
    "[x]",
    "{x: y}",
    "[[x], {y: z}]",
    "2024-01-01",
    "true",
    "back",
    "here",
    "<draft>",
)
VALUES = [m.span(1) for m in re.finditer(r"(?:: |\[|, )((?:\[[^\]]*\])|(?:\{[^}]*\})|[^\s,:\]}{]+)", SOUND)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(JUNK)), min_size=1, max_size=3))
def test_no_junk_in_any_place_makes_the_check_fall_over(edits):
    text = SOUND
    for (start, end), junk in sorted(edits, reverse=True):
        text = text[:start] + junk + text[end:]
    check_procedure(text)

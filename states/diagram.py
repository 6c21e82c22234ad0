"""A procedure drawn and written out: a Mermaid diagram, and the page `docs/lifecycle.md`.

Pure: a procedure in, text out. The page is made from the published files, so it cannot tell another story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from kit.marked_reader import Label
from states import vocabulary as words
from states.procedure import Procedure, State, Transition

PAGE_COMMAND = "thidua procedure diagram --write"

#: what is said of one of the program's own words: ("events", "appraise", "vi") → "thẩm định". The caller hands it in:
#: the texts stand in a catalogue that this layer does not know.
Word = Callable[[str, str, str], str]

_WAY: Label = {"vi": "Đang xét", "en": "On its way"}
_BACK: Label = {"vi": "về nơi cũ", "en": "back to where it was"}
_SOME: Label = {"vi": "từ một số trạng thái", "en": "from some states"}


def mermaid(procedure: Procedure, lang: str, word: Word) -> str:
    """The procedure as a Mermaid `stateDiagram-v2` in ``lang`` ("vi" or "en").

    The main way stands in one frame, what ends it below. What sets a dossier aside is drawn once, from the
    frame and back to it: an arrow from each of twenty states would hide the way.
    """
    inside = [s for s in procedure.states.values() if _on_the_way(s)]
    ends = [s for s in procedure.states.values() if not _on_the_way(s) and s.kind not in words.ASIDE_KINDS]
    aside = [s for s in procedure.states.values() if s.kind in words.ASIDE_KINDS]
    edges = _Edges(procedure, lang, word)
    lines = ["stateDiagram-v2", "    direction TB", f'    state "{_plain(_WAY[lang])}" as way {{']
    lines += [f'        state "{_plain(s.label[lang])}" as {_id(s.name)}' for s in inside]
    lines.append(f"        [*] --> {_id(procedure.initial)}")
    lines += [f"        {edge}" for edge in edges.lines("main")]
    lines.append("    }")
    lines += [f'    state "{_plain(s.label[lang])}" as {_id(s.name)}' for s in (*ends, *aside)]
    for part in ("end", "again", "aside"):
        lines += [f"    {edge}" for edge in edges.lines(part)]
    if aside:
        lines.append("    classDef aside stroke-dasharray: 5 5")
        lines.append(f"    class {','.join(_id(s.name) for s in aside)} aside")
    return "\n".join(lines) + "\n"


def _on_the_way(state: State) -> bool:
    return state.kind not in (*words.ASIDE_KINDS, *words.FINAL_KINDS)


class _Edges:
    """The arrows of a diagram in parts; those between the same two ends are one arrow with both texts."""

    def __init__(self, procedure: Procedure, lang: str, word: Word) -> None:
        self.procedure, self.lang, self.word = procedure, lang, word
        self.levels = _levels_by_edge(procedure)
        self.texts: dict[str, dict[tuple[str, str], dict[str, None]]] = {}
        for step in procedure.steps:
            for source in step.sources:
                self._add(step, procedure.states[source])

    def lines(self, part: str) -> list[str]:
        """The arrows of one part, in the order of the file."""
        return [f"{a} --> {b}: {', '.join(texts)}" for (a, b), texts in self.texts.get(part, {}).items()]

    def _add(self, step: Transition, source: State) -> None:
        event = self._event(step)
        from_aside = source.kind in words.ASIDE_KINDS
        if step.target == words.BACK:
            self._arrow("aside", _id(source.name), "way", f"{event}, {_BACK[self.lang]}")
            return
        target = self.procedure.states[step.target]
        if target.kind in words.ASIDE_KINDS:
            partly = not from_aside and not _from_all(self.procedure, step)
            text = f"{event} ({_SOME[self.lang]})" if partly else event
            self._arrow("aside", _id(source.name) if from_aside else "way", _id(target.name), text)
            return
        text = event + self._levels_text(self.levels[source.name, target.name, step.event])
        part = "aside" if from_aside else "again" if not _on_the_way(source) else "end"
        if _on_the_way(source) and _on_the_way(target):
            part = "main"
        self._arrow(part, _id(source.name), _id(target.name), text)

    def _arrow(self, part: str, start: str, end: str, text: str) -> None:
        self.texts.setdefault(part, {}).setdefault((start, end), {})[text] = None

    def _event(self, step: Transition) -> str:
        return _plain(step.label[self.lang] if step.label else self.word("events", step.event, self.lang))

    def _levels_text(self, levels: set[str]) -> str:
        if levels == set(self.procedure.levels):
            return ""
        names = (self.word("levels", lv, self.lang) for lv in self.procedure.levels if lv in levels)
        return f" ({', '.join(names)})"


def _levels_by_edge(procedure: Procedure) -> dict[tuple[str, str, str], set[str]]:
    """Which levels an event serves between two states, over all its steps: four revocations are one arrow."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for step in procedure.steps:
        for source in step.sources:
            levels = found.setdefault((source, step.target, step.event), set())
            levels.update(level for level in procedure.levels if step.serves(level))
    return found


def _from_all(procedure: Procedure, step: Transition) -> bool:
    """Whether the step leaves every state in which the dossier is with a desk."""
    here = {s.name for s in procedure.states.values() if s.kind in ("at_desk", "filed")}
    return here <= set(step.sources)


def _id(state: str) -> str:
    """A name that cannot be a word of Mermaid's own, such as `end` or `note`."""
    return f"s_{state}"


def _plain(text: str) -> str:
    """``text`` without the signs that would end a label in Mermaid."""
    return text.replace('"', "'").replace(";", ",").replace(":", ",").replace("\n", " ")


def lifecycle_page(procedures: Iterable[Procedure], word: Word) -> str:
    """The page `docs/lifecycle.md`: the diagram, states, steps and desks of each procedure.

    By date, the longest way first, whatever the order in which they are given.
    """
    ordered = sorted(procedures, key=lambda p: (p.since, -len(p.steps), p.name))
    lines = [
        "# The ways of a dossier",
        "",
        "<!-- Made from regulations/procedures/ by the command below; do not edit. -->",
        f"Made from the files in `regulations/procedures/` by `{PAGE_COMMAND}`; a test keeps it in step.",
        "",
        'In a table of steps, "the desk that holds it" is the desk of the state the dossier is in, "every …',
        'state" means every state of that kind, and "back" leads to where the dossier was before it was set',
        "aside.",
        "",
    ]
    lines += [f"- [{p.title['en']}](#{p.name}): `{p.name}`" for p in ordered]
    for procedure in ordered:
        lines += ["", *_chapter(procedure, word)]
    return "\n".join(lines) + "\n"


def _chapter(procedure: Procedure, word: Word) -> Iterator[str]:
    until = f" until {procedure.until.isoformat()}" if procedure.until else ""
    yield f"## {procedure.name}"
    yield ""
    yield f"**{procedure.title['vi']}** · {procedure.title['en']}"
    yield ""
    yield f"- In force since {procedure.since.isoformat()}{until}. Levels: {', '.join(procedure.levels)}."
    yield f"- Source: {procedure.source}. {'Verified' if procedure.verified else 'Not verified'}."
    if procedure.milestones:
        yield f"- Milestones, in their order: {', '.join(procedure.milestones)}."
    for pair in procedure.pairs():
        first, second = (f"`{name}`" for name in procedure.desks if name in pair)
        yield f"- Nobody decides both at {first} and at {second}."
    for desk in procedure.desks.values():
        if desk.quiet:
            yield f"- Who holds `{desk.name}` gets no letter of these kinds: {', '.join(desk.quiet)}."
    yield ""
    yield from _diagram(procedure, word)
    yield ""
    yield "### States"
    yield ""
    yield from _table(
        ("State", "Trạng thái", "In English", "Kind", "Desk"),
        [
            (f"`{s.name}`", s.label["vi"], s.label["en"], s.kind, f"`{s.desk}`")
            for s in procedure.states.values()
        ],
    )
    yield ""
    yield "### Steps"
    yield ""
    yield from _table(
        (
            "Event",
            "From",
            "To",
            "Desk",
            "Levels",
            "Milestone",
            "Papers",
            "Must give",
            "Checks",
            "Opinions void",
        ),
        [_step_row(procedure, step) for step in procedure.steps],
    )
    yield ""
    yield "### Desks"
    yield ""
    yield from _table(
        ("Desk", "Bàn", "In English", "Unit", "Duties", "Who is concerned stays out"),
        [
            (f"`{d.name}`", d.label["vi"], d.label["en"], d.unit, ", ".join(d.duties), d.recusal)
            for d in procedure.desks.values()
        ],
    )


def _diagram(procedure: Procedure, word: Word) -> Iterator[str]:
    yield "```mermaid"
    yield mermaid(procedure, "en", word).rstrip("\n")
    yield "```"


def _step_row(procedure: Procedure, step: Transition) -> tuple[str, ...]:
    desk = {words.HERE: "the desk that holds it", words.CALENDAR: "the calendar"}.get(
        step.desk, f"`{step.desk}`"
    )
    target = step.target if step.target == words.BACK else f"`{step.target}`"
    return (
        step.event,
        ", ".join(_sources(procedure, step)),
        target,
        desk,
        ", ".join(step.levels) or "all",
        step.milestone or "",
        ", ".join(step.papers),
        ", ".join(step.provides),
        ", ".join(step.checks),
        ", ".join(step.invalidates),
    )


def _sources(procedure: Procedure, step: Transition) -> Iterator[str]:
    """The states that the step leaves; a kind with several states, all of them named, is said as one."""
    left = set(step.sources)
    for kind in words.KINDS:
        names = {s.name for s in procedure.states.values() if s.kind == kind}
        if len(names) > 1 and names <= left:
            left -= names
            yield f"every {kind} state"
    yield from (f"`{name}`" for name in step.sources if name in left)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---' for _ in head)}|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"

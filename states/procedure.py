"""A published procedure as values: desks, states and steps, read from a marked tree, faults by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from kit.marked_reader import Label, MarkedReader
from kit.strict_yaml import Fault, MarkedList, MarkedMap, read_strict_yaml
from rules.checks import CHECKS, RECUSALS, StepRule
from rules.separation import Pair
from states import vocabulary as words

# What the tables hold of a name, and the history in the name of a regulation's chain.
LONGEST_NAME = 60
# What the dossiers of a procedure put forward: persons and collectives, or initiatives and nothing else.
PEOPLE, INITIATIVES = "people", "initiatives"
_NAME = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Desk:
    """A place in the way: a duty at a kind of unit. ``unit`` is resolved for the dossier's own unit.

    ``quiet`` names the kinds of letters that its steps do not send to those who hold the desk.
    """

    name: str
    unit: str
    duties: tuple[str, ...]
    label: Label
    recusal: str = "none"
    line: int = 0
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A state of the procedure, its kind and the desk that holds the dossier there."""

    name: str
    kind: str
    desk: str
    label: Label
    line: int = 0


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of the way: who (desk) takes which event from where to where, and what it takes.

    ``levels`` empty means every level. ``invalidates`` names the desks whose opinions lose force; `HERE` among them is
    the desk that takes the step.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    desk: str
    levels: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    milestone: str | None = None
    invalidates: tuple[str, ...] = ()
    label: Label | None = None
    line: int = 0
    order: int = 0

    def serves(self, level: str) -> bool:
        """Whether the step exists for dossiers of ``level``."""
        return not self.levels or level in self.levels


@dataclass(frozen=True, slots=True)
class Procedure:
    """A whole procedure, sound or not; `states.soundness.faults_of` tells."""

    name: str
    title: Label
    since: date
    until: date | None
    source: str
    verified: bool
    levels: tuple[str, ...]
    milestones: tuple[str, ...]
    desks: dict[str, Desk]
    apart: tuple[tuple[Pair, int], ...]
    states: dict[str, State]
    steps: tuple[Transition, ...]
    initial: str
    sha256: str = ""
    nominees: str = PEOPLE
    rules: dict[tuple[int, str], StepRule] = field(default_factory=dict)
    level_lines: dict[str, int] = field(default_factory=dict)
    milestone_lines: dict[str, int] = field(default_factory=dict)

    def pairs(self) -> tuple[Pair, ...]:
        """The pairs of desks at which one person may not decide twice."""
        return tuple(pair for pair, _ in self.apart)

    def steps_from(self, state: str, level: str) -> tuple[Transition, ...]:
        """The steps that leave ``state`` for dossiers of ``level``, in the order of the file."""
        return tuple(s for s in self.steps if state in s.sources and s.serves(level))

    def step_of(self, state: str, event: str, level: str) -> Transition | None:
        """The one step that ``event`` takes from ``state``, or None."""
        return next((s for s in self.steps_from(state, level) if s.event == event), None)

    def acting_desk(self, state: str, step: Transition) -> str:
        """The desk that takes ``step`` from ``state``; `HERE` stands for the desk that holds the dossier."""
        return self.states[state].desk if step.desk == words.HERE else step.desk

    def invalidated_by(self, state: str, step: Transition) -> tuple[str, ...]:
        """The desks whose opinions lose their force when ``step`` is taken from ``state``, each once."""
        acting = self.acting_desk(state, step)
        return tuple(dict.fromkeys(acting if desk == words.HERE else desk for desk in step.invalidates))

    def rule_of(self, state: str, step: Transition) -> StepRule:
        """The step as its checks see it; made once per state and step."""
        key = (step.order, state)
        rule = self.rules.get(key)
        if rule is None:
            desk = self.acting_desk(state, step)
            rule = self.rules[key] = StepRule(
                event=step.event,
                desk=desk,
                checks=step.checks,
                papers=step.papers,
                provides=step.provides,
                milestone=step.milestone,
                apart=self.pairs(),
                recusal=self.desks[desk].recusal if desk in self.desks else "none",
            )
        return rule


def read_procedure(text: str | bytes, sha256: str = "") -> tuple[Procedure | None, list[Fault]]:
    """The procedure in ``text`` and every fault of its form; None when too little can be read to go on."""
    tree, faults = read_strict_yaml(text)
    if not isinstance(tree, MarkedMap):
        return None, faults or [Fault(1, "not_a_mapping", {"what": "procedure"})]
    return _Reader(faults).procedure(tree, sha256), faults


class _Reader(MarkedReader):
    """Reads a procedure."""

    def procedure(self, tree: MarkedMap, sha256: str) -> Procedure | None:
        self.keys(
            tree,
            "procedure",
            ("procedure", "title", "in_force", "source", "verified", "levels", "desks", "states", "steps"),
            ("milestones", "apart", "nominees"),
        )
        name = self.text(tree, "procedure", "unnamed")
        if "procedure" in tree and not _NAME.fullmatch(name):
            self.fault(tree.line_of("procedure"), "name_unusable", name=name)
        title = self.label(tree, "title", name)
        since, until = self.in_force(tree)
        verified = tree.get("verified")
        if "verified" in tree and not isinstance(verified, bool):
            self.fault(tree.line_of("verified"), "not_yes_or_no", key="verified")
        nominees = self.text(tree, "nominees", PEOPLE)
        if nominees not in (PEOPLE, INITIATIVES):
            self.fault(tree.line_of("nominees"), "unknown_nominees", name=nominees)
        levels = self.some_names(tree, "levels", words.LEVELS, "unknown_level")
        milestones = self.names(tree, "milestones", None, "not_a_text")
        desks = self.desks(tree)
        apart = self.apart(tree, desks)
        states = self.states(tree, desks)
        if not states or not levels:
            return None
        steps = self.steps(tree, desks, states, levels, milestones)
        initial = next((s.name for s in states.values() if s.kind == "draft"), next(iter(states)))
        return Procedure(
            name=name,
            title=title,
            since=since or date.min,
            until=until,
            source=self.text(tree, "source"),
            verified=verified is True,
            levels=levels,
            milestones=milestones,
            desks=desks,
            apart=apart,
            states=states,
            steps=steps,
            initial=initial,
            sha256=sha256,
            nominees=nominees,
            level_lines=self.lines_of(tree, "levels"),
            milestone_lines=self.lines_of(tree, "milestones"),
        )

    def lines_of(self, tree: MarkedMap, key: str) -> dict[str, int]:
        """The line of each word of the list under ``key``."""
        value = tree.get(key)
        if not isinstance(value, MarkedList):
            return {str(value): tree.line_of(key)}
        return {str(item): line for item, line in zip(value, value.lines, strict=True)}

    def some_names(
        self, tree: MarkedMap, key: str, known: tuple[str, ...] | None, code: str
    ) -> tuple[str, ...]:
        """As `names`, but a key that names nothing is a fault: it would be read as "all", or pass unseen."""
        if key in tree and tree[key] in (None, []):
            self.fault(tree.line_of(key), "names_nothing", key=key)
        return self.names(tree, key, known, code)

    def in_force(self, tree: MarkedMap) -> tuple[date | None, date | None]:
        value = tree.get("in_force")
        if not isinstance(value, MarkedMap):
            self.fault(tree.line_of("in_force"), "not_a_mapping", what="in_force")
            return None, None
        self.keys(value, "in_force", ("since",), ("until",))
        since, until = self.day(value, "since"), self.day(value, "until")
        if since and until and until < since:
            self.fault(value.line_of("until"), "ends_before_it_begins")
        return since, until

    def desks(self, tree: MarkedMap) -> dict[str, Desk]:
        desks: dict[str, Desk] = {}
        section = self.section(tree, "desks")
        for name, body in section.items():
            line = section.lines[name]
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=name)
                continue
            if len(name) > LONGEST_NAME:
                self.fault(line, "name_unusable", name=name)
            if name in (words.HERE, words.CALENDAR):
                self.fault(line, "reserved_name", name=name)
                continue
            self.keys(body, f"desk {name}", ("unit", "duty", "label"), ("recusal", "quiet"))
            recusal = self.text(body, "recusal", "none")
            if recusal not in RECUSALS:
                self.fault(body.line_of("recusal"), "unknown_recusal", name=recusal)
            duties = self.names(body, "duty", words.DUTIES, "unknown_duty")
            if "duty" in body and not duties:
                self.fault(body.line_of("duty"), "desk_without_duty", desk=name)
            unit = self.text(body, "unit")
            if unit and unit not in words.UNIT_KINDS:
                self.fault(body.line_of("unit"), "unknown_unit_kind", name=unit)
            quiet = self.some_names(body, "quiet", words.STEP_LETTERS, "unknown_letter")
            desks[name] = Desk(name, unit, duties, self.label(body, "label", name), recusal, line, quiet)
        return desks

    def apart(self, tree: MarkedMap, desks: dict[str, Desk]) -> tuple[tuple[Pair, int], ...]:
        pairs: list[tuple[Pair, int]] = []
        value = tree.get("apart", MarkedList())
        if not isinstance(value, MarkedList):
            self.fault(tree.line_of("apart"), "not_a_list", what="apart")
            return ()
        for position, item in enumerate(value):
            line = value.lines[position]
            if not isinstance(item, MarkedList) or len(item) != 2 or item[0] == item[1]:
                self.fault(line, "pair_is_not_two_desks")
                continue
            unknown = [name for name in item if not isinstance(name, str) or name not in desks]
            for name in unknown:
                self.fault(line, "unknown_desk", name=str(name))
            if not unknown:
                pairs.append((frozenset(item), line))
        return tuple(pairs)

    def states(self, tree: MarkedMap, desks: dict[str, Desk]) -> dict[str, State]:
        states: dict[str, State] = {}
        section = self.section(tree, "states")
        for name, body in section.items():
            line = section.lines[name]
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what=name)
                continue
            usable = name.isidentifier() and len(name) <= LONGEST_NAME
            if not usable or name in words.EVENTS or name == words.BACK:
                self.fault(line, "state_name_unusable", name=name)
                continue
            self.keys(body, f"state {name}", ("kind", "label"), ("desk",))
            kind = self.text(body, "kind", "at_desk")
            if kind not in words.KINDS:
                self.fault(body.line_of("kind"), "unknown_kind", name=kind)
                kind = "at_desk"
            desk = body.get("desk")
            if desk is None:
                self.fault(line, "state_without_desk", state=name)
                desk = ""
            elif not isinstance(desk, str) or desk not in desks:
                self.fault(body.line_of("desk"), "unknown_desk", name=str(desk))
                desk = ""
            states[name] = State(name, kind, str(desk), self.label(body, "label", name), line)
        if "states" in tree and not states:
            self.fault(tree.line_of("states"), "no_state")
        elif states and not any(state.kind == "draft" for state in states.values()):
            self.fault(tree.line_of("states"), "no_draft_state")
        return states

    def sources(self, body: MarkedMap, states: dict[str, State]) -> tuple[str, ...]:
        """States named under ``from``; a kind in brackets, as in ``<at_desk>``, stands for all its states."""
        found: dict[str, None] = {}
        kinds = tuple(f"<{kind}>" for kind in words.KINDS)
        for name in self.some_names(body, "from", (*states, *kinds), "unknown_state"):
            matching = [s.name for s in states.values() if f"<{s.kind}>" == name] if name in kinds else [name]
            if not matching:
                self.fault(body.line_of("from"), "kind_without_state", name=name)
            found.update(dict.fromkeys(matching))
        return tuple(found)

    def steps(
        self,
        tree: MarkedMap,
        desks: dict[str, Desk],
        states: dict[str, State],
        levels: tuple[str, ...],
        milestones: tuple[str, ...],
    ) -> tuple[Transition, ...]:
        value = tree.get("steps")
        if not isinstance(value, MarkedList):
            self.fault(tree.line_of("steps"), "not_a_list", what="steps")
            return ()
        steps = []
        for position, body in enumerate(value):
            line = value.lines[position]
            if not isinstance(body, MarkedMap):
                self.fault(line, "not_a_mapping", what="step")
                continue
            step = self.step(body, line, position, desks, states, levels, milestones)
            if step is not None:
                steps.append(step)
        return tuple(steps)

    def step(
        self,
        body: MarkedMap,
        line: int,
        order: int,
        desks: dict[str, Desk],
        states: dict[str, State],
        levels: tuple[str, ...],
        milestones: tuple[str, ...],
    ) -> Transition | None:
        self.keys(
            body,
            "step",
            ("event", "from", "to", "desk"),
            ("levels", "checks", "papers", "provides", "milestone", "invalidates", "label"),
        )
        event, target, desk = self.text(body, "event"), self.text(body, "to"), self.text(body, "desk")
        # An empty text has been named already: the key is missing, or is no text.
        if event and event not in words.EVENTS:
            self.fault(body.line_of("event"), "unknown_event", name=event)
        if target and target != words.BACK and target not in states:
            self.fault(body.line_of("to"), "unknown_state", name=target)
        if desk and desk not in (words.HERE, words.CALENDAR) and desk not in desks:
            self.fault(body.line_of("desk"), "unknown_desk", name=desk)
        sources = self.sources(body, states)
        if target == words.BACK:
            for source in sources:
                if states[source].kind not in words.ASIDE_KINDS:
                    self.fault(body.line_of("to"), "back_from_nowhere", state=source)
        milestone = body.get("milestone")
        if milestone is not None and milestone not in milestones:
            self.fault(body.line_of("milestone"), "unknown_milestone", name=str(milestone))
        papers = self.names(body, "papers", words.PAPERS, "unknown_paper")
        checks = self.names(body, "checks", tuple(CHECKS), "unknown_check")
        # The calendar judges nothing: there, `here` would name no desk.
        judging = tuple(desks) if desk == words.CALENDAR else (*desks, words.HERE)
        step = Transition(
            # A mistyped event still leads somewhere: what follows it is not called unreachable.
            event=event if event in words.EVENTS else f"unknown_{order}",
            sources=sources,
            target=target,
            desk=desk,
            levels=self.some_names(body, "levels", levels, "unknown_level"),
            # A step that lists papers checks them: the list would otherwise be a wish.
            checks=(*checks, "papers_complete") if papers and "papers_complete" not in checks else checks,
            papers=papers,
            provides=self.names(body, "provides", words.INPUTS, "unknown_input"),
            milestone=str(milestone) if milestone is not None else None,
            invalidates=self.names(body, "invalidates", judging, "unknown_desk"),
            label=self.label(body, "label", event) if "label" in body else None,
            line=line,
            order=order,
        )
        return step if sources and (target == words.BACK or target in states) else None

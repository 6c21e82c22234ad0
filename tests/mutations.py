"""`python -m tests.mutations`: do the tests of rules/ notice when a line of it is wrong?

Each mutant is one function of rules/ with one thing otherwise: a comparison, an operation, and/or, a constant, a value
returned, a statement left out, a condition turned round. The tests are collected once; for each mutant a child
process gets the function's changed code and runs them until the first that fails. A mutant on which none fails has
survived. Tables and constants of modules are data, and no mutants are made of them.

    python -m tests.mutations                        # every mutant of the law of titles
    python -m tests.mutations all                    # of every file of rules/
    python -m tests.mutations ranking windows        # of some files
    python -m tests.mutations --sample 150 --seed 7  # a sample, the same for the same seed
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import signal
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: files of rules/ and the tests that are to notice (below tests/), the quickest first
_LAW = ("rules/test_words.py", "rules/test_verdicts.py", "rules/test_law_golden.py", "rules/test_missing.py")
LAW = ("school_years", "record", "lawbook", "answers", "conditions", "verdict", "missing")
TESTS = {
    **dict.fromkeys(LAW, _LAW),
    "school_years": ("rules/test_school_years.py", *_LAW),
    "assignment": ("rules/test_assignment.py",),
    "ballots": ("rules/test_ballots.py",),
    "checks": ("rules/test_checks.py",),
    "cut": ("rules/test_cut.py",),
    "diagnostics": ("rules/test_diagnostics.py",),
    "facts": ("rules/test_checks.py",),
    "grading": ("law/test_grading.py",),
    "money": ("law/test_money.py",),
    "outliers": ("rules/test_outliers.py", "rules/test_diagnostics.py"),
    "ranking": ("rules/test_ranking.py",),
    "reasons": ("rules/test_checks.py",),
    "reminders": ("rules/test_reminders.py",),
    "scorecard": ("rules/test_scorecard.py",),
    "separation": ("rules/test_separation.py",),
    "shares": ("rules/test_shares.py",),
    "student": ("rules/test_two_way.py",),
    "two_way": ("rules/test_two_way.py",),
    "windows": ("rules/test_windows.py",),
    "working_days": ("rules/test_working_days.py",),
}
#: seconds after which a mutant runs in a circle, and is noticed by that
PATIENCE = 60

_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True)
class Mutant:
    module: str
    function: str
    line: int
    what: str
    code: types.CodeType

    def __str__(self) -> str:
        return f"rules/{self.module}.py:{self.line} {self.function}: {self.what}"


def mutants_of(name: str) -> Iterator[Mutant]:
    """Every mutant of a file of rules/."""
    tree = ast.parse((ROOT / "rules" / f"{name}.py").read_text(encoding="utf-8"))
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            yield from _of_function(name, top, top.name)
        elif isinstance(top, ast.ClassDef):
            for one in top.body:
                if isinstance(one, ast.FunctionDef):
                    yield from _of_function(name, one, f"{top.name}.{one.name}")


def _of_function(module: str, function: ast.FunctionDef, where: str) -> Iterator[Mutant]:
    for place, node in enumerate(_inside(function)):
        for number, (what, _) in enumerate(_changes(node)):
            changed = copy.deepcopy(function)
            list(_changes(list(_inside(changed))[place]))[number][1]()
            changed.decorator_list, changed.returns = [], None
            # In a class, so that what says `super()` finds its own; a function alone is none the worse for it.
            inside = ast.ClassDef("Mutant", [], [], [changed], [])
            whole = ast.fix_missing_locations(ast.Module([inside], []))
            code = _code_of(
                _code_of(compile(whole, f"<mutant of {module}>", "exec"), "Mutant"), function.name
            )
            yield Mutant(module, where, getattr(node, "lineno", function.lineno), what, code)


def _inside(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a body that can be wrong: no docstring, no annotation."""
    for number, statement in enumerate(function.body):
        if not (number == 0 and ast.get_docstring(function) is not None):
            yield from _walk(statement)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _walk(child)


def _changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """What can be otherwise at a node, in words, and the act that makes it so."""

    def put(field, value):
        return lambda: setattr(node, field, value)

    if isinstance(node, ast.Compare):
        for number, op in enumerate(node.ops):
            other = _COMPARED[type(op)]
            ops = [other() if n == number else one for n, one in enumerate(node.ops)]
            yield f"{type(op).__name__} → {other.__name__}", put("ops", ops)
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATED:
        other = _OPERATED[type(node.op)]
        yield f"{type(node.op).__name__} → {other.__name__}", put("op", other())
    elif isinstance(node, ast.AugAssign) and type(node.op) in _OPERATED:
        yield f"{type(node.op).__name__}= → other", put("op", _OPERATED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", put("op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not left out", put("operand", ast.UnaryOp(ast.Not(), node.operand))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", put("value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} → {node.value + 1}", put("value", node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield f"{node.value!r} → another text", put("value", node.value + "~")
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns None", put("value", ast.Constant(None))
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield "condition turned round", put("test", ast.UnaryOp(ast.Not(), node.test))
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        if isinstance(statements, list) and isinstance(node, ast.stmt):
            yield from _left_out(node, field, statements)


def _left_out(node: ast.AST, field: str, statements: list[ast.stmt]) -> Iterator[tuple[str, object]]:
    for number, one in enumerate(statements):
        if isinstance(one, (ast.Expr, ast.Assign, ast.AugAssign, ast.Continue)):
            rest = [ast.Pass() if n == number else other for n, other in enumerate(statements)]
            yield f"line {one.lineno} left out", lambda rest=rest: setattr(node, field, rest)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _code_of(code: types.CodeType, name: str) -> types.CodeType:
    return next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)


def _function(mutant: Mutant) -> types.FunctionType:
    found: object = importlib.import_module(f"rules.{mutant.module}")
    for name in mutant.function.split("."):
        found = vars(found)[name]
    return found.fget if isinstance(found, property) else found


class Runner:
    """A plugin of pytest that runs the collected tests once for each mutant, in a child process."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.survivors: list[Mutant] = []
        self.in_child = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.in_child and report.failed:
            os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.run(session, None)
        for number, mutant in enumerate(self.mutants, 1):
            if self.run(session, mutant) == 0:
                self.survivors.append(mutant)
                sys.__stderr__.write(f"survived: {mutant}\n")
            if number % 100 == 0:
                sys.__stderr__.write(f"{number} of {len(self.mutants)}, {len(self.survivors)} survived\n")
        return True

    def run(self, session: pytest.Session, mutant: Mutant | None) -> int:
        """0 where every test passes. Without a mutant they must."""
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            self.in_child = True
            signal.alarm(PATIENCE)
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, 1)
            os.dup2(silent, 2)
            try:
                if mutant is not None:
                    _function(mutant).__code__ = mutant.code
                for item in session.items:
                    item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
                os._exit(0)
            finally:
                # A mutant may break what the tests are run by: that, too, is noticed.
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if mutant is None and status:
            raise pytest.UsageError("The tests fail without any mutant.")
        return status


def examine(names: tuple[str, ...], sample: int | None, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants there were, and those that survived."""
    survivors: list[Mutant] = []
    count = 0
    for tests in dict.fromkeys(TESTS[name] for name in names):
        mutants = [m for name in names if TESTS[name] == tests for m in mutants_of(name)]
        if sample is not None and sample < len(mutants):
            mutants = Random(seed).sample(mutants, sample)
        runner = Runner(sorted(mutants, key=lambda m: (m.module, m.line)))
        files = [str(ROOT / "tests" / name) for name in tests]
        options = ["-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not hard"]
        if pytest.main([*options, *files], plugins=[runner]) != 0:
            raise SystemExit("The tests could not be run.")
        survivors += runner.survivors
        count += len(mutants)
    return count, survivors


def main() -> None:
    """Print how many mutants were noticed, and those that were not."""
    reader = argparse.ArgumentParser(prog="python -m tests.mutations")
    reader.add_argument("names", nargs="*", metavar="FILE", help=" ".join(("all", *TESTS)))
    reader.add_argument("--sample", type=int)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    names = tuple(TESTS) if asked.names == ["all"] else tuple(asked.names) or LAW
    count, survivors = examine(names, asked.sample, asked.seed)
    for one in survivors:
        print(one)
    print(
        f"{count - len(survivors)} of {count} noticed ({(count - len(survivors)) / count:.1%}), seed {asked.seed}"
    )


if __name__ == "__main__":
    main()

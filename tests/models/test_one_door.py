"""One door to a state: who may assign a dossier's state is read off the program's own text."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LAYERS = (
    "kit",
    "rules",
    "states",
    "published",
    "models",
    "notifications",
    "documents",
    "casework",
    "rehearsal",
    "flows",
)
LAYERS += ("web", "cli")
# Not bench/: measurements fill databases of their own, with raw SQL on purpose.
# The one that moves a dossier, and the one that begins it.
DOORS = {"casework/record_step.py", "casework/open_dossier.py"}
WRITING = {"insert", "update", "delete"}
STATE = {"state", "state_kind"}


def files() -> list[Path]:
    return [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]


def named_dossier(node: ast.AST) -> bool:
    """Whether an expression speaks of the table of dossiers."""
    return any(
        (isinstance(part, ast.Name) and part.id in ("DOSSIER", "Dossier", "_DOSSIER"))
        or (isinstance(part, ast.Attribute) and part.attr == "Dossier")
        for part in ast.walk(node)
    )


def statements_on_dossiers(tree: ast.AST) -> list[ast.Call]:
    """Every call of insert, update or delete that speaks of dossiers: `update(DOSSIER)` and `DOSSIER.update()`."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if (
            isinstance(node.func, ast.Name)
            and node.func.id in WRITING
            and node.args
            and named_dossier(node.args[0])
        ):
            found.append(node)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITING
            and named_dossier(node.func.value)
        ):
            found.append(node)
    return found


def chains(tree: ast.AST, statement: ast.Call) -> list[ast.Call]:
    """The calls that build on a statement: `.where(…)`, `.values(…)`."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and statement in ast.walk(node.func)
    ]


def may_write_state(tree: ast.AST, statement: ast.Call) -> bool:
    """Whether a statement on dossiers can set a state: its values are not all named, or one of them is a state."""
    if _verb(statement) == "delete":
        return True
    values = [
        call
        for call in chains(tree, statement)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "values"
    ]
    named: set[str | None] = set()
    for call in values:
        if call.args:
            return True
        named |= {keyword.arg for keyword in call.keywords}
    return not values or bool(named & (STATE | {None}))


def _verb(statement: ast.Call) -> str:
    return statement.func.id if isinstance(statement.func, ast.Name) else statement.func.attr  # type: ignore[attr-defined]


def test_only_two_files_can_write_a_dossiers_state() -> None:
    writers = set()
    for path in files():
        tree = ast.parse(path.read_text())
        if any(may_write_state(tree, statement) for statement in statements_on_dossiers(tree)):
            writers.add(path.relative_to(ROOT).as_posix())
    assert writers == DOORS


def test_no_file_writes_a_state_in_sql_of_its_own() -> None:
    for path in files():
        text = " ".join(path.read_text().lower().split())
        for phrase in ("update dossier", "insert into dossier", "delete from dossier"):
            assert phrase not in text, path


def test_no_row_of_a_dossier_is_made_or_changed_as_an_object() -> None:
    for path in files():
        for node in ast.walk(ast.parse(path.read_text())):
            made = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Dossier"
            )
            assert not made, path


def test_this_file_sees_what_it_looks_for() -> None:
    for text, writes in (
        ("update(DOSSIER).where(x).values(state='decided')", True),
        ("update(Dossier.__table__).values({'state_kind': 'decided'})", True),
        ("DOSSIER.update().values(**row)", True),
        ("connection.execute(insert(DOSSIER), row)", True),
        ("delete(DOSSIER).where(x)", True),
        ("update(DOSSIER).where(x).values(route=route)", False),
        ("select(DOSSIER).where(x)", False),
        ("update(NOMINATION).values(outcome='open')", False),
    ):
        tree = ast.parse(text)
        assert any(may_write_state(tree, found) for found in statements_on_dossiers(tree)) == writes, text

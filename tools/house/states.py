"""A state changes in one way, `step.move()`: no other code sets a column `state`."""

import ast
import re

from tools.house.tree import SOURCE, named, parsed, python_files

SETS_STATE = re.compile(r"\bset\b[^;]*?\bstate\s*=", re.IGNORECASE | re.DOTALL)
MAY_MOVE = {SOURCE / "foundation" / "moves.py"}
WRITERS = {"update", "bulk_update"}


def problems() -> list[str]:
    found = []
    for path in python_files():
        in_desk = path.is_relative_to(SOURCE / "flows") or path.is_relative_to(SOURCE / "sop")
        if path in MAY_MOVE or not (in_desk or path.is_relative_to(SOURCE / "foundation")):
            continue
        found += [
            f"{named(path, getattr(node, 'lineno', 0))}: sets a state outside step.move()"
            for node in ast.walk(parsed(path))
            if _sets_state(node)
        ]
    return found


def _sets_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(re.match(r"\s*(with|update|insert|merge)\b", node.value, re.IGNORECASE)) and any(
            SETS_STATE.search(_until_where(part)) for part in re.split(r"\bupdate\b", node.value, flags=re.IGNORECASE)
        )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
        named_fields = [keyword.arg for keyword in node.keywords]
        listed = [c.value for a in node.args for c in ast.walk(a) if isinstance(c, ast.Constant)]
        return "state" in named_fields or (node.func.attr == "bulk_update" and "state" in listed)
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute) and t.attr == "state" for t in node.targets)
    return False


def _until_where(text: str) -> str:
    """Only what an UPDATE sets: its SET list ends at FROM, WHERE or RETURNING."""
    return re.split(r"\b(where|from|returning)\b", text, maxsplit=1, flags=re.IGNORECASE)[0]

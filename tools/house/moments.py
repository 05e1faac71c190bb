"""Business time is an argument: outside foundation/ no clock of the machine, of Django or of SQL."""

import ast
import re

from tools.house.tree import SOURCE, named, parsed, python_files

SQL_CLOCK = re.compile(
    r"\b(now\(\)|current_timestamp|current_date|clock_timestamp\(|statement_timestamp\(|localtimestamp"
    r"|transaction_timestamp\()",
    re.IGNORECASE,
)
PYTHON_CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
}
RECORDED = re.compile(r"\brecorded_at\b.*\bDEFAULT\b", re.IGNORECASE)  # by the machine, by design
AUTO = {"auto_now", "auto_now_add"}
MAY_READ_CLOCKS = (
    SOURCE / "foundation",
    SOURCE / "shared" / "clock.py",
    SOURCE / "cli",
    SOURCE / "simulator",  # it makes the clock
    SOURCE / "integrations",  # machine time of requests: signatures and time-outs
    SOURCE / "config",  # processes and measurements run on machine time
)


def problems() -> list[str]:
    found = []
    for path in python_files(migrations=True):
        if any(path.is_relative_to(allowed) for allowed in MAY_READ_CLOCKS):
            continue
        for node in ast.walk(parsed(path)):
            said = _clock_in(node)
            if said:
                found.append(f"{named(path, getattr(node, 'lineno', 0))}: {said}; business time is an argument")
    return found


def _clock_in(node: ast.AST) -> str:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
        if (name, node.func.attr) in PYTHON_CLOCKS:
            return f"{name}.{node.func.attr}()"
    if isinstance(node, ast.keyword) and node.arg in AUTO:
        return str(node.arg)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        lines = [line for line in node.value.splitlines() if not RECORDED.search(line)]
        match = SQL_CLOCK.search("\n".join(lines))
        if match and _looks_like_sql(node.value):
            return f"SQL {match.group()}"
    return ""


def _looks_like_sql(text: str) -> bool:
    return bool(re.search(r"\b(select|insert|update|delete|default|values|interval)\b", text, re.IGNORECASE))

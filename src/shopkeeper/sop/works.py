"""Which clauses of the procedure work: computed from what is registered, tested and was shown by the story.

Nothing here is a claim. A clause works when a command, a page and a test serve it and the story's record
(docs/sop/story-seed-7.json, told anew by `shopkeeper sim --story --seed 7 --json`) shows it done, refused where it
can refuse, and late where it has a deadline.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import get_resolver

from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.sop.clauses import CLAUSES, Clause
from shopkeeper.web.pages import PAGES

NOTHING = {"done": 0, "late": 0, "missed": 0, "refused": 0}
# Kept by every command and every page: both languages, and an address for programs.
EVERYWHERE = frozenset({"G5", "G6"})


def status_table() -> list[dict[str, Any]]:
    """Every clause: {"id", "owner", "status", "commands", "pages", "tests", "story", "lacking"}."""
    story, tests, pages = story_record(), tests_by_clause(), _pages()
    return [_row(clause, story, tests, pages) for clause in CLAUSES.values()]


def _row(
    clause: Clause, story: Mapping[str, Any], tests: Mapping[str, list[str]], pages: Mapping[str, list[str]]
) -> dict[str, Any]:
    everywhere = clause.id in EVERYWHERE
    commands = sorted(c.name for c in COMMANDS.values() if c.clause == clause.id or (everywhere and not c.internal))
    shown = {**NOTHING, **story.get("clauses", {}).get(clause.id, {})}
    own_pages = sorted({name for names in pages.values() for name in names}) if everywhere else pages[clause.id]
    played = story.get("commands", {}).get(clause.id, {})
    lacking = [
        *([] if commands else ["command"]),
        *[f"command {name}" for name in sorted({*played, *clause.whole_with}) if name not in COMMANDS],
        *([] if own_pages else ["page"]),
        *([] if tests.get(clause.id) else ["test"]),
        *_unshown(clause, shown),
    ]
    return {
        "id": clause.id,
        "name": clause.name.both(),
        "owner": [str(role) for role in clause.owners] or ["system"],
        "status": "missing" if lacking else "works",
        "commands": commands,
        "pages": own_pages,
        "tests": tests.get(clause.id, []),
        "story": shown,
        "lacking": lacking,
    }


def _unshown(clause: Clause, shown: Mapping[str, int]) -> list[str]:
    """What the story should have shown of a clause and did not."""
    lacking = [] if shown["done"] else ["story: done"]
    if clause.can_refuse and not shown["refused"]:
        lacking.append("story: refused")
    if clause.has_deadline and not shown["late"] + shown["missed"]:
        lacking.append("story: late")
    return lacking


def _pages() -> dict[str, list[str]]:
    """Names of pages by clause; pages register themselves where the addresses are gathered."""
    assert get_resolver().url_patterns
    found: dict[str, list[str]] = defaultdict(list)
    for page in sorted(PAGES.values(), key=lambda page: page.name):
        found[page.clause].append(page.name)
    return found


def story_path() -> Path:
    """Where the story's record is kept."""
    return Path(settings.PROJECT_DIR) / "docs" / "sop" / "story-seed-7.json"


def story_record() -> dict[str, Any]:
    """What the story showed; empty where it was never told."""
    path = story_path()
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found if isinstance(found, dict) else {}


def tests_by_clause(folder: Path | None = None) -> dict[str, list[str]]:
    """Test functions by the clauses they are marked with (`@pytest.mark.clause("O1.2", …)`), read from the source."""
    root = folder or Path(settings.PROJECT_DIR) / "tests"
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(root.rglob("test_*.py")):
        for clause, test in _marked(path):
            found[clause].append(f"{path.relative_to(root).as_posix()}::{test}")
    return {clause: sorted(set(names)) for clause, names in found.items()}


def _marked(path: Path) -> Iterator[tuple[str, str]]:
    tree = _parsed(path, path.stat().st_mtime_ns)
    whole = [
        clause
        for node in tree.body
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "pytestmark" for t in node.targets)
        for clause in _clauses_in(node.value)
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            for clause in [*whole, *(c for decorator in node.decorator_list for c in _clauses_in(decorator))]:
                yield clause, node.name


@lru_cache(maxsize=2_000)
def _parsed(path: Path, changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _clauses_in(node: ast.AST) -> list[str]:
    """The clauses named by any `mark.clause(...)` inside an expression."""
    return [
        argument.value
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clause"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]

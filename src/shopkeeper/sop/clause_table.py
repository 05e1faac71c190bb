"""The clauses as a page of docs/: names, owners, and what the house runs of each, from the registries alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.sop.works import EVERYWHERE, status_table

INTRODUCTION = """# 规程条款 · Clauses of the procedure

Made by `shopkeeper clauses --markdown` from what is registered, tested and was shown by the story; a test keeps it in
step. A clause works when a command, a page and a test serve it and the story shows it done, refused and late where it
can be. {works} of {all} work.
"""


def table_path() -> Path:
    """Where the table is kept."""
    return Path(settings.PROJECT_DIR) / "docs" / "clauses.md"


def clause_table() -> str:
    """The table as Markdown."""
    rows = status_table()
    works = sum(row["status"] == "works" for row in rows)
    head = ["clause", "条款", "name", "owner", "commands", "pages", "status"]
    lines = [_line(head), _line(["---"] * len(head)), *(_line(_cells(row)) for row in rows)]
    return INTRODUCTION.format(works=works, all=len(rows)) + "\n" + "\n".join(lines) + "\n"


def write_clause_table() -> Path:
    path = table_path()
    path.write_text(clause_table(), encoding="utf-8")
    return path


def _cells(row: Mapping[str, Any]) -> list[str]:
    everywhere = row["id"] in EVERYWHERE
    return [
        row["id"],
        row["name"]["zh"],
        row["name"]["en"],
        ", ".join(ROLE_WORDS[owner].text("en") for owner in row["owner"]),
        "every one" if everywhere else _code(row["commands"]),
        "every one" if everywhere else _code(row["pages"]),
        "works" if row["status"] == "works" else f"missing: {', '.join(row['lacking'])}",
    ]


def _code(names: Sequence[str]) -> str:
    return " ".join(f"`{name}`" for name in names) or "–"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

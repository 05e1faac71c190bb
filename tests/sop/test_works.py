"""What makes a clause work is computed, and turns red when a part of it goes."""

import json
from pathlib import Path

import pytest

from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.sop import clause_table, works
from shopkeeper.sop.clauses import CLAUSES

pytestmark = pytest.mark.clause("G1")
FULFILMENT = [f"O{clause}" for clause in ("1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2")]
PRODUCTS = ["P1.1", "P1.2", "P2.1", "P2.2", "P2.3", "P3.1", "P3.2", "P4.1", "P4.2", "P5"]
SERVICE = ["S1.1", "S1.2", "S2.1", "S2.2", "S2.3", "S3.1", "S3.2"]
MARKETING = ["M1.1", "M1.2", "M2.1", "M2.2", "M2.3", "M3.1", "M3.2", "M4.1", "M4.2"]
FIGURES = ["D1.1", "D1.2", "D2.1", "D2.2", "D2.3", "D2.4", "D3"]
THROUGHOUT = ["G1", "G2", "G3", "G4", "G5", "G6"]


def row(clause: str) -> dict:
    return next(row for row in works.status_table() if row["id"] == clause)


def test_every_clause_of_the_procedure_is_listed() -> None:
    table = works.status_table()
    assert [row["id"] for row in table] == list(CLAUSES)
    assert all(row.keys() >= {"id", "owner", "status", "commands", "pages", "tests", "story"} for row in table)


@pytest.mark.parametrize("clause", [*PRODUCTS, *FULFILMENT, *SERVICE, *MARKETING, *FIGURES, *THROUGHOUT])
def test_every_clause_works(clause: str) -> None:
    assert row(clause)["lacking"] == []
    assert row(clause)["status"] == "works"


def test_no_clause_is_forgotten_here() -> None:
    assert set(CLAUSES) == {*PRODUCTS, *FULFILMENT, *SERVICE, *MARKETING, *FIGURES, *THROUGHOUT}


def test_what_is_not_there_is_missing_and_says_what_it_lacks(monkeypatch) -> None:
    for name in [name for name, command in COMMANDS.items() if command.clause == "M4.2"]:
        monkeypatch.delitem(COMMANDS, name)
    monkeypatch.setattr(works, "tests_by_clause", dict)
    found = row("M4.2")
    assert found["status"] == "missing"
    assert {"command", "test"} <= set(found["lacking"])


@pytest.mark.parametrize("name", sorted(set(json.loads(works.story_path().read_text())["commands"]["O2.1"])))
def test_removing_a_command_turns_its_clause_red(name: str, monkeypatch) -> None:
    monkeypatch.delitem(COMMANDS, name)
    assert row("O2.1")["status"] == "missing"
    assert row("O2.1")["lacking"] == [f"command {name}"]


@pytest.mark.parametrize(
    ("figure", "lack"), [("done", "story: done"), ("refused", "story: refused"), ("late", "story: late")]
)
def test_a_clause_the_story_does_not_show_is_missing(figure: str, lack: str, monkeypatch) -> None:
    story = works.story_record()
    story["clauses"]["O1.2"][figure] = 0
    monkeypatch.setattr(works, "story_record", lambda: story)
    assert row("O1.2")["lacking"] == [lack]


def test_without_story_tests_or_pages_nothing_works(monkeypatch) -> None:
    monkeypatch.setattr(works, "story_record", dict)
    assert {row["status"] for row in works.status_table()} == {"missing"}


def test_tests_are_found_by_their_marks(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        'import pytest\n\npytestmark = [pytest.mark.clause("O1.1")]\n\n'
        '@pytest.mark.clause("O2.1", "O2.2")\ndef test_one(): ...\n\n\ndef test_two(): ...\n\n\ndef helper(): ...\n'
    )
    assert works.tests_by_clause(tmp_path) == {
        "O1.1": ["test_some.py::test_one", "test_some.py::test_two"],
        "O2.1": ["test_some.py::test_one"],
        "O2.2": ["test_some.py::test_one"],
    }


def test_the_table_in_docs_is_in_step() -> None:
    """Write it anew on purpose: shopkeeper clauses --markdown."""
    assert clause_table.table_path().read_text(encoding="utf-8") == clause_table.clause_table(), (
        "docs/clauses.md is old: run shopkeeper clauses --markdown and review"
    )


def test_the_table_names_every_clause_with_its_owner_and_what_runs_it() -> None:
    lines = clause_table.clause_table().splitlines()
    cells = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line.startswith("| ")}
    assert set(CLAUSES) <= set(cells)
    picking = cells["O2.1"]
    assert "拣货 | Picking | Warehouse | " in picking
    assert "`scan_pick`" in picking
    assert "`warehouse-pick`" in picking
    assert picking.endswith("| works |")
    assert all(cells[clause].endswith("| works |") for clause in CLAUSES)

"""P1.1: a research export read by its columns: every line a figure or a named problem, tried out or taken in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from shopkeeper.flows.products.research.commands.take_in_research import MOST_ROWS, ResearchLine, TakeInResearch
from shopkeeper.flows.products.research.profiles import fields_of
from shopkeeper.flows.products.research.rules.figures import FigureWrong
from shopkeeper.flows.products.research.states import ResearchKind
from shopkeeper.flows.products.research.words import REFUSALS
from shopkeeper.foundation.documents.tables import SheetOfText
from shopkeeper.foundation.files import FileKind
from shopkeeper.shared.words import T

PROBLEMS_KEPT = 500


@dataclass(slots=True)
class ReadResearch:
    """What a file holds: its headings, how they were understood, good lines, and what could not be read."""

    heading: list[str]
    bound: dict[str, int]
    lines: list[ResearchLine] = field(default_factory=list)
    problems: list[T] = field(default_factory=list)
    rejected: int = 0

    @property
    def columns(self) -> list[tuple[str, str]]:
        """(our column, the file's heading)."""
        return [(name, self.heading[place]) for name, place in self.bound.items()]


def read_research(
    stream: BinaryIO, file_kind: FileKind, kind: ResearchKind, mapping: Mapping[str, str] | None = None
) -> ReadResearch:
    """Read an export. `mapping` names the file's heading for one of our columns where the known ones do not fit.

    Raises TableRefused for a file that is empty, too long, or has no column for the name.
    """
    fields = fields_of(kind)
    table = SheetOfText(stream, file_kind, most_rows=MOST_ROWS)
    wanted = {name: (mapping[name],) if mapping and mapping.get(name) else f.headings for name, f in fields.items()}
    found = ReadResearch(table.heading, table.bind(wanted, needed=("name",)))
    for number, cells in table:
        line = _line(number, cells, found, kind)
        if line is not None:
            found.lines.append(line)
    return found


def _line(number: int, cells: list[str], found: ReadResearch, kind: ResearchKind) -> ResearchLine | None:
    fields = fields_of(kind)
    values: dict[str, Any] = {}
    for name, place in found.bound.items():
        text, read = cells[place], fields[name].read
        try:
            values[name] = read(text) if read else text[: 200 if name == "name" else 100]
        except FigureWrong:
            words = REFUSALS["figure_unreadable"]
            _reject(found, words.format(line=number, column=found.heading[place], text=text[:40]))
            return None
    if not values["name"].strip():
        _reject(found, REFUSALS["name_missing"].format(line=number))
        return None
    if any((values.get(name) or 0) < 0 for name in ("heat", "price_minor", "monthly_sales")):
        _reject(found, REFUSALS["amount_negative"])
        return None
    return ResearchLine(**values)


def _reject(found: ReadResearch, problem: T) -> None:
    found.rejected += 1
    if len(found.problems) < PROBLEMS_KEPT:
        found.problems.append(problem)


def as_item(
    found: ReadResearch, kind: ResearchKind, source: str, period: tuple[date, date], name: str, digest: str
) -> TakeInResearch:
    """The command's item for a file that was read."""
    return TakeInResearch(kind, source, period[0], period[1], tuple(found.lines), name[:120], digest)

"""D1.1: an exported file read by its profile: every row a line of figures or a named problem; tried or taken in."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, cast

from shopkeeper.flows.analytics.collection.commands.take_in_figures import (
    VALUE_MOST,
    FigureLine,
    TakeInFigures,
    take_in_figures,
)
from shopkeeper.flows.analytics.collection.profiles import PROFILES, Field, Profile, Reads
from shopkeeper.flows.analytics.collection.rules.periods import PeriodWrong, period_of, span_of
from shopkeeper.flows.analytics.collection.rules.ratios import PARTS, PPM, Contradiction, contradictions
from shopkeeper.flows.analytics.collection.states import FigureBreakdown
from shopkeeper.flows.analytics.collection.words import ROW_PROBLEMS
from shopkeeper.flows.products.research.rules.figures import FigureWrong, figure
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.documents.tables import SheetOfText
from shopkeeper.foundation.documents.xlsx import Column, write_xlsx
from shopkeeper.foundation.files import FileKind, kept_files
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T

ROWS_MOST = 20_000
PIECE = 200
FAILURE_COLUMNS = (
    Column(T("行", "Row"), "integer"),
    Column(T("列", "Column"), width=18),
    Column(T("值", "Value"), width=24),
    Column(T("代码", "Code"), width=20),
    Column(T("原因（中文）", "Reason (Chinese)"), width=60),
    Column(T("原因（英文）", "Reason (English)"), width=70),
)
_TIMES = {Reads.COUNT: 1, Reads.SECONDS: 1, Reads.MINOR: 100, Reads.RATIO: PPM}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that is not taken: where, the value that was found, and a code of ROW_PROBLEMS."""

    row: int
    column: str
    value: str
    code: str

    def words(self) -> T:
        return ROW_PROBLEMS[self.code].format(row=self.row, column=self.column, value=self.value)


@dataclass(slots=True)
class ReadFigures:
    """What a file holds: its headings, how they were understood, good lines, and what could not be read."""

    profile: Profile
    heading: list[str]
    bound: dict[str, int]
    lines: list[FigureLine] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[Field, str]]:
        """(our figure, the file's heading)."""
        return [(f, self.heading[self.bound[name]]) for name, f in self.profile.fields.items() if name in self.bound]

    @property
    def unused(self) -> list[str]:
        """Headings nothing is read from."""
        used = set(self.bound.values())
        return [heading for place, heading in enumerate(self.heading) if heading and place not in used]

    def contradictions(self, tolerance: int) -> list[tuple[FigureLine, Contradiction]]:
        """Stated ratios that their own parts do not give."""
        return [(line, one) for line in self.lines for one in contradictions(line.figures, line.ratios, tolerance)]


def read_figures(stream: BinaryIO, kind: FileKind, profile: Profile, today: date) -> ReadFigures:
    """Read an export. Raises TableRefused for a file that is empty, too long, or lacks period, channel or figures."""
    table = SheetOfText(stream, kind, most_rows=ROWS_MOST)
    wanted: dict[str, tuple[str, ...]] = {"day": profile.day}
    wanted |= {"channel": profile.channel} if profile.channel else {}
    wanted |= {name: one.headings for name, one in profile.fields.items()}
    needed = ("day", "channel", "visitors") if profile.channel else ("day",)
    found = ReadFigures(profile, table.heading, table.bind(wanted, needed))
    seen: dict[tuple[date, date, str], int] = {}
    for row, cells in table:
        line = _line(found, row, cells, today)
        if isinstance(line, RowProblem):
            found.problems.append(line)
            continue
        key = (line.starts_on, line.ends_on, line.channel_name)
        if key in seen:
            found.problems.append(RowProblem(row, found.heading[found.bound["day"]], str(seen[key]), "row_twice"))
        else:
            seen[key] = row
            found.lines.append(line)
    return found


def _line(found: ReadFigures, row: int, cells: list[str], today: date) -> FigureLine | RowProblem:
    place = found.bound["day"]
    try:
        first, last = span_of(cells[place])
        period_of(first, last, today)
    except PeriodWrong as wrong:
        return RowProblem(row, found.heading[place], cells[place][:40], wrong.code)
    channel = cells[found.bound["channel"]].strip()[:80] if "channel" in found.bound else ""
    if found.profile.breakdown is FigureBreakdown.CHANNEL and not channel:
        return RowProblem(row, found.heading[found.bound["channel"]], "", "channel_missing")
    figures: dict[str, int] = {}
    ratios: dict[str, int] = {}
    for name, one in found.profile.fields.items():
        if name not in found.bound:
            continue
        text = cells[found.bound[name]]
        try:
            value = value_of(text, one.reads)
        except FigureWrong:
            return RowProblem(row, found.heading[found.bound[name]], text[:40], "figure_wrong")
        if value is not None:
            (ratios if name in PARTS else figures)[name] = value
    if not figures:
        return RowProblem(row, "", "", "row_without_figures")
    return FigureLine(first, last, figures, ratios, channel, row)


def value_of(text: str, reads: Reads) -> int | None:
    """ "2,133" is 2133, "10,095.00" of money 1009500, "0.45%" 4500 parts per million, "-" nothing.

    Raises FigureWrong for what is none: negative, a count with a fraction, more than anybody counts.
    """
    value = figure(text)
    if value is None:
        return None
    whole = value * _TIMES[reads]
    exact = whole.to_integral_value()
    if value < 0 or exact > VALUE_MOST or (reads in (Reads.COUNT, Reads.MINOR) and exact != whole):
        raise FigureWrong(text)
    return int(exact) if reads is not Reads.SECONDS else int(whole.quantize(Decimal(1)))


Progress = Callable[[int], bool]  # how far; False says: stop here


@dataclass(slots=True)
class TakenIn:
    """What became of a file; `failures` is the digest of the kept sheet, empty where every row was taken."""

    counts: dict[str, int]
    failures: str = ""
    is_stopped: bool = False


def take_in_file(
    actor: Actor,
    found: ReadFigures,
    shop_id: int,
    digest: str,
    import_id: int | None,
    progress: Progress,
) -> TakenIn:
    """Take in what was read, by pieces of whole periods; pieces that are in stay, should somebody stop it."""
    counts = dict.fromkeys(("rows", "sets", "replaced", "unchanged", "flagged", "rejected"), 0)
    problems = list(found.problems)
    counts["rows"] = len(found.lines) + len(problems)
    done, is_stopped = len(problems), False
    for piece in _pieces(found.lines):
        item = TakeInFigures(shop_id, "sycm", found.profile.breakdown, tuple(piece), digest, import_id)
        outcome = take_in_figures.one(actor, item)
        if outcome.ok:
            _add(counts, outcome, piece)
        else:
            problems += [RowProblem(line.line, "", "", outcome.code) for line in piece]
        done += len(piece)
        if not progress(done):
            is_stopped = done < counts["rows"]
            break
    counts["rejected"] = len(problems)
    return TakenIn(counts, _keep_failures(problems) if problems else "", is_stopped)


def _add(counts: dict[str, int], outcome: Outcome, piece: list[FigureLine]) -> None:
    facts: Mapping[str, Any] = outcome.facts
    for name in ("sets", "replaced", "flagged"):
        counts[name] += facts.get(name, 0)
    counts["unchanged"] += len({(line.starts_on, line.ends_on) for line in piece}) - facts.get("sets", 0)


def _pieces(lines: list[FigureLine]) -> list[list[FigureLine]]:
    """Lines of a period stay together."""
    pieces: list[list[FigureLine]] = []
    ordered = sorted(lines, key=lambda line: (line.starts_on, line.ends_on, line.channel_name))
    for before, line in zip([None, *ordered], ordered, strict=False):
        is_same = before is not None and (before.starts_on, before.ends_on) == (line.starts_on, line.ends_on)
        if not pieces or (len(pieces[-1]) >= PIECE and not is_same):
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def _keep_failures(problems: list[RowProblem]) -> str:
    """The rows that were not taken as a sheet to correct; its digest."""
    rows = []
    for one in sorted(problems, key=lambda problem: problem.row):
        said = one.words()
        rows.append((one.row, one.column, one.value, one.code, said.text("zh"), said.text("en")))
    with tempfile.SpooledTemporaryFile(max_size=1 << 20, mode="w+b") as sheet:
        write_xlsx(cast("BinaryIO", sheet), FAILURE_COLUMNS, rows, sheet=str(T("未导入的行", "Rows not taken")))
        sheet.seek(0)
        return kept_files().keep(cast("BinaryIO", sheet), "figures-rejected.xlsx", {FileKind.XLSX}).digest


def profile_named(name: str) -> Profile:
    return PROFILES[name]

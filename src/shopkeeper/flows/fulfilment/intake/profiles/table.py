"""CSV files as they come: any of our encodings, gzipped or not; a broken row does not end the file."""

import csv
import gzip
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from shopkeeper.flows.fulfilment.intake.profiles.cells import CellWrong, Reader, identifier
from shopkeeper.flows.fulfilment.intake.profiles.rows import Problem
from shopkeeper.shared.errors import BusinessError

SAMPLE = 256 * 1024
MOST_LINES_A_RECORD = 60  # a remark may hold line breaks; a forgotten quote would swallow the file
LONGEST_LINE = 1_000_000


class ImportRefused(BusinessError):
    """A source that cannot be read at all; the code is one of IMPORT_REFUSALS."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column we read: the headings it may have, how its values read, and what must be there.

    `needed`: the file must have it. `filled`: every row must have a value in it.
    """

    headings: tuple[str, ...]
    read: Reader
    needed: bool = True
    filled: bool = False


Layout = Mapping[str, Column]
Record = tuple[int, list[str], str]  # the line it begins on, its cells, the code of what is broken or ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the values by our names (as far as readable), the first problem, the cells as written."""

    line_no: int
    values: dict[str, Any]
    problem: Problem | None
    cells: tuple[str, ...]


class Table:
    """One CSV file bound to a layout. Opening it reads the heading; iterating streams the rows.

    Raises ImportRefused when the file is missing, empty, no text or lacks needed columns.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path = path
        self.name = path.name
        self.encoding = detect_encoding(path)
        with self._open() as stream:
            heading = next(csv.reader(stream), None)
        if not heading:
            raise ImportRefused("import_empty", file=self.name)
        self.heading = [cell.strip().lstrip("\ufeff").strip('="\t ') for cell in heading]
        self._delimiter = ","
        if len(self.heading) == 1 and "\t" in self.heading[0]:
            self._delimiter = "\t"
            self.heading = [cell.strip() for cell in self.heading[0].split("\t")]
        self._bound = self._bind(layout)
        self._last: list[tuple[str, Any] | None] = [None] * len(self._bound)

    def _open(self) -> TextIO:
        return open_text(self.path, self.encoding)

    def _bind(self, layout: Layout) -> list[tuple[str, int, Column]]:
        places = {heading: place for place, heading in reversed(list(enumerate(self.heading)))}
        bound, missing = [], []
        for name, column in layout.items():
            place = next((places[heading] for heading in column.headings if heading in places), None)
            if place is not None:
                bound.append((name, place, column))
            elif column.needed:
                missing.append("/".join(column.headings))
        if missing:
            lists = {"missing": ", ".join(missing), "found": ", ".join(self.heading[:60])}
            raise ImportRefused("import_columns_missing", file=self.name, **lists)
        return bound

    def heading_of(self, name: str) -> str:
        """The file's own heading of one of our columns, "" when the file does not have it."""
        return next((self.heading[place] for bound, place, _ in self._bound if bound == name), "")

    def __iter__(self) -> Iterator[TableRow]:
        for record in self._records():
            yield self.read(record)

    def keyed(self, name: str) -> Iterator[tuple[str, int, Record]]:
        """Rows unread, with the value of one identifying column in front: what a `SortedSpill` takes."""
        for record in self._records():
            yield self.key_of(record, name), record[0], record

    def key_of(self, record: Record, name: str) -> str:
        """The value of an identifying column, "" when it cannot be read."""
        place = next(place for bound, place, _ in self._bound if bound == name)
        try:
            return identifier(record[1][place]) if place < len(record[1]) else ""
        except CellWrong:
            return ""

    def _records(self) -> Iterator[Record]:
        with self._open() as stream:
            for record in records(stream, self._delimiter, len(self.heading)):
                if record[0] > 1 and any(record[1]):
                    yield record

    def read(self, record: Record) -> TableRow:
        """Read one record by the layout: every value that can be, and the first problem."""
        line_no, cells, broken = record
        values: dict[str, Any] = {}
        problem = Problem(broken, "", str(len(cells))) if broken else None
        width = len(cells)
        for at, (name, place, column) in enumerate(self._bound):
            text = cells[place] if place < width else ""
            if (last := self._last[at]) is not None and last[0] == text:
                value = last[1]  # rows of one order repeat its cells
            else:
                try:
                    value = column.read(text)
                except CellWrong as wrong:
                    problem = problem or Problem(wrong.code, self.heading[place], text.strip()[:40])
                    continue
                self._last[at] = (text, value)
            if column.filled and (value is None or value == ""):
                problem = problem or Problem("missing_value", self.heading[place])
            values[name] = value
        return TableRow(line_no, values, problem, tuple(cells))

    def original(self, row: TableRow) -> dict[str, str]:
        """The row as the file has it, by its own headings."""
        return dict(zip(self.heading, row.cells, strict=False))


def records(stream: TextIO, delimiter: str, width: int) -> Iterator[Record]:
    """Records with the line they begin on; a broken one spoils its own line only.

    A quote that is never closed makes the reader swallow what follows: its line is given up and the lines
    behind it are read afresh.
    """
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin()
        broken = ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_RunAway, csv.Error):
            cells, broken = [], "unclosed_quote"
        else:
            if cells and (len(cells) < width or any(cells[width:])):
                broken = "column_count"
        at = lines.first_line
        if broken and (not cells or lines.several):
            first = lines.give_back_all_but_first()
            cells = [cell.strip().strip('"') for cell in first.rstrip("\r\n").split(delimiter)]
            reader = csv.reader(lines, delimiter=delimiter)
        yield at, cells, broken


class _RunAway(Exception):
    """One record took more lines than a record may."""


class _Lines:
    """The stream's lines, with the current record's kept so that they can be given back."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._back: deque[str] = deque()
        self._record: list[str] = []
        self._line_no = 0
        self.first_line = 1

    def begin(self) -> None:
        self._record = []
        self.first_line = self._line_no + 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self._record) >= MOST_LINES_A_RECORD:
            raise _RunAway
        line = self._back.popleft() if self._back else self._stream.readline(LONGEST_LINE)
        if not line:
            if self._record:  # the file ended inside a quote
                raise _RunAway
            raise StopIteration
        self._line_no += 1
        self._record.append(line)
        return line.replace("\x00", "")

    @property
    def several(self) -> bool:
        """Whether the current record took more than one line."""
        return len(self._record) > 1

    def give_back_all_but_first(self) -> str:
        rest = self._record[1:]
        self._back.extendleft(reversed(rest))
        self._line_no -= len(rest)
        return self._record[0] if self._record else ""


def open_text(path: Path, encoding: str) -> TextIO:
    """A file's text, unpacked on the way when it is gzipped; what cannot be decoded reads as U+FFFD."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding=encoding, errors="replace", newline="")
    return io.open(path, encoding=encoding, errors="replace", newline="")  # noqa: UP020


def detect_encoding(path: Path) -> str:
    """UTF-8 (with BOM or without), UTF-16 with BOM, else GB18030, which holds GBK and GB2312."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            sample = stream.read(SAMPLE)
    except (OSError, EOFError) as error:
        raise ImportRefused("import_source_missing", path=str(path.parent), wanted=path.name) from error
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if sample.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if sample.startswith(b"PK\x03\x04") or b"\x00" in sample[:1024]:
        raise ImportRefused("import_not_text", file=path.name)
    return "utf-8" if _mostly(sample, "utf-8") else "gb18030"


def _mostly(sample: bytes, encoding: str) -> bool:
    """Whether a sample reads in an encoding but for a few broken places and its cut end."""
    heading = sample.partition(b"\n")[0]
    if not heading.isascii():
        try:
            heading.decode(encoding)
        except UnicodeDecodeError:
            return False
        return True
    broken = sample.decode(encoding, errors="replace").count("\ufffd")
    return broken <= 1 or broken * 200 < len(sample) - len(sample.decode("ascii", errors="ignore"))

"""Tables from CSV and XLSX as rows of plain text, within bounds.

A workbook may hold one cell in its last row and a million empty ones before it. What it really holds is measured
in its XML first, so that a reader that lays the sheet out whole never meets a claim it cannot bear. Formulas come as
the values they last had.
"""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from shopkeeper.flows.products.listing.profiles import ImportRefused
from shopkeeper.foundation.files import FileKind, sniff

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
CHUNK = 256 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
Row = tuple[int, list[str]]


def read_table(path: Path) -> Iterator[Row]:
    """The rows that hold something, with their number in the file. Raises ImportRefused."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    rows = _workbook_rows(path) if sniff(head) is FileKind.XLSX else _csv_rows(path)
    return islice(((number, cells) for number, cells in rows if any(cells)), MOST_ROWS + 1)


def _workbook_rows(path: Path) -> Iterator[Row]:
    _check_extent(path)
    try:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        first = sheet.start[0] + 1 if sheet.start else 1
        for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
            yield number, [_cell(value) for value in row[:MOST_COLUMNS]]
    except (CalamineError, OSError, IndexError) as error:
        raise ImportRefused("import_unreadable") from error


def _cell(value: object) -> str:
    """A cell as one would type it: whole numbers without a point, moments to the second."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value).strip()[:LONGEST_CELL]


def _check_extent(path: Path) -> None:
    """Refuse a workbook whose cells with something in them reach too far."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
            for name in sheets:
                with archive.open(name) as sheet:
                    rows, columns = _extent(sheet)
                if rows > MOST_ROWS or columns > MOST_COLUMNS:
                    raise ImportRefused("import_too_large", rows=rows, columns=columns, limit=MOST_ROWS)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, ValueError) as error:
        raise ImportRefused("import_unreadable") from error


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """How many rows and columns the cells with a value span, read as a stream."""
    at = [0, 0]
    least, most = [10**9, 10**9], [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            at[:] = [int(attributes.get("r", at[0] + 1)), 0]
        elif name == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            at[1] = _column(found[1]) if found else at[1] + 1
            at[0] = int(found[2]) if found else at[0]
        elif name in ("v", "is"):
            for axis in (0, 1):
                least[axis], most[axis] = min(least[axis], at[axis]), max(most[axis], at[axis])

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    while chunk := sheet.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return (most[0] - least[0] + 1, most[1] - least[1] + 1) if most[0] else (0, 0)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _csv_rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(4 * LONGEST_CELL)
    try:
        with path.open(encoding=_encoding(path), newline="") as stream:
            head = stream.read(CHUNK)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(head))
            for cells in reader:
                yield reader.line_num, [_typed(cell) for cell in cells[:MOST_COLUMNS]]
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        raise ImportRefused("import_unreadable") from error


def _typed(cell: str) -> str:
    """A cell without what our own exports put there for Excel: the tab after long numbers, the quote before signs."""
    text = cell.strip()
    return (text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@＝＋－＠") else text)[:LONGEST_CELL]


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is, else what Chinese Windows writes."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            while stream.read(CHUNK):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _delimiter(head: str) -> str:
    first = head.split("\n", 1)[0]
    return max(",\t;", key=first.count)

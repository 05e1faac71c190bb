"""The first sheet of a workbook that people bring, row by row, within bounds.

A workbook may hold one cell in its last row and a million empty ones before it. What it really holds is measured in
its XML first, as a stream, so that the reader, which lays a sheet out whole, never meets a claim it cannot bear.
Formulas come as the values they last had.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from shopkeeper.shared.errors import BusinessError

MOST_CELLS = 10_000_000  # laid out, some 300 MB
MOST_ROWS = 1_048_576
CHUNK = 256 * 1024
_REFERENCE = re.compile(r"([A-Z]{1,4})(\d{1,8})")
_NO_SHEETS = frozenset({"sharedstrings.xml", "styles.xml", "workbook.xml"})


class TableRefused(BusinessError):
    """A file that cannot be read as a table: table_empty, table_unreadable, table_row_unreadable,
    table_columns_missing, table_too_long, table_too_large."""


def sheet_rows(
    stream: BinaryIO, *, most_rows: int = MOST_ROWS, most_columns: int = MOST_CELLS
) -> Iterator[tuple[int, list[object]]]:
    """The rows of the first sheet with their number in it, empty ones too. Raises TableRefused."""
    _check_extent(stream, most_rows, most_columns)
    stream.seek(0)
    try:
        rows = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).iter_rows()
        yield from enumerate(map(list, rows), start=1)
    except (CalamineError, IndexError, OSError) as error:
        raise TableRefused("table_unreadable") from error


def cell_text(cell: object) -> str:
    """A cell as one would type it: whole numbers without a point, moments to the second."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _check_extent(stream: BinaryIO, most_rows: int, most_columns: int) -> None:
    """Refuse a workbook whose cells with something in them reach too far."""
    try:
        with zipfile.ZipFile(stream) as archive:
            for name in filter(_may_be_a_sheet, archive.namelist()):
                with archive.open(name) as part:
                    rows, columns = _extent(part)
                if rows > most_rows or columns > most_columns or rows * columns > MOST_CELLS:
                    raise TableRefused("table_too_large", rows=rows, columns=columns, most=most_rows)
    except (zipfile.BadZipFile, expat.ExpatError, OSError, EOFError, ValueError) as error:
        raise TableRefused("table_unreadable") from error


def _may_be_a_sheet(name: str) -> bool:
    """Where a workbook keeps its sheets is its own affair; what they are called is not trusted."""
    place = PurePosixPath(name.lower())
    return place.parts[:1] == ("xl",) and place.suffix == ".xml" and place.name not in _NO_SHEETS


def _extent(part: IO[bytes]) -> tuple[int, int]:
    """How many rows and columns the cells with a value span, read as a stream."""
    at = [0, 0]
    least, most = [10**9, 10**9], [0, 0]

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]  # some programs write every name with a prefix
        if tag == "row":
            at[:] = [int(attributes.get("r", at[0] + 1)), 0]
        elif tag == "c":
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            at[1] = _column(found[1]) if found else at[1] + 1
            at[0] = int(found[2]) if found else at[0]
        elif tag in ("v", "is"):
            for axis in (0, 1):
                least[axis], most[axis] = min(least[axis], at[axis]), max(most[axis], at[axis])

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    while chunk := part.read(CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return (most[0] - least[0] + 1, most[1] - least[1] + 1) if most[0] else (0, 0)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number

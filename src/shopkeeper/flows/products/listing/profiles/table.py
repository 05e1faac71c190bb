"""Tables from CSV and XLSX as rows of plain text, within bounds."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from shopkeeper.flows.products.listing.profiles import ImportRefused
from shopkeeper.foundation.documents.workbooks import TableRefused, cell_text, sheet_rows
from shopkeeper.foundation.files import FileKind, sniff

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
CHUNK = 256 * 1024
Row = tuple[int, list[str]]


def read_table(path: Path) -> Iterator[Row]:
    """The rows that hold something, with their number in the file. Raises ImportRefused."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    rows = _workbook_rows(path) if sniff(head) is FileKind.XLSX else _csv_rows(path)
    return islice(((number, cells) for number, cells in rows if any(cells)), MOST_ROWS + 1)


def _workbook_rows(path: Path) -> Iterator[Row]:
    try:
        with path.open("rb") as stream:
            for number, cells in sheet_rows(stream, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS):
                yield number, [cell_text(cell).strip()[:LONGEST_CELL] for cell in cells]
    except TableRefused as refusal:
        if refusal.code == "table_too_large":
            facts = {name: refusal.facts[name] for name in ("rows", "columns")}
            raise ImportRefused("import_too_large", limit=MOST_ROWS, **facts) from refusal
        raise ImportRefused("import_unreadable") from refusal


def _csv_rows(path: Path) -> Iterator[Row]:
    """Strict: a quote that is not closed would swallow the products behind it without a word."""
    try:
        with path.open(encoding=_encoding(path), newline="") as stream:
            head = stream.read(CHUNK)
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(head), strict=True)
            for cells in reader:
                yield reader.line_num, [_typed(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise ImportRefused("table_row_unreadable", line=reader.line_num) from error
    except (UnicodeDecodeError, OSError) as error:
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

"""Tables for Excel: XLSX and CSV that open right there. Numbers of orders and parcels stay text to the last
digit, and no cell that came from outside can act as a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal
from zoneinfo import ZoneInfo

import xlsxwriter

from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T

Kind = Literal["text", "id", "integer", "decimal", "money", "date", "moment"]
Cell = str | T | int | float | Decimal | date | datetime | None

LONGEST_CELL = 32_767
LAST_ROW = 1_048_576
_FORMATS = {
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "money": "#,##0.00",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_LEAST = {"text": 12, "id": 20, "integer": 9, "decimal": 11, "money": 12, "date": 12, "moment": 17}
_ACTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it holds, and its width in characters where the guess is not good.

    `id` is text that looks like a number (order, waybill, phone). `money` takes integer minor units.
    """

    title: T | str
    kind: Kind = "text"
    width: int | None = None


def shown_width(text: str) -> int:
    """How many half-width characters a text takes on screen; Chinese takes two each."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of several tables in a workbook. `rows` are written as they come."""

    name: T | str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(
    target: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    sheet: str = "Sheet1",
    zone: ZoneInfo = SHOP_ZONE,
) -> int:
    """Stream rows into one frozen-headed sheet and return how many were written; memory stays constant.

    Moments are shown in `zone`. A table longer than Excel's last row goes on in further sheets.
    """
    return write_book(target, [Sheet(sheet, columns, rows)], zone)


def write_book(target: BinaryIO, sheets: Iterable[Sheet], zone: ZoneInfo = SHOP_ZONE) -> int:
    """Several tables in one workbook, each on a sheet of its own and on as many more as it needs."""
    off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(target, {"constant_memory": True, **off})
    looks = _looks(book)
    written = sum(_write_sheet(book, sheet, looks, zone) for sheet in sheets)
    book.close()
    return written


def _write_sheet(book: Any, sheet: Sheet, looks: dict[str, Any], zone: ZoneInfo) -> int:
    page, at, written = _new_page(book, sheet.columns, looks, str(sheet.name)), 1, 0
    for row in sheet.rows:
        if at == LAST_ROW:
            page, at = _new_page(book, sheet.columns, looks, str(sheet.name)), 1
        for position, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write(page, at, position, column.kind, cell, looks, zone)
        at, written = at + 1, written + 1
    return written


def _looks(book: Any) -> dict[str, Any]:
    looks = {kind: book.add_format({"num_format": pattern, "valign": "top"}) for kind, pattern in _FORMATS.items()}
    looks["text"] = book.add_format({"num_format": "@", "valign": "top"})
    looks["id"] = looks["text"]
    looks["quoted"] = book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
    looks["head"] = book.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "valign": "vcenter"})
    return looks


def _new_page(book: Any, columns: Sequence[Column], looks: dict[str, Any], sheet: str) -> Any:
    name = re.sub(r"[\[\]:*?/\\']", " ", sheet)[:28] or "Sheet"
    taken = {page.get_name().lower() for page in book.worksheets()}
    names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 2)))
    page = book.add_worksheet(next(one for one in names if one.lower() not in taken))
    for position, column in enumerate(columns):
        width = column.width or max(_LEAST[column.kind], shown_width(str(column.title)) + 3)
        page.set_column(position, position, width)
    page.freeze_panes(1, 0)
    page.set_row(0, 20)
    for position, column in enumerate(columns):
        page.write_string(0, position, str(column.title), looks["head"])
    return page


def _write(page: Any, row: int, at: int, kind: Kind, cell: Cell, looks: dict[str, Any], zone: ZoneInfo) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        page.write_datetime(row, at, cell.astimezone(zone).replace(tzinfo=None), looks["moment"])
    elif isinstance(cell, date):
        page.write_datetime(row, at, datetime(cell.year, cell.month, cell.day), looks["date"])  # noqa: DTZ001 - a day
    elif kind == "money" and isinstance(cell, int):
        page.write_number(row, at, cell / 100, looks["money"])
    elif kind in ("integer", "decimal", "money") and isinstance(cell, int | float | Decimal):
        page.write_number(row, at, float(cell), looks[kind])
    else:
        text = _INVALID.sub("", str(cell))[:LONGEST_CELL]
        page.write_string(row, at, text, looks["quoted" if text.startswith(_ACTS) else "text"])


def csv_chunks(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    zone: ZoneInfo = SHOP_ZONE,
    per_chunk: int = 500,
) -> Iterator[bytes]:
    """The table as UTF-8 CSV with BOM, in chunks to stream.

    Long numbers of `id` columns end with a tab, as the platforms' own exports do, so that Excel keeps
    every digit.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_harmless(str(column.title)) for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_plain(column.kind, cell, zone) for column, cell in zip(columns, row, strict=True)])
        if number % per_chunk == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    chunk = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return chunk


def _plain(kind: Kind, cell: Cell, zone: ZoneInfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if kind == "money" and isinstance(cell, int):
        return str(Decimal(cell).scaleb(-2).quantize(Decimal("0.01")))
    if not isinstance(cell, str | T):
        return str(cell)
    text = _INVALID.sub("", str(cell))
    if kind == "id" and text.isascii() and text.isdigit() and (len(text) > 11 or text.startswith("0")):
        return text + "\t"
    return _harmless(text)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_ACTS) else text

"""Tables as people bring them, CSV in any of our encodings or XLSX: a heading and rows of text, bounded.

A formula is never worked out: a workbook's cell reads as the value its program stored last. Empty rows are passed
over, and a sheet that is nothing but empty rows ends.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from shopkeeper.foundation.documents.workbooks import TableRefused, cell_text, sheet_rows
from shopkeeper.foundation.files import FileKind

__all__ = ["SAMPLE", "SheetOfText", "TableRefused", "encoding_of"]
SAMPLE = 256 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 4_000
MOST_EMPTY_ROWS = 1_000
BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def encoding_of(sample: bytes) -> str:
    """UTF-16 and UTF-8 by their mark, UTF-8 where it reads as such, else GB18030, which holds GBK and GB2312."""
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    try:
        sample[: sample.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


class SheetOfText:
    """One table. `heading` is its first row with anything in it; iterating gives (row number, cells) below it."""

    def __init__(self, stream: BinaryIO, kind: FileKind, *, most_rows: int = 50_000) -> None:
        self._most = most_rows
        self._rows = _xlsx_rows(stream) if kind is FileKind.XLSX else _csv_rows(stream)
        first = next(self._filled(), None)
        if first is None:
            raise TableRefused("table_empty")
        self.heading = first[1]

    def _filled(self) -> Iterator[tuple[int, list[str]]]:
        empty = 0
        for number, cells in self._rows:
            if any(cells):
                empty = 0
                yield number, cells
            else:
                empty += 1
                if empty > MOST_EMPTY_ROWS:
                    return

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.heading)
        for count, (number, cells) in enumerate(self._filled(), start=1):
            if count > self._most:
                raise TableRefused("table_too_long", most=self._most)
            yield number, [*cells[:width], *[""] * (width - len(cells))]

    def bind(self, wanted: Mapping[str, Sequence[str]], needed: Sequence[str] = ()) -> dict[str, int]:
        """Find our columns under any of the headings they may have; raise where a needed one is not there."""
        places = {heading: place for place, heading in reversed(list(enumerate(self.heading)))}
        bound = {
            name: next(places[heading] for heading in headings if heading in places)
            for name, headings in wanted.items()
            if any(heading in places for heading in headings)
        }
        missing = [wanted[name][0] for name in needed if name not in bound]
        if missing:
            found = ", ".join(self.heading[:60])
            raise TableRefused("table_columns_missing", missing=", ".join(missing), found=found)
        return bound


def _csv_rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    sample = stream.read(SAMPLE)
    stream.seek(0)
    encoding = encoding_of(sample)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    first = sample.split(b"\n", 1)[0].decode(encoding, errors="replace")
    reader = csv.reader(text, delimiter=max(",\t;", key=first.count), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [_bare(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:  # a quote that is not closed would swallow the rows behind it without a word
        raise TableRefused("table_row_unreadable", line=reader.line_num) from error
    finally:
        if not stream.closed:
            text.detach()  # whoever opened the file closes it


def _xlsx_rows(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    for number, cells in sheet_rows(stream):
        yield number, [_bare(cell_text(cell)) for cell in cells[:MOST_COLUMNS]]


def _bare(text: str) -> str:
    """The value without what keeps spreadsheets from spoiling it: ="123", '123."""
    text = text.replace("\x00", "").strip().lstrip("\ufeff")[:LONGEST_CELL]
    if text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text[1:].strip() if text.startswith("'") else text

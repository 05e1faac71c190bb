"""Lists as workbooks: written row by row, bounded, and plain about it where not everything is in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest, HttpResponse

from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.xlsx import Cell, Column, write_xlsx
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web import toasts
from shopkeeper.web.toasts import Toast

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000  # what a visitor waits for; more is asked for in parts
KEPT_IN_MEMORY = 4 << 20
CUT = T(
    "未导出完：只有前 {n} 行。请用筛选（例如按日期）分几次导出。",
    "Not complete: only the first {n} rows. Use the filters (by day, for example) and export in parts.",
)


@dataclass(slots=True)
class _Bounded:
    """Rows up to the bound; where there are more, a last row that says so."""

    rows: Iterable[Sequence[Cell]]
    width: int
    is_cut: bool = False

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for number, row in enumerate(self.rows):
            if number == MOST_ROWS:
                self.is_cut = True
                yield (CUT.format(n=MOST_ROWS).text(), *[None] * (self.width - 1))
                return
            yield row


def export(
    request: HttpRequest, name: str, sheet: T, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """The rows as `name-<day>.xlsx`. A list too long ends with a row that says so, in the file's name and as a
    toast on the visitor's next page, too. The first column must hold text."""
    bounded = _Bounded(rows, len(columns))
    target = cast("BinaryIO", SpooledTemporaryFile(max_size=KEPT_IN_MEMORY))  # noqa: SIM115  (the response closes it)
    try:
        write_xlsx(target, columns, bounded, sheet=str(sheet))
    except BaseException:
        target.close()
        raise
    part = f"-first-{MOST_ROWS}" if bounded.is_cut else ""
    if bounded.is_cut:
        toasts.keep(request, [Toast("amber", CUT.format(n=MOST_ROWS).text())])
    target.seek(0)
    filename = f"{name}-{day_of(business_time.now()):%Y%m%d}{part}.xlsx"
    answer = FileResponse(target, as_attachment=True, filename=filename, content_type=XLSX)
    return cast("HttpResponse", answer)  # a page's answer, only that it comes in pieces

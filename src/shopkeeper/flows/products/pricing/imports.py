"""P3.2: a file of prices as people keep it: rows read exactly, each one judged, none guessed at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from shopkeeper.flows.products.pricing.commands.import_prices import ImportPrice, import_prices
from shopkeeper.flows.products.pricing.queries.plans import shop_codes_of
from shopkeeper.flows.products.pricing.rules import read_amount
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.documents.tables import SAMPLE, SheetOfText
from shopkeeper.foundation.documents.xlsx import Column, Kind, write_xlsx
from shopkeeper.foundation.files import FileKind, kept_files, sniff
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.shared.words import T

MOST_ROWS = 5_000
# Our field, its heading, and the other headings people use for it.
HEADINGS: tuple[tuple[str, T, tuple[str, ...]], ...] = (
    ("sku_code", T("商家编码", "SKU code"), ("sku", "编码", "商品编码")),
    ("shop", T("店铺", "Shop"), ("店铺编码", "shop code")),
    ("cost_minor", T("成本价", "Cost"), ("成本", "进价")),
    ("competitor_minor", T("竞品价", "Competitor price"), ("竞品",)),
    ("list_minor", T("划线价", "Strike-through price"), ("原价", "吊牌价")),
    ("sale_minor", T("售价", "Sale price"), ("销售价", "一口价")),
    ("discount_minor", T("折扣价", "Discount price"), ("优惠价",)),
    ("member_minor", T("会员价", "Member price"), ()),
    ("valid_from", T("生效时间", "Valid from"), ("开始时间",)),
    ("valid_to", T("结束时间", "Valid to"), ("到期时间",)),
    ("reason", T("原因", "Reason"), ("备注", "定价原因")),
)
AMOUNTS = tuple(name for name, _, _ in HEADINGS if name.endswith("_minor"))
MOMENTS = ("valid_from", "valid_to")
NEEDED = ("sku_code", "sale_minor")
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y/%m/%d")


class PricesRefused(BusinessError):
    """A file that cannot be read at all; the code is one of the desk's words."""


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One row of the file: its line, what it says, and what became or would become of it."""

    line: int
    code: str
    shop: str
    sale: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as read: the item, or the refusal that stands in its way."""

    line: int
    cells: Mapping[str, str]
    item: ImportPrice | None
    refusal: Outcome | None


def run_prices_import(actor: Actor, digest: str, *, reason: str, is_dry_run: bool) -> list[RowAnswer]:
    """Judge every row of a kept file; without `is_dry_run` propose what is fit. Raises PricesRefused
    for a file without the columns, TableRefused for one that is no table or too long.

    `reason` stands for rows that give none.
    """
    shops = shop_codes_of(actor)
    rows = [_read(line, cells, shops, reason, is_dry_run) for line, cells in _table(digest)]
    answers = iter(import_prices(actor, [row.item for row in rows if row.item is not None]))
    return [
        RowAnswer(
            row.line,
            row.cells.get("sku_code", ""),
            row.cells.get("shop", ""),
            row.cells.get("sale_minor", ""),
            row.refusal or next(answers),
        )
        for row in rows
    ]


def template_sheet(target: BinaryIO) -> None:
    """An empty table with the headings, to fill in."""
    write_xlsx(target, [Column(title, _kind(name)) for name, title, _ in HEADINGS], [], sheet=str(T("定价", "Prices")))


def _kind(name: str) -> Kind:
    return "id" if name == "sku_code" else "decimal" if name in AMOUNTS else "text"


def _table(digest: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with something in them, by our names, with their line in the file."""
    with kept_files().open(digest) as stream:
        kind = sniff(stream.read(SAMPLE)) or FileKind.CSV
        stream.seek(0)
        table = SheetOfText(stream, kind, most_rows=MOST_ROWS)
        places = _places([_plain(cell) for cell in table.heading])
        for line, cells in table:
            yield line, {name: cells[at] for name, at in places.items()}


def _places(headings: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for name, title, others in HEADINGS:
        known = {_plain(title.zh), _plain(title.en), *map(_plain, others)}
        found = [at for at, heading in enumerate(headings) if heading in known]
        if found:
            places[name] = found[0]
        elif name in NEEDED:
            raise PricesRefused("prices_file_unreadable", missing=title.text())
    return places


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _read(line: int, cells: Mapping[str, str], shops: Mapping[str, int], reason: str, dry: bool) -> _Row:
    code = cells.get("sku_code", "")[:60]
    amounts: dict[str, int | None] = {}
    for name in AMOUNTS:
        amount = read_amount(cells.get(name, ""))
        if amount.code:
            return _Row(line, cells, None, refused(amount.code, price=name.removesuffix("_minor")))
        amounts[name] = amount.minor
    shop = cells.get("shop", "")
    if shop and shop not in shops:
        return _Row(line, cells, None, refused("shop_unknown"))
    moments: dict[str, datetime | None] = {}
    for name in MOMENTS:
        text = cells.get(name, "")
        moments[name] = _moment(text)
        if text and moments[name] is None:
            return _Row(line, cells, None, refused("time_unreadable"))
    sale = amounts["sale_minor"]
    if sale is None:
        return _Row(line, cells, None, refused("price_unreadable", price="sale"))
    item = ImportPrice(
        sku_code=code,
        sale_minor=sale,
        reason=(cells.get("reason", "") or reason)[:300],
        shop_id=shops.get(shop),
        cost_minor=amounts["cost_minor"],
        list_minor=amounts["list_minor"],
        discount_minor=amounts["discount_minor"],
        member_minor=amounts["member_minor"],
        competitor_minor=amounts["competitor_minor"],
        valid_from=moments["valid_from"],
        valid_to=moments["valid_to"],
        is_dry_run=dry,
    )
    return _Row(line, cells, item, None)


def _moment(text: str) -> datetime | None:
    """A time of the shop's clock; a day alone is its beginning."""
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=SHOP_ZONE)
        except ValueError:
            continue
    return None


def first_rows(answers: Sequence[RowAnswer], limit: int) -> list[RowAnswer]:
    """What a page shows: refused rows first, in the order of the file."""
    return list(islice(sorted(answers, key=lambda answer: (answer.outcome.ok, answer.line)), limit))

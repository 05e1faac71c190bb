"""The product table: one row per variant, the product's own columns on its first row; read and written alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from shopkeeper.flows.products.listing.profiles import ImportRefused
from shopkeeper.flows.products.listing.profiles.table import MOST_ROWS, Row
from shopkeeper.flows.products.listing.rules.entries import SkuEntry
from shopkeeper.flows.products.listing.states import NoReasonClass, Platform, Promise
from shopkeeper.foundation.documents.xlsx import Column
from shopkeeper.shared.words import T

# What a cell calls platforms, promises and classes; read in either language, written in the reader's.
PLATFORM_NAMES: dict[str, T] = {
    Platform.TAOBAO: T("淘宝", "Taobao"),
    Platform.TMALL: T("天猫", "Tmall"),
    Platform.JD: T("京东", "JD"),
    Platform.PINDUODUO: T("拼多多", "Pinduoduo"),
    Platform.DOUYIN: T("抖音", "Douyin"),
}
PROMISE_NAMES: dict[str, T] = {
    Promise.NO_REASON_RETURN: T("7天无理由", "7-day return"),
    Promise.FREE_SHIPPING: T("包邮", "Free shipping"),
    Promise.SHIP_IN_48_HOURS: T("48小时发货", "Ships in 48 hours"),
    Promise.FREIGHT_INSURANCE: T("运费险", "Freight insurance"),
    Promise.GENUINE: T("正品保证", "Genuine"),
}
NO_REASON_NAMES: dict[str, T] = {
    NoReasonClass.YES: T("适用", "Applies"),
    NoReasonClass.CUSTOM: T("定作", "Custom"),
    NoReasonClass.PERISHABLE: T("鲜活易腐", "Perishable"),
    NoReasonClass.DIGITAL: T("数字化商品", "Digital"),
    NoReasonClass.PERIODICAL: T("报刊", "Periodical"),
    NoReasonClass.CONFIRMED_EXEMPT: T("性质不宜", "By nature"),
}
YES, NO = T("是", "Yes"), T("否", "No")
_ON = {YES.zh, YES.en.lower(), "true", "1", "y"}
_OFF = {NO.zh, NO.en.lower(), "false", "0", "n"}


class Unreadable(ValueError):
    """A cell that cannot be read; the code of the reason."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: the field it fills, its heading, whether it belongs to the product or to the variant."""

    name: str
    title: T
    of_product: bool
    read: Callable[[str], Any]
    kind: str = "text"
    needed: bool = False
    width: int = 16


@dataclass(frozen=True, slots=True)
class Problem:
    """What kept a row out: the row's number in the file, the column, the value, the code of the reason."""

    row: int
    column: str
    value: str
    code: str


@dataclass(slots=True)
class Entered:
    """One product of the file: its rows, what they say, or what is wrong with them."""

    row: int
    code: str
    version: int | None = None
    category_path: tuple[str, ...] | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    skus: list[SkuEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _text(cell: str) -> str:
    return cell


def _lines(cell: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in cell.splitlines() if line.strip())


def _path(cell: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in cell.replace(">", "/").split("/"))
    if len(names) != 3 or not all(names):
        raise Unreadable("import_category_path")
    return names


def attribute_lines(cell: str) -> dict[str, str]:
    """`名：值` per line."""
    return _split_pairs(cell.splitlines())


def specification(cell: str) -> dict[str, str]:
    """`颜色：白色；尺码：L`, or a pair per line."""
    return _split_pairs(cell.replace("；", "\n").replace(";", "\n").splitlines())


def _split_pairs(parts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        if not part.strip():
            continue
        name, colon, value = part.replace("：", ":", 1).partition(":")
        if not colon or not name.strip() or not value.strip():
            raise Unreadable("import_pairs")
        found[name.strip()] = value.strip()
    return found


def _named(known: Mapping[str, T], code: str) -> Callable[[str], tuple[str, ...]]:
    """Reads several names of a list, parted by commas or lines."""
    values = {_key(name): str(value) for value, words in known.items() for name in (words.zh, words.en, value)}

    def read(cell: str) -> tuple[str, ...]:
        parts = [part for part in re.split(r"[,，、\n]+", cell) if part.strip()]
        found = tuple(values.get(_key(part), "") for part in parts)
        if not all(found):
            raise Unreadable(code)
        return found

    return read


def _key(name: str) -> str:
    return "".join(name.lower().split())


def _one_named(known: Mapping[str, T], code: str) -> Callable[[str], str]:
    def read(cell: str) -> str:
        found = _named(known, code)(cell)
        if len(found) != 1:
            raise Unreadable(code)
        return found[0]

    return read


def amount(cell: str) -> int:
    """An amount with at most two decimals, as minor units."""
    try:
        value = Decimal(cell.replace(",", "").replace("¥", "").strip())
    except InvalidOperation as error:
        raise Unreadable("import_amount") from error
    if not value.is_finite() or value < 0 or value >= 10**10 or value != value.quantize(Decimal("0.01")):
        raise Unreadable("import_amount")
    return int(value * 100)


def whole_number(cell: str) -> int:
    found = re.fullmatch(r"(\d{1,9})(\.0+)?", cell.replace(",", "").strip(), re.ASCII)
    if not found:
        raise Unreadable("import_whole_number")
    return int(found[1])


def _switch(cell: str) -> bool:
    if cell.lower() in _ON | _OFF:
        return cell.lower() in _ON
    raise Unreadable("import_yes_or_no")


HEADINGS = (
    Heading("code", T("商品编码", "Product code"), True, _text, "id", needed=True),
    Heading("version", T("版本", "Version"), True, whole_number, "integer", width=8),
    Heading("title", T("标题", "Title"), True, _text, width=44),
    Heading("core_keyword", T("核心词", "Core keyword"), True, _text),
    Heading("selling_points", T("卖点（每行一条）", "Selling points (one a line)"), True, _lines, width=36),
    Heading("scenarios", T("使用场景（每行一条）", "Scenarios (one a line)"), True, _lines, width=30),
    Heading("description", T("详情", "Description"), True, _text, width=30),
    Heading("leaf", T("类目（一级/二级/三级）", "Category (three levels)"), True, _path, width=26),
    Heading("attributes", T("属性（每行 名：值）", "Attributes (name: value)"), True, attribute_lines, width=30),
    Heading("platforms", T("平台", "Platforms"), True, _named(PLATFORM_NAMES, "platform_unknown")),
    Heading("promises", T("服务承诺", "Promises"), True, _named(PROMISE_NAMES, "promise_unknown"), width=24),
    Heading("no_reason", T("无理由类别", "Class of return"), True, _one_named(NO_REASON_NAMES, "no_reason_unknown")),
    Heading("sku_code", T("商家编码", "SKU code"), False, _text, "id", needed=True),
    Heading("barcode", T("条码", "Barcode"), False, _text, "id"),
    Heading("name", T("规格名称", "Variant name"), False, _text, width=30),
    Heading("spec_values", T("规格（颜色：白色；尺码：L）", "Specification"), False, specification, width=28),
    Heading("weight_g", T("重量（克）", "Weight (g)"), False, whole_number, "integer"),
    Heading("cost_minor", T("成本（元）", "Cost"), False, amount, "money"),
    Heading("price_minor", T("售价（元）", "Price"), False, amount, "money"),
    Heading("is_delisted", T("停售", "Off sale"), False, _switch, width=8),
)
COLUMNS = tuple(Column(h.title, h.kind, h.width) for h in HEADINGS)  # type: ignore[arg-type]
_BY_TITLE = {_plain: h for h in HEADINGS for _plain in (h.title.zh.split("（")[0], h.title.en.split(" (")[0].lower())}


def title_of(name: str) -> T:
    """The heading of a field."""
    return next(heading.title for heading in HEADINGS if heading.name == name)


def entries(rows: Iterable[Row]) -> Iterator[Entered]:
    """The products of a table, one after the other. Raises ImportRefused where it is no product table."""
    walk = iter(rows)
    _, heading = next(walk, (0, []))
    columns = [_BY_TITLE.get(cell.split("（")[0].split(" (")[0].strip().lower()) for cell in heading]
    if not {"code", "sku_code"} <= {h.name for h in columns if h}:
        raise ImportRefused("import_not_products")
    current: Entered | None = None
    for count, (number, cells) in enumerate(walk, start=1):
        if count >= MOST_ROWS:
            raise ImportRefused("import_too_large", rows=number, columns=len(cells), limit=MOST_ROWS)
        given = {h.name: cell for h, cell in zip(columns, cells, strict=False) if h and cell}
        code = given.get("code", "")
        if current is None or (code and code != current.code):
            if current:
                yield current
            current = Entered(number, code)
            if not code:
                current.problems.append(Problem(number, str(HEADINGS[0].title), "", "product_code_unreadable"))
        _take(current, number, given)
    if current is None:
        raise ImportRefused("import_no_rows")
    yield current


def _take(entered: Entered, number: int, given: dict[str, str]) -> None:
    """Add a row to its product: the product's columns once, the variant's for a variant."""
    own: dict[str, Any] = {}
    sku: dict[str, Any] = {}
    for heading in HEADINGS:
        cell = given.get(heading.name)
        if cell is None:
            continue
        try:
            (own if heading.of_product else sku)[heading.name] = heading.read(cell)
        except Unreadable as error:
            entered.problems.append(Problem(number, str(heading.title), cell[:80], str(error)))
    own.pop("code", None)
    version, path = own.pop("version", None), own.pop("leaf", None)
    entered.version = entered.version if version is None else version
    entered.category_path = entered.category_path if path is None else path
    for name, value in own.items():
        if entered.fields.setdefault(name, value) != value:
            entered.problems.append(Problem(number, str(title_of(name)), given[name][:80], "import_rows_disagree"))
    code = sku.pop("sku_code", "")
    if code:
        entered.skus.append(SkuEntry(code, **sku))
    elif sku:
        entered.problems.append(Problem(number, str(title_of("sku_code")), "", "sku_code_unreadable"))

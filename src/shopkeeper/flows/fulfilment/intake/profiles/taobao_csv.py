"""`taobao_csv`: the orders a Taobao or Tmall seller exports from 已卖出的宝贝.

Two layouts are taken, in GBK, GB18030 or UTF-8, with BOM or without:

1. One CSV file, one row per order line. Rows of one order stand together; on the second and further rows the
   order's own columns may be empty, else they must say the same as the first.
2. A folder with the two files of the export: `ExportOrderList*.csv` (one row an order) and
   `ExportOrderDetailList*.csv` (one row a line), joined by 订单编号. An order without lines is held.

Numbers may be written as `="123"`, `'123` or with a trailing tab. Clock times are China's.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from shopkeeper.flows.fulfilment.intake.profiles.cells import (
    amount,
    identifier,
    moment_in,
    pieces,
    short,
    words,
)
from shopkeeper.flows.fulfilment.intake.profiles.rows import ImportRow, Problem
from shopkeeper.flows.fulfilment.intake.profiles.seen import SeenBefore
from shopkeeper.flows.fulfilment.intake.profiles.spill import SortedSpill, joined
from shopkeeper.flows.fulfilment.intake.profiles.table import Column, ImportRefused, Table, TableRow
from shopkeeper.flows.fulfilment.intake.profiles.taobao_orders import make_order, read_state
from shopkeeper.shared.clock import SHOP_ZONE

moment = moment_in(SHOP_ZONE)

ORDER_NO = Column(("订单编号", "主订单编号", "订单号"), identifier, filled=True)
HEAD = {
    "platform_no": ORDER_NO,
    "buyer": Column(("买家会员名", "买家昵称"), short, needed=False),
    "goods_due": Column(("买家应付货款",), amount),
    "freight": Column(("买家应付邮费", "买家应付运费"), amount),
    "total": Column(("总金额",), amount),
    "paid": Column(("买家实际支付金额", "买家实付金额"), amount),
    "state": Column(("订单状态",), read_state, filled=True),
    "remark": Column(("买家留言",), words, needed=False),
    "name": Column(("收货人姓名", "收件人姓名"), short),
    "address": Column(("收货地址", "收件人地址"), words),
    "mobile": Column(("联系手机",), short),
    "phone": Column(("联系电话",), short, needed=False),
    "placed_at": Column(("订单创建时间",), moment, filled=True),
    "paid_at": Column(("订单付款时间",), moment),
    "shipped_at": Column(("发货时间",), moment, needed=False),
    "promised_at": Column(("应发货时间",), moment, needed=False),
    "received_at": Column(("确认收货时间",), moment, needed=False),
    "tracking_no": Column(("物流单号",), short, needed=False),
    "courier": Column(("物流公司",), short, needed=False),
    "memo": Column(("订单备注", "卖家备注"), words, needed=False),
    "pieces": Column(("宝贝总数量",), pieces, needed=False),
    "shop": Column(("店铺名称",), short, needed=False),
}
LINE = {
    "line_no": Column(("子订单编号",), identifier, needed=False),
    "item_no": Column(("商品ID", "宝贝ID", "商品id"), identifier, needed=False),
    "outer_code": Column(("商家编码", "外部系统编号"), short),
    "title": Column(("宝贝标题", "商品标题", "标题"), short),
    "spec": Column(("商品属性", "宝贝属性", "销售属性"), short, needed=False),
    "quantity": Column(("数量", "购买数量", "宝贝数量"), pieces, filled=True),
    "price": Column(("单价", "价格", "宝贝单价"), amount, filled=True),
    "refund": Column(("退款状态",), short, needed=False),
}
CONTINUED = (
    "goods_due",
    "freight",
    "total",
    "paid",
    "state",
    "name",
    "address",
    "mobile",
    "placed_at",
    "paid_at",
)
HEAD_FILE, LINE_FILE = "ExportOrderList*.csv*", "ExportOrderDetailList*.csv*"


def read(path: Path, shop_id: int) -> Iterator[ImportRow]:
    """Every order of the export at `path`, file or folder. Raises ImportRefused before the first row."""
    if path.is_dir():
        return _read_pair(_only(path, HEAD_FILE), _only(path, LINE_FILE), shop_id)
    if not path.is_file():
        raise ImportRefused("import_source_missing", path=str(path.parent), wanted=path.name)
    return _read_single(Table(path, {**_loosened(HEAD), **LINE}), shop_id)


def _loosened(head: dict[str, Column]) -> dict[str, Column]:
    """The order's columns where an order has several rows: filled on its first one only, checked there."""
    return {
        name: Column(column.headings, column.read, column.needed, filled=name == "platform_no")
        for name, column in head.items()
    }


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise ImportRefused("import_source_missing", path=str(folder), wanted=pattern)
    return found[0]


def _read_single(table: Table, shop_id: int) -> Iterator[ImportRow]:
    seen = SeenBefore()
    for _, grouped in groupby(table, key=_group_key):
        rows = list(grouped)
        first = next((row for row in rows if row.problem), rows[0])
        number, ref = first.values.get("platform_no", ""), f"{table.name}:{first.line_no}"
        problem = first.problem or _missing(first, table)
        if number and seen.before(number):
            problem = Problem("duplicate_order", table.heading_of("platform_no"), number)
        problem = problem or _disagreement(rows, table) or _repeated(rows)
        if problem:
            yield ImportRow(ref, first.line_no, number, problem=problem)
            continue
        originals = [table.original(row) for row in rows]
        lines = [row.values for row in rows]
        yield make_order(ref, first.line_no, first.values, lines, _raw(originals), shop_id)


def _group_key(row: TableRow) -> object:
    """Rows of one order together; a row whose number cannot be read stands alone."""
    return row.values.get("platform_no") or row.line_no


def _missing(row: TableRow, table: Table) -> Problem | None:
    """What the order's first row leaves empty though an order needs it."""
    for name, column in HEAD.items():
        if column.filled and row.values.get(name) in (None, ""):
            return Problem("missing_value", table.heading_of(name))
    return None


def _disagreement(rows: list[TableRow], table: Table) -> Problem | None:
    first = rows[0].values
    for row in rows[1:]:
        for name in CONTINUED:
            value = row.values.get(name)
            if value not in (None, "") and value != first.get(name):
                return Problem("lines_disagree", table.heading_of(name), f":{row.line_no}")
    return None


def _repeated(rows: list[TableRow]) -> Problem | None:
    """A line that stands twice: the same line number, or, where lines have none, the very same cells."""
    seen: set[object] = set()
    for row in rows:
        key: object = row.values.get("line_no") or row.cells
        if key in seen:
            return Problem("duplicate_line", "", f":{row.line_no}")
        seen.add(key)
    return None


def _read_pair(head_file: Path, line_file: Path, shop_id: int) -> Iterator[ImportRow]:
    heads, lines = Table(head_file, HEAD), Table(line_file, {"platform_no": ORDER_NO, **LINE})
    return _join_pair(heads, lines, shop_id)


def _join_pair(heads: Table, lines: Table, shop_id: int) -> Iterator[ImportRow]:
    with SortedSpill(heads.keyed("platform_no")) as first, SortedSpill(lines.keyed("platform_no")) as second:
        for number, (head_rows, line_rows) in joined(first, second):
            if not number:
                for table, loose in ((heads, head_rows), (lines, line_rows)):
                    yield from (_unnumbered(table, table.read(record)) for _, _, record in loose)
                continue
            read_lines = [lines.read(record) for _, _, record in line_rows]
            if not head_rows:
                line_no = read_lines[0].line_no
                yield ImportRow(
                    f"{lines.name}:{line_no}",
                    line_no,
                    number,
                    problem=Problem("order_head_missing", value=number),
                )
                continue
            yield _paired(heads, lines, heads.read(head_rows[0][2]), read_lines, shop_id)
            for _, line_no, _ in head_rows[1:]:
                problem = Problem("duplicate_order", "订单编号", number)
                yield ImportRow(f"{heads.name}:{line_no}", line_no, number, problem=problem)


def _unnumbered(table: Table, row: TableRow) -> ImportRow:
    problem = row.problem or Problem("missing_value", table.heading_of("platform_no"))
    return ImportRow(f"{table.name}:{row.line_no}", row.line_no, "", problem=problem)


def _paired(heads: Table, lines: Table, head: TableRow, rows: list[TableRow], shop_id: int) -> ImportRow:
    ref, number = f"{heads.name}:{head.line_no}", head.values["platform_no"]
    if head.problem:
        return ImportRow(ref, head.line_no, number, problem=head.problem)
    bad = next((row for row in rows if row.problem), None)
    if bad:
        return ImportRow(f"{lines.name}:{bad.line_no}", head.line_no, number, problem=bad.problem)
    if repeated := _repeated(rows):
        return ImportRow(ref, head.line_no, number, problem=repeated)
    originals = [heads.original(head), *(lines.original(row) for row in rows)]
    return make_order(ref, head.line_no, head.values, [row.values for row in rows], _raw(originals), shop_id)


def _raw(originals: list[dict[str, Any]]) -> bytes:
    return json.dumps(originals, ensure_ascii=False).encode("utf-8", "replace")

"""What a file of orders becomes: one `ImportRow` an order, good or not; no row ends the reading."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class HistoryTimes:
    """An order's own times, to take it as history: nothing is promised, no deadline starts from them."""

    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    promised_at: datetime | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an order of a file is not taken: a code of ROW_PROBLEMS, the column and the value found there."""

    code: str
    column: str = ""
    value: str = ""

    def words(self) -> T:
        return ROW_PROBLEMS[self.code].format(column=self.column, value=self.value)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One order of a file.

    Either `order` (and its `history`) or `problem` is set. `ref` is where it stands (`file:line`), `row_no`
    its line in the orders file. `hold` is a code of HOLDS for an order that is taken but may not go on by
    itself. `facts` are what the file says besides: tracking number, courier, payments, the file's own status.
    """

    ref: str
    row_no: int
    platform_no: str
    order: ReceivedOrder | None = None
    history: HistoryTimes | None = None
    problem: Problem | None = None
    hold: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


HOLDS: dict[str, T] = {
    "no_lines": T("订单没有商品行，请补全商品后再放行", "The order has no lines: add its goods before it may go on"),
    "lines_incomplete": T(
        "商品行数量合计与订单的宝贝总数量不符，请核对后再放行",
        "The lines do not add up to the order's number of pieces: check them before it may go on",
    ),
}

ROW_PROBLEMS: dict[str, T] = {
    "missing_value": T(
        "「{column}」是空的。请在文件中补上后重新导入。", "“{column}” is empty. Fill it in and import again."
    ),
    "bad_id": T(
        "「{column}」的值「{value}」不是完整的编号（可能被表格软件改成了科学计数）。请从平台重新导出，不要用表格软件另存。",
        "“{value}” in “{column}” is no complete number; a spreadsheet may have shortened it. Export it again "
        "from the platform and do not save it from a spreadsheet.",
    ),
    "bad_amount": T(
        "「{column}」的值「{value}」不是金额。请改为如 128.00 的数字。",
        "“{value}” in “{column}” is not an amount. Write a number such as 128.00.",
    ),
    "bad_quantity": T(
        "「{column}」的值「{value}」不是 1 到 99999 的整数。",
        "“{value}” in “{column}” is not a whole number from 1 to 99999.",
    ),
    "bad_date": T(
        "「{column}」的值「{value}」不是日期时间。请写成 2026-11-23 14:05:00。",
        "“{value}” in “{column}” is not a date and time. Write it as 2026-11-23 14:05:00.",
    ),
    "unknown_state": T(
        "「{column}」的值「{value}」不是已知的订单状态。",
        "“{value}” in “{column}” is not a known order status.",
    ),
    "too_long": T("「{column}」的内容过长。", "“{column}” is too long."),
    "bad_encoding": T(
        "「{column}」中有无法识别的字符，文件可能混用了编码。请以 UTF-8 或 GBK 重新导出。",
        "“{column}” holds unreadable characters; the file may mix encodings. Export it as UTF-8 or GBK.",
    ),
    "column_count": T(
        "这一行的列数（{value}）与表头不符，可能缺引号或逗号。",
        "The row has {value:# column|# columns}, not as many as the heading: a quote or comma may be missing.",
    ),
    "unclosed_quote": T("这一行有没有结束的引号。", "The row has a quotation mark that is never closed."),
    "duplicate_order": T(
        "订单号「{value}」在文件中出现过，这一处没有导入。",
        "Order number “{value}” stood in the file before; this one was not taken.",
    ),
    "duplicate_line": T(
        "同一订单中商品行重复（{value}）。请去掉重复行，或合并数量。",
        "The order has the same line twice ({value}). Remove one, or put the quantities together.",
    ),
    "lines_disagree": T(
        "同一订单的各行在「{column}」上不一致（{value}）。",
        "The order's rows differ in “{column}” ({value}).",
    ),
    "order_head_missing": T(
        "商品行所属的订单「{value}」不在订单文件中。",
        "The lines belong to order “{value}”, which the orders file lacks.",
    ),
}

IMPORT_REFUSALS: dict[str, T] = {
    "import_profile_unknown": T(
        "没有名为「{name}」的导入方案；可用的有：{known}。",
        "There is no import profile “{name}”; there are: {known}.",
    ),
    "import_source_missing": T(
        "找不到 {path} 中要导入的文件：{wanted}。",
        "There is nothing to import in {path}: {wanted} was not found.",
    ),
    "import_empty": T("文件 {file} 是空的，连表头也没有。", "The file {file} is empty, without even a heading."),
    "import_columns_missing": T(
        "文件 {file} 缺少必需的列：{missing}。表头是：{found}。请用平台原始导出的文件，或按此补齐表头。",
        "The file {file} lacks columns that are needed: {missing}. Its heading is: {found}. Use the "
        "platform's own export, or add these headings.",
    ),
    "import_not_text": T(
        "文件 {file} 不是 CSV 文本。请导出为 CSV（不是 XLSX）。",
        "The file {file} is not CSV text. Export it as CSV, not XLSX.",
    ),
}

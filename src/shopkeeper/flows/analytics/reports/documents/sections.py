"""The parts of a report in words: their figures, charts, tables and notes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from shopkeeper.flows.analytics.reports.documents.members import Members, day_name
from shopkeeper.flows.analytics.reports.documents.traffic import share, traffic
from shopkeeper.flows.analytics.reports.documents.unknown import notes_on_unknown
from shopkeeper.flows.analytics.reports.papers.operations_report import (
    Drilling,
    FigureLine,
    PaperTable,
    Section,
    TableColumn,
)
from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord
from shopkeeper.flows.analytics.reports.rules.changes import relative
from shopkeeper.flows.analytics.reports.rules.metric import Dimension, Metric
from shopkeeper.flows.analytics.reports.rules.metrics import of_block
from shopkeeper.flows.analytics.reports.states import Block, Part
from shopkeeper.flows.analytics.reports.words import (
    BLOCKS,
    CLAUSES,
    RFM,
    TABLES,
    unit_of,
)
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.words import T
from shopkeeper.web.labels import label_of

Line = Callable[[ReportRecord, Metric, Members], FigureLine | None]
Plain = Mapping[str, Any]
YUAN = 100
PART_OF = {Block.TRAFFIC: Part.TRAFFIC, Block.SALES: Part.SALES, Block.CUSTOMERS: Part.CUSTOMERS}
_BEFORE = T("上期", "Before")
_CHANGE = T("变化", "Change")


def section_of(found: ReportRecord, block: Block, members: Members, line: Line) -> Section:
    """A part of a report; one that failed says so and nothing else."""
    part = PART_OF.get(block)
    analysis = found.row.analysis(part) if part else ""
    if str(block) in found.failed:
        return Section(block, BLOCKS[block], CLAUSES[block], has_failed=True, part=part, analysis=analysis)
    charts, tables, notes = _BODIES[block](found, members)
    return Section(
        block,
        BLOCKS[block],
        CLAUSES[block],
        lines=[one for metric in of_block(block) if (one := line(found, metric, members))],
        charts=charts,
        tables=[replace(table, currency=found.row.currency) for table in tables],
        notes=[*notes, *notes_on_unknown(found, block, members)],
        part=part,
        analysis=analysis,
    )


Body = tuple[list[Chart], list[PaperTable], list[str]]


def _sales(found: ReportRecord, members: Members) -> Body:
    days = found.table("sales", "days") or []
    points = [Point(day_name(date.fromisoformat(day))[:5], minor / YUAN) for day, minor, _ in days]
    charts = [Chart(ChartKind.COLUMNS, T("每日支付金额", "Paid amount by day"), points, unit_of(found.row.currency))]
    hours = {row["member"]: row["paid_minor"] for row in found.table("sales", "hours") or []}
    if hours:
        by_hour = [Point(f"{hour:02d}", hours.get(hour, 0) / YUAN) for hour in range(24)]
        charts.append(
            Chart(ChartKind.COLUMNS, T("分时支付金额", "Paid amount by hour"), by_hour, unit_of(found.row.currency))
        )
    shops = found.table("sales", "shops") or []
    table = PaperTable(
        T("各店铺", "Shops"),
        [
            TableColumn(T("店铺", "Shop")),
            TableColumn(T("支付金额", "Paid amount"), "money"),
            TableColumn(_BEFORE, "money"),
            TableColumn(_CHANGE, "change"),
            TableColumn(T("订单", "Orders"), "count"),
            TableColumn(T("买家", "Buyers"), "count"),
        ],
        [
            [
                members.name(Dimension.SHOP, row["member"]),
                row["paid_minor"],
                row["before"],
                relative(row["paid_minor"], row["before"]),
                row["paid_orders"],
                row["paid_buyers"],
            ]
            for row in shops
        ],
        [_drill("paid_orders", Dimension.SHOP, row) for row in shops],
    )
    return charts, [table] if len(shops) > 1 else [], []


def _goods(found: ReportRecord, members: Members) -> Body:
    charts, tables = [], []
    for name, dimension, title in (
        ("categories", Dimension.CATEGORY, T("类目排行", "Categories")),
        ("skus", Dimension.SKU, T("SKU 排行", "SKUs")),
    ):
        lines = found.table("goods", name) or []
        if lines:
            tables.append(_ranking(title, dimension, lines, members))
            bars = [Point(members.name(dimension, row["member"]), row["line_minor"] / YUAN) for row in lines[:8]]
            charts.append(Chart(ChartKind.BARS, title, bars, unit_of(found.row.currency)))
    return charts, tables, []


def _ranking(title: T, dimension: Dimension, lines: Sequence[Plain], members: Members) -> PaperTable:
    return PaperTable(
        title,
        [
            TableColumn(title),
            TableColumn(T("支付金额", "Paid"), "money"),
            TableColumn(_BEFORE, "money"),
            TableColumn(_CHANGE, "change"),
            TableColumn(T("件数", "Pieces"), "count"),
            TableColumn(T("毛利率", "Margin"), "share"),
        ],
        [
            [
                members.name(dimension, row["member"]),
                row["line_minor"],
                row["before"],
                relative(row["line_minor"], row["before"]),
                row["line_pieces"],
                share(row["costed_minor"] - row["cost_minor"], row["costed_minor"]),
            ]
            for row in lines
        ],
        [_drill("goods_amount", dimension, row) for row in lines],
    )


def _customers(found: ReportRecord, members: Members) -> Body:
    groups = found.table("customers", "rfm") or []
    buyers = sum(n for _, n, _ in groups)
    rfm = PaperTable(
        T("客户分群（RFM）", "Customers by RFM"),
        [
            TableColumn(T("分群", "Group")),
            TableColumn(T("买家", "Buyers"), "count"),
            TableColumn(T("占比", "Share"), "share"),
            TableColumn(T("净支付", "Net paid"), "money"),
        ],
        [[str(RFM[code]), n, share(n, buyers), minor] for code, n, minor in groups],
        note=T(
            "各项与全体均值比较；全额退款的订单不计。", "Each against the mean of all; wholly refunded orders left out."
        ).text(),
    )
    tables = [rfm] if groups else []
    cohorts = found.table("customers", "cohorts")
    if cohorts and any(n for _, n, _ in cohorts):
        tables.append(_cohorts(cohorts))
    return [], tables, []


def _cohorts(cohorts: Sequence[Any]) -> PaperTable:
    width = max(len(again) for _, _, again in cohorts)
    return PaperTable(
        T("月度回购（同批买家）", "Buyers of a month who came back"),
        [
            TableColumn(T("首购月", "Month")),
            TableColumn(T("买家", "Buyers"), "count"),
            *(TableColumn(T("+{n} 月", "+{n} mo.").format(n=n + 1), "share") for n in range(width)),
        ],
        [
            [month[:7], n, *(share(later, n) for later in again), *[None] * (width - len(again))]
            for month, n, again in cohorts
        ],
    )


def _service(found: ReportRecord, members: Members) -> Body:
    return [], _counted(found, "service", "kinds", Dimension.KIND, T("工单类型", "Tickets by type"), members), []


def _counted(
    found: ReportRecord, block: str, name: str, dimension: Dimension, title: T, members: Members
) -> list[PaperTable]:
    lines = sorted(found.table(block, name) or [], key=lambda row: (-row["tickets"], str(row["member"])))
    columns = [
        TableColumn(title),
        TableColumn(T("本期", "Now"), "count"),
        TableColumn(_BEFORE, "count"),
        TableColumn(_CHANGE, "change"),
    ]
    rows = [
        [members.name(dimension, r["member"]), r["tickets"], r["before"], relative(r["tickets"], r["before"])]
        for r in lines
    ]
    return [PaperTable(title, columns, rows, [_drill("tickets", dimension, row) for row in lines])] if rows else []


def _fulfilment(found: ReportRecord, members: Members) -> Body:
    lines = found.table("fulfilment", "couriers") or []
    table = PaperTable(
        T("各快递按时发货", "Shipped in time by courier"),
        [
            TableColumn(T("快递", "Courier")),
            TableColumn(T("应发包裹", "Parcels due"), "count"),
            TableColumn(T("按时", "In time"), "count"),
            TableColumn(T("按时率", "Share"), "share"),
        ],
        [
            [
                members.name(Dimension.COURIER, row["member"]),
                row["parcels_due"],
                row["parcels_on_time"],
                share(row["parcels_on_time"], row["parcels_due"]),
            ]
            for row in lines
        ],
        [_drill("on_time_share", Dimension.COURIER, row) for row in lines],
    )
    return [], [table] if lines else [], []


def _campaigns(found: ReportRecord, members: Members) -> Body:
    lines = found.table("campaigns", "campaigns") or []
    if not lines:
        return [], [], [T("这一期没有进行中的活动。", "No campaign ran in this period.").text()]
    table = PaperTable(
        T("期间活动", "Campaigns of the period"),
        [
            TableColumn(T("活动", "Campaign")),
            TableColumn(T("店铺", "Shop")),
            TableColumn(T("起止", "Days")),
            TableColumn(T("本期活动商品支付", "Paid for its goods"), "money"),
            TableColumn(T("件数", "Pieces"), "count"),
            TableColumn(T("活动目标", "Goal of the campaign"), "money"),
        ],
        [
            [
                row["name"],
                members.name(Dimension.SHOP, row["shop_id"]),
                f"{row['first'][5:]} – {row['last'][5:]}",
                row["paid_minor"],
                row["pieces"],
                row["goal_minor"] or None,
            ]
            for row in lines
        ],
    )
    return [], [table], []


def _excluded(found: ReportRecord, members: Members) -> Body:
    lines = found.table("excluded", "excluded") or []
    if not lines:
        return [], [], [T("这一期没有剔除任何数据。", "Nothing was excluded in this period.").text()]
    table = PaperTable(
        T("剔除的数据", "What was excluded"),
        [
            TableColumn(T("数据", "Data")),
            TableColumn(T("规则", "Rule")),
            TableColumn(T("行数", "Rows"), "count"),
            TableColumn(T("金额", "Amount"), "money"),
        ],
        [
            [str(TABLES.get(table, table)), label_of(rule, "CleaningRule").text.text(), n, amount]
            for table, rule, n, amount in lines
        ],
    )
    return [], [table], []


_BODIES: dict[Block, Callable[[ReportRecord, Members], Body]] = {
    Block.TRAFFIC: traffic,
    Block.SALES: _sales,
    Block.GOODS: _goods,
    Block.CUSTOMERS: _customers,
    Block.SERVICE: _service,
    Block.FULFILMENT: _fulfilment,
    Block.CAMPAIGNS: _campaigns,
    Block.EXCLUDED: _excluded,
}


def _drill(metric_id: str, dimension: Dimension, row: Plain) -> Drilling:
    member = row["member"]
    return Drilling(metric_id, str(dimension), "" if member is None else str(member))

"""The part on traffic in words: channels, funnel, what platforms' exports say, and where figures are from."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.documents.unknown import is_unseen
from shopkeeper.flows.analytics.reports.papers.operations_report import PaperTable, TableColumn
from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord
from shopkeeper.flows.analytics.reports.rules.extras import ADD_UP
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension
from shopkeeper.flows.analytics.reports.rules.metrics.traffic import FUNNEL
from shopkeeper.flows.analytics.reports.words import CHANNELS, EXPORT_ONLY, IMPORTED, IMPORTED_FROM, NO_TRAFFIC
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.words import T

YUAN = 100
SIDE_BY_SIDE = 4  # so many shops' figures fit a sheet of paper beside each other
_CHANGE = T("变化", "Change")


def traffic(found: ReportRecord, members: Members) -> tuple[list[Chart], list[PaperTable], list[str]]:
    """Charts, tables and notes on traffic."""
    channels = found.table("traffic", "channels") or []
    visits, before = sum(c["visits"] for c in channels), sum(c["before"] for c in channels)
    rows = [
        [
            members.name(Dimension.CHANNEL, c["member"]),
            c["visits"],
            share(c["visits"], visits),
            points(share(c["visits"], visits), share(c["before"], before)),
            share(c["bounced_visits"], c["visits"]),
            share(c["visit_pages"], c["visits"], 100),
        ]
        for c in sorted(channels, key=lambda c: (-c["visits"], str(c["member"])))
    ]
    table = PaperTable(
        T("渠道", "Channels"),
        [
            TableColumn(T("渠道", "Channel")),
            TableColumn(T("访问", "Visits"), "count"),
            TableColumn(T("占比", "Share"), "share"),
            TableColumn(_CHANGE, "points"),
            TableColumn(T("跳失率", "Bounce"), "share"),
            TableColumn(T("深度", "Pages per visit"), "ratio"),
        ],
        rows,
        note=_unknown_stays(found),
    )
    charts = [Chart(ChartKind.BARS, T("各渠道访问次数", "Visits by channel"), [Point(row[0], row[1]) for row in rows])]
    funnel = _funnel(found)
    tables = [table] if rows else []
    notes = [] if rows else [_where_from(found)]
    if funnel.rows:
        tables.append(funnel)
        charts.append(
            Chart(ChartKind.BARS, T("转化漏斗（人数）", "Funnel (people)"), [Point(r[0], r[1]) for r in funnel.rows])
        )
    exports = _exports(found, members)
    if exports.rows:
        tables.append(exports)
    return (charts if rows else []), tables, notes


def _where_from(found: ReportRecord) -> str:
    """Without our own collector: what an export stands in for, or that nobody says anything."""
    export = found.block("traffic").get("sources", {}).get("now", {})
    if isinstance(export, dict) and export.get("figures"):
        name = IMPORTED_FROM.get(export["name"], export["name"])
        return EXPORT_ONLY.format(name=name).text()
    return str(NO_TRAFFIC)


def _unknown_stays(found: ReportRecord) -> str:
    unknown = found.table("traffic", "stays_unknown")
    words = T(
        "停留时长未知的浏览 {n} 次，未计入平均停留。",
        "{n:# page view of unknown stay is|# page views of unknown stay are} left out.",
    )
    return words.format(n=f"{unknown:,}").text() if unknown else ""


def _funnel(found: ReportRecord) -> PaperTable:
    stages = [(METRICS[name], found.figure(name)) for name in FUNNEL]
    if is_unseen(found, "pay_conversion"):  # those who paid are of more shops than those who came
        stages = stages[:-1]
    counts = [(m.name, f.figure.numerator) for m, f in stages if f and f.figure.numerator is not None]
    rows = []
    previous = None
    for name, count in counts if len(counts) > 1 else []:
        rows.append([str(name), count, share(count, previous) if previous else None])
        previous = count
    return PaperTable(
        T("漏斗", "Funnel"),
        [
            TableColumn(T("步骤", "Stage")),
            TableColumn(T("人数", "People"), "count"),
            TableColumn(T("较上一步", "Of the stage before"), "share"),
        ],
        rows,
        note=T("支付按买家计，其余按访客计。", "Payment counts buyers, all before it visitors.").text() if rows else "",
    )


def _exports(found: ReportRecord, members: Members) -> PaperTable:
    """What each shop's export says; in the report of all shops beside each other, or below each other if many."""
    kept, summed = found.table("traffic", "exports"), found.table("traffic", "imported") or []
    shops = sorted({shop for _, _, _, shop, _ in kept or []}) if found.row.shop_id is None else []
    if kept is None:
        kept = _of_before(summed)
    named = {shop: members.name(Dimension.SHOP, shop) for shop in shops}
    if named and len(named) <= SIDE_BY_SIDE:
        heads = [TableColumn(name, "count") for name in named.values()]
        said = {(source, channel, figure, shop): _shown(figure, value) for source, channel, figure, shop, value in kept}
        keys = dict.fromkeys((source, channel, figure) for source, channel, figure, _, _ in kept)
        rows = [[*_titles(*key), *(said.get((*key, shop)) for shop in shops)] for key in keys]
    else:
        heads = [*([TableColumn(T("店铺", "Shop"))] if named else []), TableColumn(T("数值", "Value"), "count")]
        rows = [
            [*_titles(source, channel, figure), *([named[shop]] if named else []), _shown(figure, value)]
            for source, channel, figure, shop, value in kept
        ]
    note = T("按平台自己的口径，不与自有采集混算。", "By the platform's own rules; never mixed with our collector's.")
    left_out = T(
        "几家店铺不能相加的数值未列出，请看单店报告。",
        "What several shops' exports say and does not add up is left out: read it in the reports of the shops.",
    )
    return PaperTable(
        T("平台导出的数值", "Figures of platforms' exports"),
        [
            TableColumn(T("来源", "Source")),
            TableColumn(T("平台渠道", "Platform's channel")),
            TableColumn(T("指标", "Figure")),
            *heads,
        ],
        rows,
        note=f"{note} {left_out}" if len(kept) < len(summed) else note.text(),
    )


def _titles(source: str, channel: str, figure: str) -> list[str]:
    return [
        str(IMPORTED_FROM.get(source, source)),
        str(CHANNELS.get(channel, channel)) if channel else str(T("全部", "All")),
        str(IMPORTED.get(figure, figure)),
    ]


def _shown(figure: str, value: int) -> int:
    return round(value / YUAN) if figure.endswith("_minor") else value


def _of_before(summed: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The figures of a version made when several shops' exports were added whatever they were: those that may be."""
    return [
        [source, channel, figure, None, value]
        for source, channel, figure, value, shops in summed
        if shops == 1 or figure in ADD_UP
    ]


def share(part: int | None, whole: int | None, scale: int = 10_000) -> int | None:
    """Parts of 10,000 (hundredths with scale 100), rounded half up; None over nothing."""
    return (2 * part * scale + whole) // (2 * whole) if whole and part is not None else None


def points(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before

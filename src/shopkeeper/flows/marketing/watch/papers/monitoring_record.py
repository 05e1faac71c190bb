"""《活动监控表》: a campaign's day, hour by hour, with alerts, actions, recorder, source and signature."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.foundation.documents.xlsx import Cell, Column, write_xlsx
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_suffix(".typ")
WORDS = {
    "title": T("活动监控表", "Campaign monitoring record"),
    "campaign": T("活动", "Campaign"),
    "shop": T("店铺", "Shop"),
    "day": T("日期", "Day"),
    "state": T("状态", "State"),
    "hour": T("小时", "Hour"),
    "exposures": T("曝光", "Exposures"),
    "clicks": T("点击", "Clicks"),
    "click_rate": T("点击率", "Click rate"),
    "visitors": T("访客", "Visitors"),
    "orders": T("订单", "Orders"),
    "conversion": T("转化率", "Conversion"),
    "benchmark": T("基准", "Benchmark"),
    "used": T("库存消耗", "Stock used"),
    "left": T("库存剩余", "Stock left"),
    "alerts": T("预警", "Alerts"),
    "actions": T("采取措施", "Action taken"),
    "recorder": T("登记人", "Recorder"),
    "source": T("数据来源", "Source"),
    "paid": T("支付金额", "Paid"),
    "total": T("合计", "Total"),
    "signer": T("签字", "Signed by"),
    "reason": T("缺数说明", "Why hours are missing"),
    "none": T("当天没有已结束的小时。", "No hour of this day is over yet."),
    "clause": T("规程 M3.1", "Clause M3.1"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "how": T(
        "转化率 = 支付买家 ÷ 访客；库存剩余为整点时可售件数；合计的转化率只计有流量的小时，买家按小时计。",
        "Conversion = paying buyers ÷ visitors; stock left is what could be sold as the hour closed; the total's "
        "conversion counts hours with traffic, buyers hour by hour.",
    ),
}


@dataclass(frozen=True, slots=True)
class PaperHour:
    """One line, worded. Figures nobody told are None."""

    hour: str
    exposures: int | None
    clicks: int | None
    click_rate: str
    visitors: int | None
    orders: int
    conversion: str
    is_low: bool
    benchmark: str
    used: int
    left: int | None
    alerts: str
    actions: str
    recorder: str
    source: str
    paid_minor: int


@dataclass(frozen=True, slots=True)
class MonitoringPaper:
    """The whole paper; words in the language of who asked."""

    campaign: str
    shop: str
    day: str
    state: str
    hours: Sequence[PaperHour]
    total: PaperHour
    signer: str
    reason: str


def monitoring_pdf(paper: MonitoringPaper) -> bytes:
    """The paper on A4 across, in the active language."""
    data = {
        "language": active_language(),
        "words": {key: str(word) for key, word in WORDS.items()},
        "campaign": paper.campaign,
        "heads": [
            [str(WORDS["shop"]), paper.shop],
            [str(WORDS["day"]), paper.day],
            [str(WORDS["state"]), paper.state],
        ],
        "hours": [_printed(hour) for hour in paper.hours],
        "total": _printed(paper.total),
        "signer": paper.signer,
        "reason": paper.reason,
        "day": paper.day,
    }
    return render_pdf(TEMPLATE, data)


def _printed(hour: PaperHour) -> dict[str, object]:
    shown = asdict(hour)
    for name in ("exposures", "clicks", "visitors", "orders", "used", "left"):
        shown[name] = "–" if shown[name] is None else f"{shown[name]:,}"
    shown["paid"] = f"{hour.paid_minor / 100:,.2f}"
    return shown


def monitoring_xlsx(paper: MonitoringPaper, target: BinaryIO) -> None:
    """The same as one table, the day's total last."""
    columns = [
        Column(WORDS["hour"], width=14),
        Column(WORDS["exposures"], "integer"),
        Column(WORDS["clicks"], "integer"),
        Column(WORDS["click_rate"]),
        Column(WORDS["visitors"], "integer"),
        Column(WORDS["orders"], "integer"),
        Column(WORDS["paid"], "money"),
        Column(WORDS["conversion"]),
        Column(WORDS["benchmark"], width=26),
        Column(WORDS["used"], "integer"),
        Column(WORDS["left"], "integer"),
        Column(WORDS["alerts"], width=22),
        Column(WORDS["actions"], width=30),
        Column(WORDS["recorder"]),
        Column(WORDS["source"], width=18),
    ]
    rows = [*map(_cells, paper.hours), _cells(paper.total)]
    rows.append([WORDS["signer"], None, None, None, None, None, None, None, paper.signer, *[None] * 6])
    write_xlsx(target, columns, rows, sheet=f"{WORDS['title']} {paper.day}")


def _cells(hour: PaperHour) -> list[Cell]:
    return [
        hour.hour, hour.exposures, hour.clicks, hour.click_rate, hour.visitors, hour.orders, hour.paid_minor,
        hour.conversion, hour.benchmark, hour.used, hour.left, hour.alerts, hour.actions, hour.recorder, hour.source,
    ]  # fmt: skip

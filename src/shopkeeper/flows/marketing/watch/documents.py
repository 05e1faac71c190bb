"""《活动监控表》 as lines in words and as an answer: PDF or XLSX. Page and API use it."""

import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from shopkeeper.flows.marketing.watch.papers.monitoring_record import (
    WORDS,
    MonitoringPaper,
    PaperHour,
    monitoring_pdf,
    monitoring_xlsx,
)
from shopkeeper.flows.marketing.watch.queries.hours import HourLine
from shopkeeper.flows.marketing.watch.queries.sheets import SheetRecord, sheet_record
from shopkeeper.flows.marketing.watch.states import ActionKind, AlertKind, SheetState, TrafficSource
from shopkeeper.flows.marketing.watch.words import LABELS, benchmark_words, percent
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOPS = T("全店", "whole shop")
_BETWEEN = T("；", "; ")


def monitoring_answer(viewer: Actor, sheet_id: int, kind: str) -> HttpResponse | None:
    """M3.1: 《活动监控表》 of a day as "pdf" or "xlsx"; None where there is no such day."""
    found = sheet_record(viewer, sheet_id)
    if found is None:
        return None
    paper = monitoring_paper(found)
    name = f"monitoring-{found.line.code}-{found.line.day:%Y%m%d}.{kind}".encode("ascii", "replace").decode()
    if kind == "xlsx":
        target = io.BytesIO()
        monitoring_xlsx(paper, target)
        answer = HttpResponse(target.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    answer = HttpResponse(monitoring_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def monitoring_paper(found: SheetRecord) -> MonitoringPaper:
    """The paper of a day, worded in the active language."""
    line = found.line
    return MonitoringPaper(
        campaign=str(T(f"{line.name}（{line.code}）", f"{line.name} ({line.code})")),
        shop=line.shop,
        day=line.day.isoformat(),
        state=str(LABELS[SheetState][SheetState(line.state)].text),
        hours=[shown_hour(hour) for hour in found.hours],
        total=_total(found),
        signer=_signature(found),
        reason=line.reason,
    )


def _signature(found: SheetRecord) -> str:
    line = found.line
    return f"{line.signed_by} {line.signed_at.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}" if line.signed_at else ""


def shown_hour(line: HourLine, zone: ZoneInfo = SHOP_ZONE) -> PaperHour:
    """One hour in words."""
    benchmark = f"{benchmark_words(line.benchmark_name)} {percent(line.benchmark_bp)}" if line.benchmark_bp else "–"
    return PaperHour(
        hour=f"{line.hour.astimezone(zone):%H:%M}",
        exposures=line.exposures,
        clicks=line.clicks,
        click_rate=percent(line.click_rate_bp),
        visitors=line.visitors,
        orders=line.orders,
        conversion=percent(line.conversion_bp),
        is_low=line.is_low,
        benchmark=benchmark,
        used=line.pieces,
        left=line.stock_left,
        alerts=_joined(f"{LABELS[AlertKind][AlertKind(mark.kind)].text} {mark.about}" for mark in line.alerts),
        actions=_joined(f"{LABELS[ActionKind][ActionKind(mark.kind)].text} {mark.about}" for mark in line.actions),
        recorder=line.recorder or "–",
        source=source_words(line),
        paid_minor=line.paid_minor,
    )


def source_words(line: HourLine) -> str:
    """The source that counts, and whose traffic it is."""
    if line.told is None:
        return "–"
    word = LABELS[TrafficSource][TrafficSource(line.source)].text
    return f"{word}·{_SHOPS}" if line.is_shops else str(word)


def _joined(texts: Iterable[str]) -> str:
    return str(_BETWEEN).join(text.strip() for text in texts)


def _total(found: SheetRecord) -> PaperHour:
    sums = found.totals
    return PaperHour(
        hour=str(WORDS["total"]),
        exposures=sums.exposures,
        clicks=sums.clicks,
        click_rate=percent(sums.click_rate_bp),
        visitors=sums.visitors,
        orders=sums.orders,
        conversion=percent(sums.conversion_bp),
        is_low=False,
        benchmark="",
        used=sums.pieces,
        left=found.hours[-1].stock_left if found.hours else None,
        alerts="",
        actions="",
        recorder="",
        source="",
        paid_minor=sums.paid_minor,
    )

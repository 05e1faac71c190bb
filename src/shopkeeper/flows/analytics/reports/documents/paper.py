"""A version of a report, put into words: head, key figures, what changed, the parts, the definitions."""

from datetime import date
from typing import Any

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.documents.sections import section_of
from shopkeeper.flows.analytics.reports.documents.unknown import why_unknown
from shopkeeper.flows.analytics.reports.papers.operations_report import WORDS, FigureLine, ReportPaper, Tone
from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord
from shopkeeper.flows.analytics.reports.rules.changes import change
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension, FigureOf, Metric, Unit
from shopkeeper.flows.analytics.reports.rules.metrics import headlines
from shopkeeper.flows.analytics.reports.states import Block, ReportPeriod, ReportState
from shopkeeper.flows.analytics.reports.words import (
    ADDITIVITY,
    ALL_SHOPS,
    BEFORE,
    DIMENSIONS,
    IMPORTED_FROM,
    LABELS,
    NO_SOURCE,
    UNKNOWN,
    changed,
    money,
    shown,
    target_shown,
)
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T, listed

MOST_CHANGES = 8
FROM_NOTHING = 10**9  # no share says how much more it is: told first


def report_paper(found: ReportRecord) -> ReportPaper:
    """The paper of a report, worded in the active language."""
    row, members = found.row, Members()
    made = f"{found.made_at.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}" if found.made_at else ""
    return ReportPaper(
        title=f"{WORDS['title']} · {LABELS[ReportPeriod][row.period].text}",
        shop=row.shop or str(ALL_SHOPS),
        days=days_shown(row.first_day, row.last_day),
        heads=[
            (str(T("编号", "Number")), row.number),
            (str(T("状态", "State")), str(LABELS[ReportState][row.state].text)),
            (str(T("生成时间", "Made")), made),
            (str(WORDS["version"]), str(found.version)),
        ],
        before_title=str(BEFORE[row.period]),
        is_incomplete=bool(found.failed),
        headlines=[line for metric in headlines() if (line := figure_line(found, metric, members))],
        changes=changes_said(found, members),
        sections=[section_of(found, block, members, figure_line) for block in Block],
        comment=row.comment,
        signer=row.signer,
        confirmer=row.confirmer,
        definitions=[definition(metric, found.figures.get("windows", {})) for metric in METRICS.values()],
    )


def days_shown(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} – {last}"


def figure_line(found: ReportRecord, metric: Metric, members: Members | None = None) -> FigureLine | None:
    """A figure and what it is compared with; None where this version does not have it."""
    members = members or Members()
    now, before, year = (found.figure(metric.id, when) for when in ("now", "before", "year"))
    if now is None:
        return None
    least = found.figures.get("least_base", 0)
    before = before if _is_comparable(found, metric, "before") else None
    year = year if _is_comparable(found, metric, "year") else None
    against = change(metric, now.figure, before.figure, least) if before else None
    on_year = change(metric, now.figure, year.figure) if year else None
    target = found.figures.get("targets", {}).get(metric.id)
    return FigureLine(
        figure=now,
        value=shown(now) if now.figure.is_known else str(UNKNOWN if why_unknown(found, metric.id) else NO_SOURCE),
        before=shown(before),
        change=changed(against.parts, against.is_points) if against else "–",
        tone=_tone(metric, against.parts if against and not against.is_thin else None),
        year=shown(year),
        year_change=changed(on_year.parts, on_year.is_points) if on_year else "–",
        target=target_shown(metric, target, found.row.currency),
        attained=_attained(now, target),
        source=_source_said(found, metric, members),
        is_thin=bool(against and against.is_thin and metric.denominator),
    )


def _source_said(found: ReportRecord, metric: Metric, members: Members) -> str:
    """The export a figure was taken from, of all shops together with the shops it is of; empty where counted here."""
    said = _export(found, metric)
    if not said or metric.id not in said["figures"]:
        return ""
    name = IMPORTED_FROM.get(said["name"], T(said["name"], said["name"]))
    shops = said.get("shops", {}).get(metric.id, ())
    if found.row.shop_id is not None or not shops:
        return T("来自导出：{name}", "from an export: {name}").format(name=name).text()
    words = T("来自导出：{name}（{shops}）", "from an export: {name} ({shops})")
    return words.format(name=name, shops=listed(members.name(Dimension.SHOP, shop) for shop in shops)).text()


def _export(found: ReportRecord, metric: Metric, when: str = "now") -> dict[str, Any]:
    """What is kept of the export behind a part's figures; nothing where they are counted here."""
    said = found.block(str(metric.block)).get("sources", {}).get(when, {})
    return said if isinstance(said, dict) else {}  # kept before it was noted which figures came from it


def _is_comparable(found: ReportRecord, metric: Metric, when: str) -> bool:
    """Exports of other shops, or our own collector instead of an export, are nothing to hold a figure against."""
    now, then = (_export(found, metric, at) for at in ("now", when))
    of, of_then = (said.get("shops", {}).get(metric.id) for said in (now, then))
    return of == of_then and (of is None or now["name"] == then["name"])


def _tone(metric: Metric, parts: int | None) -> Tone:
    if not parts or metric.more_is_better is None:
        return "grey" if parts is None else ""
    return "green" if (parts > 0) == metric.more_is_better else "red"


def _attained(now: FigureOf, target: int | None) -> str:
    parts = now.parts
    return f"{parts / target:.0%}" if target and parts is not None else "–"


def changes_said(found: ReportRecord, members: Members) -> list[str]:
    """What changed most and who explains it, and what is out of the ordinary: sentences of figures, no guesses."""
    least_base, least_percent = (found.figures.get(name, 0) for name in ("least_base", "least_percent"))
    said: list[tuple[int, str]] = []
    for metric in headlines():
        now, before = found.figure(metric.id), found.figure(metric.id, "before")
        if now is None or before is None or not _is_comparable(found, metric, "before"):
            continue
        moved = change(metric, now.figure, before.figure, least_base)
        if not metric.denominator and before.parts == 0 and now.parts:
            words = T("{metric} {now}，{before_title}为零", "{metric} {now}, nothing the {before_title}")
            title = BEFORE[found.row.period].text().lower()
            said.append((FROM_NOTHING, words.format(metric=metric.name, now=shown(now), before_title=title).text()))
            continue
        if moved.parts is None or moved.is_thin or abs(moved.parts) < _least(metric, least_percent):
            continue
        said.append((abs(moved.parts), _moved(found, metric, now, before, members)))
    said.sort(key=lambda pair: -pair[0])
    return [*_odd(found), *(text for _, text in said[:MOST_CHANGES])]


def _least(metric: Metric, percent: int) -> int:
    """Shares are spoken of from a tenth of that many points on: 10 % of change, or one point."""
    return percent * 10 if metric.unit is Unit.SHARE else percent * 100


def _moved(found: ReportRecord, metric: Metric, now: FigureOf, before: FigureOf, members: Members) -> str:
    moved = change(metric, now.figure, before.figure)
    text = (
        T(
            "{metric} {now}，较{before_title} {change}（{before}）",
            "{metric} {now}, {change} on the {before_title} ({before})",
        )
        .format(
            metric=metric.name,
            now=shown(now),
            before=shown(before),
            change=changed(moved.parts, moved.is_points),
            before_title=BEFORE[found.row.period].text().lower(),
        )
        .text()
    )
    drivers = _drivers(found, metric, members)
    return f"{text}{T('：', ': ')}{drivers}" if drivers else text


_DRIVEN = {
    "paid_amount": (("sales", "paid_minor"), ("goods", "line_minor")),
    "visitors": (("traffic", "visits"),),
}


def _drivers(found: ReportRecord, metric: Metric, members: Members) -> str:
    """The member of each dimension that moved most, with its part of the change."""
    parts = []
    for block, measure in _DRIVEN.get(metric.id, ()):
        for driver in found.block(block).get("drivers", []):
            if driver["measure"] != measure or len(driver["lines"]) < 2:
                continue
            dimension = Dimension(driver["dimension"])
            member, now, before, share = driver["lines"][0]
            parts.append(
                T(
                    "{dimension} {member} {delta}（占变化 {share}）",
                    "{dimension} {member} {delta} ({share} of the change)",
                )
                .format(
                    dimension=DIMENSIONS[dimension],
                    member=members.name(dimension, member),
                    delta=_delta(now - before, measure, found.row.currency),
                    share="–" if share is None else f"{share / 100:.0f}%",
                )
                .text()
            )
    return str(T("；", "; ")).join(parts)


def _delta(delta: int, measure: str, currency: str) -> str:
    sign = "+" if delta > 0 else "−"
    return f"{sign}{money(abs(delta), currency) if measure.endswith('minor') else f'{abs(delta):,}'}"


def _odd(found: ReportRecord) -> list[str]:
    lines = []
    for odd in found.block(str(Block.SALES)).get("anomalies", []):
        metric = METRICS[odd["metric"]]
        words = T(
            "异常：{metric} {value}，前 {weeks} 个同星期日的中位数为 {median}",
            "Out of the ordinary: {metric} {value}; "
            "the median of the {weeks:# same weekday|# same weekdays} before is {median}",
        )
        value, median = (target_shown(metric, odd[name], found.row.currency) for name in ("value", "median"))
        lines.append(words.format(metric=metric.name, value=value, weeks=odd["weeks"], median=median).text())
    return lines


def definition(metric: Metric, windows: dict[str, int]) -> list[str]:
    """A line of the 口径说明."""
    window = WINDOWS.get(metric.id)
    note = f" [{window[1].format(n=windows.get(window[0], '–'))}]" if window else ""
    return [
        f"{metric.name}",
        f"{metric.formula}{note}",
        str(metric.time_field),
        str(metric.source),
        str(metric.filters),
        str(metric.entity),
        str(ADDITIVITY[metric.additivity]),
        f"v{metric.version}",
    ]


_DAYS = T("{n} 天", "{n:# day|# days}")
WINDOWS: dict[str, tuple[str, T]] = {
    **dict.fromkeys(
        ("new_buyers", "returning_buyers", "returning_share", "returning_amount_share"), ("returning_days", _DAYS)
    ),
    "repurchase_rate": ("repurchase_days", _DAYS),
    "refund_rate": ("cohort_days", _DAYS),
    "return_rate": ("cohort_days", _DAYS),
    "sell_through": ("active_days", _DAYS),
    "turnover_days": ("active_days", _DAYS),
    "quick_reply_share": ("reply_seconds", T("{n} 秒", "{n} s")),
    "offered_in_time_share": ("offer_hours", T("{n} 小时", "{n} h")),
}

"""Reports as people, papers and programs read them: the list, one with a version of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from shopkeeper.flows.analytics.reports.models import Report, ReportVersion, report_number
from shopkeeper.flows.analytics.reports.queries.scope import ALL, of_viewer, starting_at
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Figure, FigureOf
from shopkeeper.flows.analytics.reports.states import SIGNABLE, Part, ReportPeriod, ReportState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.money import HOME_CURRENCY

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """What is asked of the list; empty fields do not narrow it. `shop` is a number or "all" for all together."""

    state: str = ""
    period: str = ""
    shop: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    id: int
    shop_id: int | None
    shop: str
    currency: str
    period: ReportPeriod
    first_day: date
    last_day: date
    state: ReportState
    version: int
    failed: tuple[str, ...]
    opened_at: datetime
    made_at: datetime | None
    sign_due_at: datetime
    traffic_analysis: str
    sales_analysis: str
    customers_analysis: str
    comment: str
    despite: str
    signed_at: datetime | None
    signed_by: int | None
    signer: str
    confirmed_at: datetime | None
    confirmer: str
    headlines: tuple[FigureOf, ...]

    @property
    def number(self) -> str:
        return report_number(self.id)

    @property
    def due_at(self) -> datetime | None:
        """What is due of it now."""
        return self.sign_due_at if self.state in (ReportState.MAKING, *SIGNABLE) else None

    def analysis(self, part: Part) -> str:
        return str(getattr(self, f"{part}_analysis"))

    def headline(self, metric_id: str) -> FigureOf | None:
        return next((one for one in self.headlines if one.metric.id == metric_id), None)


@dataclass(frozen=True, slots=True)
class ReportRecord:
    """A report and one version of its figures (rules/snapshot.py; empty while the first is being made)."""

    row: ReportRow
    version: int
    figures: Plain
    failed: tuple[str, ...]
    made_at: datetime | None

    def block(self, name: str) -> Plain:
        found: Plain = self.figures.get("blocks", {}).get(name, {})
        return found

    def table(self, block: str, name: str) -> Any:
        return self.block(block).get("tables", {}).get(name)

    def figure(self, metric_id: str, when: str = "now") -> FigureOf | None:
        """A figure now, "before" or a "year" ago; None where the version says nothing of it."""
        metric = METRICS[metric_id]
        kept = self.block(str(metric.block)).get("figures", {}).get(metric_id, {}).get(when)
        return FigureOf(metric, Figure(*kept), self.row.currency) if kept else None


def report_counts(viewer: Actor) -> dict[str, int]:
    """How many wait, by state."""
    rows = of_viewer(Report.objects.filter(state__in=(ReportState.MAKING, *SIGNABLE, ReportState.SIGNED)), viewer)
    return dict(rows.order_by().values_list("state").annotate(n=Count("id")))


def reports_page(
    viewer: Actor, wanted: ReportFilter, *, after: str = "", limit: int = 50
) -> tuple[list[ReportRow], str]:
    """A page of reports, the last opened first, and the next key."""
    rows = of_viewer(Report.objects.all(), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.period:
        rows = rows.filter(period=wanted.period)
    if wanted.shop == ALL:
        rows = rows.filter(shop=None)
    elif wanted.shop.isascii() and wanted.shop.isdecimal() and len(wanted.shop) < 19:
        rows = rows.filter(shop_id=int(wanted.shop))
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("shop").order_by("-id")[: limit + 1])
    next_key = str(found[limit - 1].pk) if len(found) > limit else ""
    return _rows(found[:limit]), next_key


def report_record(viewer: Actor, report_id: int, version: int | None = None) -> ReportRecord | None:
    """A report with its newest figures, or those of a version; None where the viewer has no such report."""
    found = of_viewer(Report.objects.filter(id=report_id), viewer).select_related("shop").first()
    if found is None:
        return None
    wanted = found.version if version is None else version
    kept = ReportVersion.objects.filter(report=found, version=wanted).first()
    if kept is None and version is not None:
        return None
    row = _rows([found])[0]
    if kept is None:
        return ReportRecord(row, 0, {}, (), None)
    return ReportRecord(row, kept.version, kept.figures, tuple(kept.failed), kept.made_at)


def _rows(found: Sequence[Report]) -> list[ReportRow]:
    people = {person for row in found for person in (row.signed_by, row.confirmed_by) if person}
    names = dict(Person.objects.filter(id__in=people).values_list("id", "name"))
    return [_row(row, names) for row in found]


def _row(row: Report, names: dict[int, str]) -> ReportRow:
    currency = row.shop.currency if row.shop else HOME_CURRENCY
    return ReportRow(
        id=row.pk,
        shop_id=row.shop_id,
        shop=row.shop.name if row.shop else "",
        currency=currency,
        period=ReportPeriod(row.period),
        first_day=row.first_day,
        last_day=row.last_day,
        state=ReportState(row.state),
        version=row.version,
        failed=tuple(row.failed),
        opened_at=row.opened_at,
        made_at=row.made_at,
        sign_due_at=row.sign_due_at,
        traffic_analysis=row.traffic_analysis,
        sales_analysis=row.sales_analysis,
        customers_analysis=row.customers_analysis,
        comment=row.comment,
        despite=row.despite,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        signer=names.get(row.signed_by or 0, ""),
        confirmed_at=row.confirmed_at,
        confirmer=names.get(row.confirmed_by or 0, ""),
        headlines=tuple(
            FigureOf(METRICS[name], Figure(*kept), currency) for name, kept in row.headlines.items() if name in METRICS
        ),
    )

"""A campaign's hours as 《活动监控表》 lists them: traffic that counts, our own facts, alerts and what was done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shopkeeper.flows.marketing.watch.models import Action, Alert, HourReading
from shopkeeper.flows.marketing.watch.queries.traffic import Earlier, Told, corrections, traffic_told
from shopkeeper.flows.marketing.watch.rules.hours import HOUR, hour_of
from shopkeeper.flows.marketing.watch.rules.judging import ConversionBounds, ConversionHour, is_judgeable, is_low
from shopkeeper.flows.marketing.watch.rules.traffic import buyers_among, rate_bp
from shopkeeper.flows.marketing.watch.sql.traffic import TrafficRow
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.foundation.naming import names_of
from shopkeeper.sop.policy import Policies, read_policies


@dataclass(frozen=True, slots=True)
class Mark:
    """An alert or an action in an hour."""

    id: int
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour. `told` is None where no source said anything; `is_shops` where it is the whole shop's traffic."""

    reading_id: int
    sheet_id: int
    campaign_id: int
    hour: datetime
    told: TrafficRow | None
    others: tuple[TrafficRow, ...]
    recorder: str
    orders: int
    buyers: int
    shop_buyers: int
    new_customers: int
    pieces: int
    paid_minor: int
    stock_left: int
    benchmark_bp: int | None
    benchmark_name: str
    is_low: bool
    least_visitors: int
    counted_at: datetime
    alerts: list[Mark] = field(default_factory=list)
    actions: list[Mark] = field(default_factory=list)
    earlier: list[Earlier] = field(default_factory=list)

    @property
    def exposures(self) -> int | None:
        return self.told.exposures if self.told else None

    @property
    def clicks(self) -> int | None:
        return self.told.clicks if self.told else None

    @property
    def visitors(self) -> int | None:
        return self.told.visitors if self.told else None

    @property
    def click_rate_bp(self) -> int | None:
        return rate_bp(self.clicks, self.exposures)

    @property
    def conversion_bp(self) -> int | None:
        return rate_bp(self.told_buyers, self.visitors)

    @property
    def told_buyers(self) -> int:
        """The buyers that the visitors are held against: of the whole shop where they are the whole shop's."""
        return buyers_among(self, self.told)

    @property
    def is_too_small(self) -> bool:
        """Whether too few visitors came for their conversion to say anything, low or not."""
        return self.visitors is not None and self.visitors < self.least_visitors

    @property
    def source(self) -> str:
        return self.told.source if self.told else ""

    @property
    def is_shops(self) -> bool:
        return self.told is not None and self.told.campaign_id is None

    @property
    def ends_at(self) -> datetime:
        return self.hour + HOUR


def hours_of_campaign(campaign_id: int, since: datetime | None = None, until: datetime | None = None) -> list[HourLine]:
    """Closed hours of a campaign, oldest first; it asks nobody's rights."""
    rows = HourReading.objects.filter(campaign_id=campaign_id).select_related("campaign").order_by("hour")
    if since:
        rows = rows.filter(hour__gte=since)
    if until:
        rows = rows.filter(hour__lt=until)
    return _lines(list(rows))


def hours_of_sheet(sheet_id: int) -> list[HourLine]:
    """The hours of one day's sheet, oldest first; it asks nobody's rights."""
    rows = HourReading.objects.filter(sheet_id=sheet_id).select_related("campaign")
    return _lines(list(rows.order_by("hour")))


def _lines(readings: Sequence[HourReading]) -> list[HourLine]:
    if not readings:
        return []
    wanted = [(row.shop_id, row.campaign_id, row.hour) for row in readings]
    policy = read_policies()
    told = traffic_told(wanted, policy)
    names = names_of(one.best.entered_by for one in told.values())
    earlier = corrections(row.id for one in told.values() for row in (one.best, *one.others))
    lines = [_line(row, told.get((row.campaign_id, row.hour)), names, earlier, policy) for row in readings]
    _mark(lines, readings[0].campaign_id)
    return lines


def _line(
    row: HourReading,
    told: Told | None,
    names: dict[int, str],
    earlier: dict[int, list[Earlier]],
    policy: Policies,
) -> HourLine:
    best = told.best if told else None
    is_systems = best is not None and best.source == TrafficSource.COLLECTOR
    return HourLine(
        reading_id=row.pk,
        sheet_id=row.sheet_id,
        campaign_id=row.campaign_id,
        hour=row.hour,
        told=best,
        others=told.others if told else (),
        recorder=names.get(best.entered_by, "") if best and not is_systems else "",
        orders=row.orders,
        buyers=row.buyers,
        shop_buyers=row.shop_buyers,
        new_customers=row.new_customers,
        pieces=row.pieces,
        paid_minor=row.paid_minor,
        stock_left=row.stock_left,
        benchmark_bp=row.benchmark_bp,
        benchmark_name=row.benchmark_name,
        is_low=_is_low(row, best, policy),
        least_visitors=policy("watch_min_visitors", row.shop_id),
        counted_at=row.counted_at,
        earlier=[one for t in ((told.best, *told.others) if told else ()) for one in earlier.get(t.id, [])],
    )


def _is_low(row: HourReading, told: TrafficRow | None, policy: Policies) -> bool:
    """Whether an hour counts as low by the policy's base and bounds, as alerts are judged."""
    bounds = ConversionBounds(
        row.campaign.expected_conversion_bp,
        policy("watch_benchmark_share_bp", row.shop_id),
        policy("watch_min_visitors", row.shop_id),
        policy("watch_low_readings", row.shop_id),
    )
    hour = ConversionHour(told.visitors if told else None, buyers_among(row, told), row.benchmark_bp)
    return is_judgeable(hour, bounds) and is_low(hour, bounds)


def actions_between(campaign_id: int, since: datetime, until: datetime) -> list[Mark]:
    """What was done in hours that are not closed yet; it asks nobody's rights."""
    return [Mark(one.alert_id, one.kind, one.note) for one in _actions(campaign_id, since, until)]


def _actions(campaign_id: int, since: datetime, until: datetime) -> list[Action]:
    rows = Action.objects.filter(campaign_id=campaign_id, taken_at__gte=since, taken_at__lt=until)
    return list(rows.order_by("id"))


def _mark(lines: Sequence[HourLine], campaign_id: int) -> None:
    """Alerts stand at the hour that opened them, actions at the hour they were taken in."""
    alerts: dict[datetime, list[Mark]] = defaultdict(list)
    span = (lines[0].hour, lines[-1].ends_at)
    for alert in Alert.objects.filter(campaign_id=campaign_id, hour__gte=span[0], hour__lt=span[1]).select_related(
        "sku"
    ):
        alerts[alert.hour].append(Mark(alert.pk, alert.kind, alert.sku.code if alert.sku else ""))
    actions: dict[datetime, list[Mark]] = defaultdict(list)
    for action in _actions(campaign_id, *span):
        actions[hour_of(action.taken_at)].append(Mark(action.alert_id, action.kind, action.note))
    for line in lines:
        line.alerts.extend(alerts[line.hour])
        line.actions.extend(actions[line.hour])

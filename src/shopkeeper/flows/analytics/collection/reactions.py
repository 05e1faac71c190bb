"""What this desk does when something is announced: one command call each, safe to repeat."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from shopkeeper.flows.analytics.collection.commands.compare_sources import CompareSources, compare_sources
from shopkeeper.flows.analytics.collection.events import FiguresTakenIn, TrafficCounted
from shopkeeper.flows.analytics.collection.queries.traffic import Span, traffic_of
from shopkeeper.flows.analytics.collection.states import FigureBreakdown, FigurePeriod
from shopkeeper.flows.marketing.watch.commands.record_traffic import RecordTraffic, record_traffic
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded

DAYS_MOST = 62  # of one file that brings a year, the newest days are compared at once


def compare_taken_in(actor: Actor, events: Sequence[Recorded[FiguresTakenIn]]) -> None:
    """FiguresTakenIn, of whole days: they are held against the other sources."""
    days: set[tuple[int, date]] = set()
    for event in (recorded.event for recorded in events):
        if event.period == FigurePeriod.DAY and event.breakdown == FigureBreakdown.SHOP:
            last = date.fromisoformat(event.last_on)
            span = min((last - date.fromisoformat(event.first_on)).days, DAYS_MOST)
            days |= {(event.shop_id, last - timedelta(days=n)) for n in range(span + 1)}
    compare_sources(actor, [CompareSources(shop, day) for shop, day in sorted(days)])


def tell_campaign_watch(actor: Actor, events: Sequence[Recorded[TrafficCounted]]) -> None:
    """TrafficCounted: the watch of campaigns hears what the shop's hour has by now, as one source among others."""
    hours = sorted({(e.event.shop_id, datetime.fromisoformat(e.event.hour)) for e in events})
    spans = [Span(shop, hour, hour + timedelta(hours=1)) for shop, hour in hours]
    record_traffic(
        actor,
        [
            RecordTraffic(
                shop_id=span.shop_id,
                hour=span.since,
                visitors=traffic.visitors,
                exposures=traffic.exposure or None,  # pages that do not tell of exposure are no source for it
                clicks=traffic.clicks or None,
                source=TrafficSource.COLLECTOR,
            )
            for span, traffic in zip(spans, traffic_of(spans), strict=True)
        ],
    )

"""Traffic as it stands: which source counts in an hour, which others stand beside it, what was corrected."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from shopkeeper.flows.marketing.watch.models import Benchmark, TrafficChange
from shopkeeper.flows.marketing.watch.rules.traffic import preferred
from shopkeeper.flows.marketing.watch.sql import traffic as sql
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.policy import Policies

HourKey = tuple[int, datetime]  # campaign, hour


@dataclass(frozen=True, slots=True)
class Told:
    """What the sources say of an hour: the row that counts, and the others."""

    best: sql.TrafficRow
    others: tuple[sql.TrafficRow, ...]


def traffic_told(wanted: Iterable[tuple[int, int, datetime]], policy: Policies) -> dict[HourKey, Told]:
    """Of (shop, campaign, hour): the figures that count by the policy's order of sources. Hours nobody told are out."""
    keys = list(wanted)
    if not keys:
        return {}
    hours = as_json([{"shop_id": shop, "campaign_id": campaign, "hour": hour} for shop, campaign, hour in keys])
    rows: dict[tuple[int, datetime], list[sql.TrafficRow]] = defaultdict(list)
    for row in sql.OF_HOURS.rows(hours=hours):
        rows[row.shop_id, row.hour].append(row)
    found = {}
    for shop, campaign, hour in keys:
        own = [row for row in rows[shop, hour] if row.campaign_id in (None, campaign)]
        best = preferred(own, policy("watch_source_order", shop))
        if best:
            found[campaign, hour] = Told(best, tuple(row for row in own if row.id != best.id))
    return found


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an hour's figures were before they were replaced."""

    traffic_id: int
    exposures: int | None
    clicks: int | None
    visitors: int
    entered_at: datetime
    replaced_at: datetime
    replaced_by: str
    reason: str


def corrections(traffic_ids: Iterable[int]) -> dict[int, list[Earlier]]:
    """Earlier figures by the row they were of, newest first."""
    rows = list(TrafficChange.objects.filter(traffic_id__in=set(traffic_ids)).order_by("-id"))
    names = names_of(row.replaced_by for row in rows)
    found: dict[int, list[Earlier]] = defaultdict(list)
    for row in rows:
        found[row.traffic_id].append(
            Earlier(
                row.traffic_id,
                row.exposures,
                row.clicks,
                row.visitors,
                row.entered_at,
                row.replaced_at,
                names.get(row.replaced_by, ""),
                row.reason,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class BenchmarkLine:
    id: int
    shop_id: int
    shop: str
    name: str
    conversion_bp: int
    valid_from: date
    set_at: datetime
    set_by: str


def benchmarks(viewer: Actor, limit: int = 100) -> list[BenchmarkLine]:
    """Named benchmarks of the viewer's shops, the newest first."""
    rows = Benchmark.objects.select_related("shop").order_by("-valid_from", "-id")
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    found = list(rows[:limit])
    names = names_of(row.set_by for row in found)
    return [
        BenchmarkLine(
            row.pk,
            row.shop_id,
            row.shop.name,
            row.name,
            row.conversion_bp,
            row.valid_from,
            row.set_at,
            names.get(row.set_by, ""),
        )
        for row in found
    ]

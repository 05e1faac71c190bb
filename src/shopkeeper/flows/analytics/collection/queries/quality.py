"""Data quality: of each source of each shop how fresh it is, how complete, and how much it is at odds with others."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shopkeeper.flows.analytics.collection.sql import quality as sql
from shopkeeper.flows.analytics.collection.states import FigureOrigin
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of

DAYS = 30
# A collector or an order feed that is silent that long is looked at; imported figures are of yesterday at best.
SILENT_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Quality:
    """One source of one shop over the last thirty days. `complete_of` is what could be there: days, or hours."""

    shop_id: int
    shop: str
    source: FigureOrigin
    last_at: datetime | None
    last_day: date | None
    is_stale: bool
    complete: int
    complete_of: int
    late: int
    left_out: int
    kept: int
    flags: int
    open_cases: int
    answered_cases: int

    @property
    def complete_bp(self) -> int | None:
        """How complete, in 1/10,000; None where nothing was to be there."""
        return self.complete * 10_000 // self.complete_of if self.complete_of else None


def data_quality(viewer: Actor, now: datetime | None = None) -> list[Quality]:
    """Every source of the viewer's active shops, in five statements."""
    now = now or business_time.now()
    today = day_of(now)
    since = today - timedelta(days=DAYS)
    names = {int(key): name for key, name in shop_choices(viewer)}
    shops = list(names)
    odds = {(row.shop_id, row.source): row for row in sql.AT_ODDS.rows(shops=shops, since=since)}
    found = []
    for order in sql.OWN_ORDERS.rows(shops=shops):
        is_stale = order.last_at is None or now - order.last_at > SILENT_AFTER
        found.append(_quality(names, order.shop_id, FigureOrigin.OWN, odds, last_at=order.last_at, is_stale=is_stale))
    midnight = at_time(since, time.min, SHOP_ZONE)
    for row in sql.COLLECTED.rows(shops=shops, since=midnight):
        is_stale = row.last_at is None or now - row.last_at > SILENT_AFTER
        found.append(
            _quality(
                names, row.shop_id, FigureOrigin.COLLECTOR, odds, last_at=row.last_at, is_stale=is_stale,
                complete=row.hours, complete_of=_hours(max(midnight, row.opened_at), now),
                left_out=row.bots + row.duplicates, kept=row.events,
            )
        )  # fmt: skip
    for one in sql.IMPORTED.rows(shops=shops, since=since):
        is_stale = one.last_day is None or one.last_day < today - timedelta(days=1)
        found.append(
            _quality(
                names, one.shop_id, FigureOrigin(one.source), odds, last_at=one.last_at, last_day=one.last_day,
                is_stale=is_stale, complete=one.delivered, complete_of=one.asked - one.excused, late=one.late,
                flags=one.flags,
            )
        )  # fmt: skip
    return sorted(found, key=lambda quality: (quality.shop_id, list(FigureOrigin).index(quality.source)))


def _hours(since: datetime, until: datetime) -> int:
    """How many hours of the clock have something of this span."""
    first = since.replace(minute=0, second=0, microsecond=0)
    return max(0, int((until - first) / timedelta(hours=1)) + 1)


def _quality(
    names: dict[int, str],
    shop_id: int,
    source: FigureOrigin,
    odds: dict[tuple[int, str], sql.AtOddsRow],
    *,
    last_at: datetime | None,
    is_stale: bool,
    last_day: date | None = None,
    complete: int = 0,
    complete_of: int = 0,
    late: int = 0,
    left_out: int = 0,
    kept: int = 0,
    flags: int = 0,
) -> Quality:
    cases = odds.get((shop_id, str(source)))
    return Quality(
        shop_id=shop_id,
        shop=names[shop_id],
        source=source,
        last_at=last_at,
        last_day=last_day,
        is_stale=is_stale,
        complete=complete,
        complete_of=complete_of,
        late=late,
        left_out=left_out,
        kept=kept,
        flags=flags,
        open_cases=cases.open if cases else 0,
        answered_cases=cases.answered if cases else 0,
    )

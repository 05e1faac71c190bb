"""Who belongs to a segment, how many, and how two overlap: set-based over paid orders, no personal data."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.campaigns.models import Segment
from shopkeeper.flows.marketing.campaigns.rules.segments import FIFTHS, Definition, read_definition
from shopkeeper.flows.marketing.campaigns.sql import segments as sql
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.foundation.sql import json_bytes
from shopkeeper.sop.policy import Policies, read_policies


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment as people see it; `size` as it was counted at `counted_at`."""

    id: int
    shop_id: int
    shop: str
    code: str
    name: str
    definition: Definition
    size: int
    counted_at: datetime
    saved_at: datetime
    saved_by: str
    is_retired: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two segments laid over each other."""

    own: int
    other: int
    both: int


def members(segment_id: int, after: int = 0, limit: int = 1_000) -> list[int]:
    """The data subjects of a segment beyond `after`, in order; empty at the end, or where it was retired."""
    row = next(iter(sql.SEGMENTS.rows(segments=[segment_id])), None)
    if row is None or row.is_retired:
        return []
    own = terms_of(row.shop_id, read_definition(json.loads(row.definition)), business_time.now(), read_policies())
    return [found.subject_id for found in sql.MEMBERS.rows(own=own, after=after, limit=limit)]


def size_of(shop_id: int, definition: Definition, now: datetime, policy: Policies) -> int:
    """How many belong right now."""
    row = sql.SIZE.first(own=terms_of(shop_id, definition, now, policy))
    return row.own if row else 0


def overlap_of(shop_id: int, own: Definition, other: Definition) -> Overlap:
    """How many belong to both of two definitions, in one statement."""
    now, policy = business_time.now(), read_policies()
    row = sql.OVERLAP.first(own=terms_of(shop_id, own, now, policy), other=terms_of(shop_id, other, now, policy))
    return Overlap(row.own, row.other, row.both) if row else Overlap(0, 0, 0)


def terms_of(shop_id: int, definition: Definition, now: datetime, policy: Policies) -> str:
    """A definition as the statement takes it: days as moments, what is not said as no bound."""
    window = definition.window_days or policy("segment_window_days", shop_id)
    r, f, m = definition.recency or FIFTHS, definition.frequency or FIFTHS, definition.monetary or FIFTHS

    def ago(days: int | None) -> datetime | None:
        return now - timedelta(days=days) if days else None

    return json_bytes(
        {
            "shop_id": shop_id,
            "since": ago(window),
            "now": now,
            "new_since": ago(policy("segment_new_days", shop_id)),
            "r_low": r[0],
            "r_high": r[1],
            "f_low": f[0],
            "f_high": f[1],
            "m_low": m[0],
            "m_high": m[1],
            "customers": definition.customers,
            "category_id": definition.category_id,
            "category_since": ago(definition.category_days or window),
            "min_minor": definition.min_minor,
            "max_minor": definition.max_minor,
            "min_orders": definition.min_orders,
            "max_orders": definition.max_orders,
            "paid_since": ago(definition.paid_within_days),
            "paid_before": ago(definition.paid_before_days),
            "provinces": list(definition.provinces),
        }
    ).decode()


def segments_of(viewer: Actor, shop_id: int | None = None, *, with_retired: bool = False) -> list[SegmentView]:
    """The segments of the viewer's shops, by shop and name."""
    rows = Segment.objects.all() if viewer.shops is None else Segment.objects.filter(shop_id__in=viewer.shops)
    rows = rows if shop_id is None else rows.filter(shop_id=shop_id)
    rows = rows if with_retired else rows.filter(is_retired=False)
    return _views(list(rows.order_by("shop_id", "name", "id")))


def segment_choices(viewer: Actor, shop_id: int | None, kept: Collection[int] = ()) -> list[SegmentView]:
    """Segments that a plan of this shop may name, and of `kept` those that are retired meanwhile."""
    rows = segments_of(viewer, shop_id, with_retired=True) if shop_id is not None else []
    return [row for row in rows if not row.is_retired or row.id in kept]


def segment_view(viewer: Actor, segment_id: int) -> SegmentView | None:
    """One segment; None where there is none in the viewer's shops."""
    row = Segment.objects.filter(id=segment_id).first()
    return _views([row])[0] if row and viewer.sees_shop(row.shop_id) else None


def _views(rows: Sequence[Segment]) -> list[SegmentView]:
    shops = dict(Shop.objects.filter(id__in={row.shop_id for row in rows}).values_list("id", "name"))
    people = dict(Person.objects.filter(id__in={row.saved_by for row in rows}).values_list("id", "name"))
    return [
        SegmentView(
            row.pk,
            row.shop_id,
            shops[row.shop_id],
            row.code,
            row.name,
            read_definition(row.definition),
            row.size,
            row.counted_at,
            row.saved_at,
            people.get(row.saved_by, ""),
            row.is_retired,
        )
        for row in rows
    ]

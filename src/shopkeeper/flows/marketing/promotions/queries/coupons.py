"""Coupons as people read them: batches with what was claimed and used, and what one buyer has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from shopkeeper.flows.marketing.promotions.models import CouponBatch
from shopkeeper.flows.marketing.promotions.queries.carts import subject_of
from shopkeeper.flows.marketing.promotions.sql import coupons as sql
from shopkeeper.foundation.actor import Actor

_COLUMNS = (
    "id", "rule_id", "rule__code", "rule__name", "code", "name", "shop_id", "shop__name", "total", "per_buyer",
    "claimed", "used", "claim_from", "claim_to", "valid_to", "valid_days", "stopped_at", "made_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """What is asked of the list: `tab` is open, over or all."""

    tab: str = ""
    text: str = ""
    shop_id: int | None = None
    rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch of coupons with its counters."""

    id: int
    rule_id: int
    rule: str
    code: str
    name: str
    shop_id: int | None
    shop: str | None
    total: int
    per_buyer: int
    claimed: int
    used: int
    claim_from: datetime
    claim_to: datetime
    valid_to: datetime
    valid_days: int | None
    stopped_at: datetime | None
    made_at: datetime

    @property
    def left(self) -> int:
        return self.total - self.claimed

    @property
    def tone(self) -> str:
        return "amber" if not self.stopped_at and self.left * 10 < self.total else ""


@dataclass(frozen=True, slots=True)
class CouponInHand:
    id: int
    batch_id: int
    rule_id: int
    state: str
    expires_at: datetime


def batches_page(
    viewer: Actor, wanted: BatchFilter, now: datetime, *, after: int | None = None, limit: int = 50
) -> tuple[list[BatchRow], str]:
    """A page of batches, newest first, and the key of the next one ('' where there is none)."""
    rows = _seen(CouponBatch.objects.all(), viewer)
    is_open = Q(stopped_at=None, claim_to__gt=now)
    if wanted.tab in ("open", "over"):
        rows = rows.filter(is_open if wanted.tab == "open" else ~is_open)
    if wanted.shop_id is not None:
        rows = rows.filter(Q(shop_id=wanted.shop_id) | Q(shop_id=None))
    if wanted.rule_id is not None:
        rows = rows.filter(rule_id=wanted.rule_id)
    if wanted.text:
        rows = rows.filter(Q(code__icontains=wanted.text) | Q(name__icontains=wanted.text))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_row(value) for value in rows.order_by("-id").values(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def batch_counts(viewer: Actor, now: datetime) -> dict[str, int]:
    return {"open": _seen(CouponBatch.objects.filter(stopped_at=None, claim_to__gt=now), viewer).count()}


def coupons_in_hand(viewer: Actor, shop_id: int, buyer: str, now: datetime) -> list[CouponInHand]:
    """What a buyer may use now, what expires first in front; nothing outside the viewer's shops."""
    subject_id = subject_of(shop_id, buyer) if viewer.sees_shop(shop_id) else 0
    rows = sql.IN_HAND.rows(subjects=[subject_id], now=now) if subject_id else []
    return [CouponInHand(row.id, row.batch_id, row.rule_id, row.state, row.expires_at) for row in rows]


def _seen(rows: QuerySet[CouponBatch], viewer: Actor) -> QuerySet[CouponBatch]:
    return rows if viewer.shops is None else rows.filter(Q(shop_id=None) | Q(shop_id__in=viewer.shops))


def _row(value: dict[str, Any]) -> BatchRow:
    own = {name: value[name] for name in _COLUMNS if "__" not in name}
    return BatchRow(rule=f"{value['rule__code']} {value['rule__name']}", shop=value["shop__name"], **own)

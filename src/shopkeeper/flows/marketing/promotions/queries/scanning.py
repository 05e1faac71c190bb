"""The conflict scan: a promotion with all that share its goods and time; the worst price against floor and cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.marketing.promotions.queries.book import Known
from shopkeeper.flows.marketing.promotions.queries.goods import line_of
from shopkeeper.flows.marketing.promotions.rules.offers import FlashPrice
from shopkeeper.flows.marketing.promotions.rules.stack import Worst, worst_price
from shopkeeper.flows.marketing.promotions.rules.values import Layer, Line, Promotion
from shopkeeper.flows.marketing.promotions.sql import goods as sql
from shopkeeper.flows.products.pricing.queries.in_force import prices_in_force

MOST_SCANNED = 400
MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found: goods that could go too low, promotions that share goods and time, how many SKUs were tried."""

    below: tuple[dict[str, Any], ...]
    overlaps: tuple[dict[str, Any], ...]
    scanned: int

    @property
    def findings(self) -> list[dict[str, Any]]:
        return [*self.below, *self.overlaps]


def scan(one: Known, others: Sequence[Known], now: datetime) -> Scan:
    """Try the SKUs with the least room, at most 400, with this promotion and all that share its window."""
    own = one.promotion
    beside = [o for o in others if o.rule_id != one.rule_id and _share_time(own, o.promotion)]
    goods = _covered(one)
    prices = prices_in_force([row.id for row in goods], one.shop_id)
    codes = {known.rule_id: known.code for known in (one, *beside)}
    below, met = [], set[int]()
    seen: dict[tuple[int, ...], Worst] = {}
    for row in goods:
        worst: Worst | None = None
        for shop_id in _shops(one, beside):
            line = line_of(row, shop_id, prices.get(row.id))
            sharing = [o.promotion for o in beside if o.promotion.scope.covers(line)]
            met |= {p.id for p in sharing}
            key = _key(line, own, sharing)
            if key not in seen:
                seen[key] = worst_price(line, [own, *sharing], now)
            worst = min(worst or seen[key], seen[key], key=lambda w: w.price_minor)
        finding = _finding(row, line, worst, codes) if worst else None
        if finding:
            below.append(finding)
    below.sort(key=lambda f: (f["code"] != "below_cost", f["worst_minor"] - f["limit_minor"]))
    overlaps = [_overlap(own, o) for o in beside if o.rule_id in met]
    return Scan(tuple(below[:MOST_KEPT]), tuple(overlaps[:MOST_KEPT]), len(goods))


def _shops(one: Known, beside: Sequence[Known]) -> list[int]:
    """Where it has to be tried: its own shop; one of all shops wherever a shop has promotions of its own."""
    return [one.shop_id] if one.shop_id else sorted({0} | {o.shop_id for o in beside if o.shop_id})


def _overlap(own: Promotion, other: Known) -> dict[str, Any]:
    return {
        "code": "overlap",
        "rule_id": other.rule_id,
        "rule": other.code,
        "name": other.name,
        "combines": _combine(own, other.promotion),
    }


def _covered(one: Known) -> list[sql.GoodsRow]:
    terms = one.terms
    named = sorted(terms.skus)
    return sql.COVERED.rows(
        is_all=not (terms.skus or terms.categories or terms.goods_tags),
        skus=named,
        categories=sorted(terms.categories),
        tags=sorted(terms.goods_tags),
        excluded=sorted(terms.excluded_skus),
        limit=MOST_SCANNED,
    )


def _share_time(one: Promotion, other: Promotion) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _key(line: Line, own: Promotion, sharing: Sequence[Promotion]) -> tuple[int, ...]:
    """Goods of one price under the same promotions are alike; flash prices are per SKU."""
    named = any(isinstance(p.offer, FlashPrice) for p in (own, *sharing))
    return line.list_minor, line.sku_id if named else 0, *sorted(p.id for p in sharing)


def _combine(one: Promotion, other: Promotion) -> bool:
    """Whether both may be used on one piece or one order."""
    if one.layer is not other.layer:
        return True
    same_group = bool(one.mutex_group) and one.mutex_group == other.mutex_group
    return one.layer is not Layer.ITEM and not same_group and one.stacks_with(other)


def _finding(row: sql.GoodsRow, line: Line, worst: Worst, codes: dict[int, str]) -> dict[str, Any] | None:
    for code, limit in (("below_cost", row.cost_minor), ("below_floor", row.floor_minor)):
        if limit and worst.price_minor < limit <= line.list_minor:
            return {
                "code": code,
                "sku_id": row.id,
                "sku": row.code,
                "name": row.name,
                "price_minor": line.list_minor,
                "worst_minor": worst.price_minor,
                "limit_minor": limit,
                "rules": [codes[id_] for id_ in worst.promotion_ids if id_ in codes],
            }
    return None

"""M2.3 Try: an order is placed at its price; what it uses of promotions and coupons is held until it is paid.

Priced is outside the locks, by what is left as read; under the locks only the counting is done again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.promotions.commands.holding import Held, Left, hold, left_of
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.book import House, house_at
from shopkeeper.flows.marketing.promotions.queries.carts import (
    AskedCart,
    AskedLine,
    bad_cart,
    carts_of,
    coupons_of,
    limits_of,
)
from shopkeeper.flows.marketing.promotions.rules.ledger import Priced
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.uses import coupons_spent, uses_of
from shopkeeper.flows.marketing.promotions.rules.values import Cart
from shopkeeper.flows.marketing.promotions.sql import usage as sql
from shopkeeper.flows.marketing.promotions.states import UsageState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.personal import keys_for
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ReserveUsage:
    """A whole purchase by the shop's own number; the parts of a split order share it and count once.

    `expected_minor` is what the buyer was shown. Without `coupon_ids` all coupons of the buyer may be used.
    """

    shop_id: int
    order_no: Annotated[str, Field(min_length=1, max_length=64)]
    buyer: Annotated[str, Field(min_length=1, max_length=120)] = field(repr=False)
    lines: tuple[AskedLine, ...]
    expected_minor: int | None = None
    level: Annotated[str, Field(max_length=40)] = ""
    segments: tuple[str, ...] = ()
    is_new: bool = False
    coupon_ids: tuple[int, ...] = ()
    freight_minor: int = 0
    chosen: tuple[int, ...] | None = None

    @property
    def key(self) -> Key:
        return self.shop_id, self.order_no.strip()

    @property
    def reference(self) -> str:
        return f"buyer:{self.shop_id}:{self.buyer}"

    @property
    def asked(self) -> AskedCart:
        return AskedCart(
            self.shop_id,
            self.lines,
            self.level,
            self.segments,
            self.is_new,
            self.coupon_ids,
            self.freight_minor,
            self.chosen,
        )


@command(clause="M2.3", permission=Permission.USAGE_KEEP, scope=InShop())
def reserve_usage(step: Step, items: Sequence[ReserveUsage]) -> list[Outcome]:
    """Price orders, freeze the price into them, and hold what they use. Done with `facts`: payable_minor.

    Refused: "cart_empty", "cart_too_long", "cart_quantity", "cart_freight", "cart_sku_unknown",
    "cart_currencies"; "coupon_gone" where a named coupon cannot be used; "price_changed" where it is not what the
    buyer was shown (facts: payable_minor); "promotion_gone" where the last of it went to another buyer this
    moment (fact: rule); "order_released" before, "order_differs" under the same number. Again: unchanged.
    """
    keys = keys_for((item.reference for item in items), now=step.now)
    subjects = [keys.id_of(item.reference) for item in items]
    there = _there(items)
    house = house_at(step.now)
    asked = [item.asked for item in items]
    in_hand = coupons_of(subjects, asked, step.now)
    codes = [bad_cart(one) for one in asked]
    carts = carts_of([one for one, code in zip(asked, codes, strict=True) if not code],
                     [own for own, code in zip(in_hand, codes, strict=True) if not code], step.now)  # fmt: skip
    limits = limits_of(house, subjects)
    rest = iter(carts)
    said: list[Wish | Outcome] = []
    for item, subject_id, code in zip(items, subjects, codes, strict=True):
        cart = code or next(rest)
        known = there.get(item.key)
        if known:
            said.append(_again(item, known))
        elif isinstance(cart, str):
            said.append(refused(cart))
        else:
            said.append(_wish(item, subject_id, cart, price(cart, house.book, limits[subject_id]), house))
    return _hold_what_fits(step, said, house)


@dataclass(frozen=True, slots=True)
class Wish:
    """An order priced, with what it would use; not held yet."""

    item: ReserveUsage
    subject_id: int
    cart: Cart
    priced: Priced
    used: Mapping[int, int]
    coupon_ids: tuple[int, ...]


def _there(items: Sequence[ReserveUsage]) -> dict[Key, sql.PricingRow]:
    keys = sorted({item.key for item in items})
    rows = sql.BY_NUMBER.rows(shops=[shop for shop, _ in keys], numbers=[number for _, number in keys])
    return {(row.shop_id, row.order_no): row for row in rows}


def _again(item: ReserveUsage, row: sql.PricingRow) -> Outcome:
    if row.state == UsageState.RELEASED:
        return refused("order_released", row.id)
    if item.expected_minor is not None and item.expected_minor != row.payable_minor:
        return refused("order_differs", row.id)
    return unchanged(row.id, payable_minor=row.payable_minor, discount_minor=row.discount_minor)


def _wish(item: ReserveUsage, subject_id: int, cart: Cart, priced: Priced, house: House) -> Wish | Outcome:
    if {str(id_) for id_ in item.coupon_ids} - {coupon.id for coupon in cart.coupons}:
        return refused("coupon_gone")
    if item.expected_minor is not None and item.expected_minor != priced.payable_minor:
        return refused("price_changed", payable_minor=priced.payable_minor)
    promotions = {id_: known.promotion for id_, known in house.known.items()}
    used = uses_of(priced, promotions)
    coupons = tuple(int(coupon.id) for coupon in coupons_spent(cart, used, promotions))
    return Wish(item, subject_id, cart, priced, used, coupons)


def _hold_what_fits(step: Step, said: Sequence[Wish | Outcome], house: House) -> list[Outcome]:
    """Count again under the locks, order by order; what does not fit any more is refused and the buyer asked."""
    wishes = [wish for wish in said if isinstance(wish, Wish)]
    left: Left = left_of(
        house,
        rules={rule for wish in wishes for rule in wish.used},
        subjects={wish.subject_id for wish in wishes},
        coupons={coupon for wish in wishes for coupon in wish.coupon_ids},
        now=step.now,
    )
    held: dict[Key, Wish] = {}
    answers: list[Outcome] = []
    for wish in said:
        if isinstance(wish, Outcome):
            answers.append(wish)
        elif wish.item.key in held:
            answers.append(unchanged(payable_minor=held[wish.item.key].priced.payable_minor))
        else:
            gone = left.take(wish.subject_id, wish.used, wish.coupon_ids)
            if gone is None:
                held[wish.item.key] = wish
            code = "coupon_gone" if gone == 0 else "promotion_gone"
            rule = house.known[gone].name if gone else ""
            answers.append(done() if gone is None else refused(code, rule=rule))
    ids = hold(step, [_held(wish, house) for wish in held.values()])
    return [_told(answer, wish, ids) for answer, wish in zip(answers, said, strict=True)]


def _told(answer: Outcome, wish: Wish | Outcome, ids: Mapping[Key, int]) -> Outcome:
    if isinstance(wish, Outcome) or not answer.ok:
        return answer
    id_, priced = ids[wish.item.key], wish.priced
    facts = {"payable_minor": priced.payable_minor, "discount_minor": priced.discount_minor}
    return done(id_, **facts) if answer.changed else unchanged(id_, **facts)


def _held(wish: Wish, house: House) -> Held:
    item, priced, cart = wish.item, wish.priced, wish.cart
    paid = priced.paid_by_line()
    lines = [
        {"line": line.id, "sku_id": line.sku_id, "quantity": line.quantity, "list_minor": line.list_minor,
         "paid_minor": paid[line.id], "unit_minors": priced.unit_prices(line.id)}
        for line in cart.lines
    ]  # fmt: skip
    ledger = [
        {"line": e.line_id, "rule_id": e.promotion_id, "version": e.version, "layer": e.layer.name.lower(),
         "amount_minor": e.amount_minor, "units": e.units, "bearers": e.bearers}
        for e in priced.entries
    ]  # fmt: skip
    gifts = [{"rule_id": g.promotion_id, "sku_id": g.sku_id, "quantity": g.quantity} for g in priced.gifts]
    reasons = [{"rule_id": r.promotion_id, "code": r.code, "facts": dict(r.facts)} for r in priced.reasons]
    return Held(
        row={
            "shop_id": item.shop_id,
            "order_no": item.order_no.strip(),
            "subject_id": wish.subject_id,
            "list_minor": sum(line.list_minor * line.quantity for line in cart.lines),
            "discount_minor": priced.discount_minor,
            "freight_minor": priced.freight_minor,
            "freight_off_minor": priced.freight_off_minor,
            "payable_minor": priced.payable_minor,
            "lines": lines,
            "ledger": ledger,
            "trace": {"reasons": reasons, "gifts": gifts, "searched": priced.searched},
            "coupon_ids": list(wish.coupon_ids),
        },
        versions={rule: house.known[rule].version_id for rule in wish.used},
        used=wish.used,
    )

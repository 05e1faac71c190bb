"""Carts priced with what is published, without any effect: what each line pays, who took what, and why not the others.

`carts_of` and `limits_of` are also what placing an order judges by: preview and order use one arithmetic.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shopkeeper.flows.marketing.promotions.queries.book import House, Known, house_at
from shopkeeper.flows.marketing.promotions.queries.goods import Goods, goods_in_shop
from shopkeeper.flows.marketing.promotions.rules.ledger import Entry, GiftLine, Priced
from shopkeeper.flows.marketing.promotions.rules.offers import Gift
from shopkeeper.flows.marketing.promotions.rules.pricing import price
from shopkeeper.flows.marketing.promotions.rules.values import Buyer, Cart, Coupon, Limits
from shopkeeper.flows.marketing.promotions.sql import coupons as coupon_sql
from shopkeeper.flows.marketing.promotions.sql import rules as rule_sql
from shopkeeper.flows.marketing.promotions.sql import usage as usage_sql
from shopkeeper.flows.marketing.promotions.words import said_reason
from shopkeeper.flows.products.stock.queries.sellable import sellable_by_sku
from shopkeeper.foundation import business_time
from shopkeeper.foundation.personal import FIND, reference_hash
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.words import T

MOST_LINES = 200
MOST_PIECES = 1_000


@dataclass(frozen=True, slots=True)
class AskedLine:
    sku_id: int
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class AskedCart:
    """A cart as somebody asks about it. `coupon_ids` are coupons in hand; `chosen` the promotions insisted on."""

    shop_id: int
    lines: tuple[AskedLine, ...]
    level: str = ""
    segments: tuple[str, ...] = ()
    is_new: bool = False
    coupon_ids: tuple[int, ...] = ()
    freight_minor: int = 0
    chosen: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class SaidEntry:
    """What one promotion took off one line; `rule_id` 0 is the member price."""

    rule_id: int
    version: int
    rule: str
    layer: str
    amount_minor: int
    bearers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SaidLine:
    sku_id: int
    sku: str
    name: str
    quantity: int
    list_minor: int
    paid_minor: int
    unit_minors: tuple[int, ...]
    entries: tuple[SaidEntry, ...]


@dataclass(frozen=True, slots=True)
class SaidReason:
    """Why a promotion took part or not, in words."""

    rule_id: int
    rule: str
    name: str
    code: str
    words: T

    @property
    def applied(self) -> bool:
        return self.code == "applied"


@dataclass(frozen=True, slots=True)
class SaidGift:
    rule_id: int
    sku_id: int
    sku: str
    name: str
    quantity: int
    is_substitute: bool


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A priced cart as it is shown. Amounts in minor units of `currency`."""

    currency: str
    lines: tuple[SaidLine, ...]
    gifts: tuple[SaidGift, ...]
    reasons: tuple[SaidReason, ...]
    list_minor: int
    discount_minor: int
    freight_minor: int
    freight_off_minor: int
    payable_minor: int
    searched: str
    priced: Priced

    @property
    def nudges(self) -> list[SaidReason]:
        """What a little more would bring (凑单)."""
        return [reason for reason in self.reasons if reason.code == "threshold"]


def bad_cart(asked: AskedCart) -> str:
    """Why a cart cannot be priced at all; empty where it can."""
    if not 0 < len(asked.lines) <= MOST_LINES:
        return "cart_empty" if not asked.lines else "cart_too_long"
    if not all(0 < line.quantity <= MOST_PIECES for line in asked.lines):
        return "cart_quantity"
    return "cart_freight" if not 0 <= asked.freight_minor <= 10**9 else ""


def price_cart(asked: AskedCart, *, buyer: str = "", with_coupons_of: Collection[int] = ()) -> PricedCart:
    """Price a cart now, with all coupons the buyer has. `with_coupons_of`: as if coupons of these were in hand.

    Raises BusinessError with the code of `bad_cart`, or "cart_sku_unknown".
    """
    now = business_time.now()
    code = bad_cart(asked)
    if code:
        raise BusinessError(code)
    house = house_at(now)
    subject_id = subject_of(asked.shop_id, buyer)
    in_hand = coupons_of([subject_id], [asked], now)[0]
    ends = {id_: house.known[id_].promotion.ends_at for id_ in with_coupons_of if id_ in house.known}
    supposed = [Coupon(f"supposed:{id_}", id_, ends_at) for id_, ends_at in ends.items()]
    carts = carts_of([asked], [(*in_hand, *supposed)], now)
    if isinstance(carts[0], str):
        raise BusinessError(carts[0])
    limits = limits_of(house, [subject_id])
    return said(carts[0], price(carts[0], house.book, limits[subject_id]), house)


def subject_of(shop_id: int, buyer: str) -> int:
    """Whose coupons and uses count; 0 for somebody we do not know yet."""
    rows = FIND.rows(hashes=[reference_hash(f"buyer:{shop_id}:{buyer}")]) if buyer else []
    return rows[0].id if rows else 0


def coupons_of(subject_ids: Sequence[int], asked: Sequence[AskedCart], now: datetime) -> list[tuple[Coupon, ...]]:
    """The coupons that count for each cart: those named, or without names all the buyer has; claimed and still good."""
    wanted = sorted({id_ for id_ in subject_ids if id_})
    rows = coupon_sql.IN_HAND.rows(subjects=wanted, now=now) if wanted else []
    return [
        tuple(
            Coupon(str(row.id), row.rule_id, row.expires_at)
            for row in rows
            if row.subject_id == subject_id and (not one.coupon_ids or row.id in one.coupon_ids)
        )
        for subject_id, one in zip(subject_ids, asked, strict=True)
    ]


def carts_of(asked: Sequence[AskedCart], in_hand: Sequence[Sequence[Coupon]], now: datetime) -> list[Cart | str]:
    """The engine's carts, or the code of why one cannot be priced; statements by shop and level, not by cart."""
    groups: dict[tuple[int, str], set[int]] = {}
    for one in asked:
        groups.setdefault((one.shop_id, one.level), set()).update(line.sku_id for line in one.lines)
    goods = {key: goods_in_shop(skus, key[0], key[1]) for key, skus in groups.items()}
    return [
        _cart(one, coupons, goods[one.shop_id, one.level], now) for one, coupons in zip(asked, in_hand, strict=True)
    ]


def _cart(asked: AskedCart, coupons: Sequence[Coupon], goods: Mapping[int, Goods], now: datetime) -> Cart | str:
    if any(line.sku_id not in goods for line in asked.lines):
        return "cart_sku_unknown"
    if len({goods[line.sku_id].currency for line in asked.lines}) > 1:
        return "cart_currencies"
    return Cart(
        tuple(
            replace(goods[line.sku_id].line, id=str(place), quantity=line.quantity)
            for place, line in enumerate(asked.lines)
        ),
        now,
        Buyer(asked.level, frozenset(asked.segments), asked.is_new),
        tuple(coupons),
        asked.freight_minor,
        None if asked.chosen is None else frozenset(asked.chosen),
    )


def limits_of(house: House, subject_ids: Collection[int]) -> dict[int, Limits]:
    """What is left of every limited promotion, by buyer; two statements, and one for gifts."""
    limited = sorted(id_ for id_, known in house.known.items() if known.terms.is_limited)
    counters = {row.rule_id: row for row in rule_sql.COUNTERS.rows(rules=limited)} if limited else {}
    uses = {id_: row.uses_total - row.uses for id_, row in counters.items() if row.uses_total is not None}
    money = {id_: row.budget_minor - row.money_minor for id_, row in counters.items() if row.budget_minor is not None}
    per_buyer = {id_: known.terms.uses_per_buyer for id_, known in house.known.items()}
    capped = {id_: cap for id_, cap in per_buyer.items() if cap is not None}
    known_buyers = sorted({id_ for id_ in subject_ids if id_})
    had = {}
    if capped and known_buyers:
        rows = usage_sql.USES_OF_BUYERS.rows(rules=sorted(capped), subjects=known_buyers)
        had = {(row.subject_id, row.rule_id): row.uses for row in rows}
    gifts = gift_stock(house.known.values())
    return {
        subject: Limits(uses, {id_: cap - had.get((subject, id_), 0) for id_, cap in capped.items()}, money, gifts)
        for subject in set(subject_ids)
    }


def gift_stock(known: Collection[Known]) -> dict[int, int]:
    """How many of every gift are free in all warehouses together."""
    skus = {sku for one in known if isinstance(one.terms.offer, Gift) for sku in one.terms.offer.choices}
    return sellable_by_sku(skus) if skus else {}


def said(cart: Cart, priced: Priced, house: House) -> PricedCart:
    """A priced cart in words: names for ids, reasons in both languages."""
    rows = goods_in_shop({*(line.sku_id for line in cart.lines), *(g.sku_id for g in priced.gifts)}, 0)
    paid = priced.paid_by_line()
    currency = rows[cart.lines[0].sku_id].currency
    by_line: dict[str, list[Entry]] = {}
    for entry in priced.entries:
        by_line.setdefault(entry.line_id, []).append(entry)
    lines = tuple(
        SaidLine(
            line.sku_id,
            rows[line.sku_id].code,
            f"{rows[line.sku_id].name} {rows[line.sku_id].spec}".strip(),
            line.quantity,
            line.list_minor,
            paid[line.id],
            tuple(priced.unit_prices(line.id)),
            tuple(_entry(entry, house) for entry in by_line.get(line.id, ())),
        )
        for line in cart.lines
    )
    return PricedCart(
        currency=currency,
        lines=lines,
        gifts=tuple(_gift(gift, rows) for gift in priced.gifts),
        reasons=_reasons(priced, house, currency),
        list_minor=sum(line.list_minor * line.quantity for line in cart.lines),
        discount_minor=priced.discount_minor,
        freight_minor=priced.freight_minor,
        freight_off_minor=priced.freight_off_minor,
        payable_minor=priced.payable_minor,
        searched=priced.searched,
        priced=priced,
    )


def _entry(entry: Entry, house: House) -> SaidEntry:
    known = house.known.get(entry.promotion_id)
    name = known.name if known else T("会员价", "Member price").text()
    layer = entry.layer.name.lower()
    return SaidEntry(entry.promotion_id, entry.version, name, layer, entry.amount_minor, entry.bearers)


def _gift(gift: GiftLine, rows: Mapping[int, Goods]) -> SaidGift:
    row = rows.get(gift.sku_id)
    code, name = (row.code, row.name) if row else (f"#{gift.sku_id}", "")
    return SaidGift(gift.promotion_id, gift.sku_id, code, name, gift.quantity, gift.is_substitute)


def _reasons(priced: Priced, house: House, currency: str) -> tuple[SaidReason, ...]:
    """Those that took part first; freight may say applied twice for one, which is said once."""
    found = {}
    for reason in priced.reasons:
        known = house.known[reason.promotion_id]
        rival = house.known.get(reason.facts.get("to", 0))
        words = said_reason(reason, known.terms, currency, rival.name if rival else "")
        found[known.rule_id, reason.code] = SaidReason(known.rule_id, known.code, known.name, reason.code, words)
    return tuple(sorted(found.values(), key=lambda r: (not r.applied, r.code, r.rule_id)))

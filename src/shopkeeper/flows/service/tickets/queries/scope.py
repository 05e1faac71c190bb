"""What every read of this desk shares: the viewer's shops, and the numbers people paste."""

import re
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.personal import blind_index

_TICKET = re.compile(r"GD0*(\d{1,18})", re.IGNORECASE)
_ORDER = re.compile(r"JY0*(\d{1,18})", re.IGNORECASE)
PHONE_DIGITS = 11
TAIL_DIGITS = 4


def shop_ids(viewer: Actor) -> list[int] | None:
    """The viewer's shops; None means all."""
    return None if viewer.shops is None else sorted(viewer.shops)


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices of a filter."""
    shops = Shop.objects.order_by("id")
    if viewer.shops is not None:
        shops = shops.filter(id__in=viewer.shops)
    return [(str(shop.pk), shop.name) for shop in shops]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text may mean: numbers of tickets and orders, a phone or its tail, the channel's reference."""

    tickets: list[int]
    orders: list[int]
    phones: list[bytes]
    tails: list[bytes]
    refs: list[str]


def pasted(words: list[str]) -> Pasted:
    digits = ["".join(c for c in word if c.isdigit()) for word in words]
    return Pasted(
        tickets=[int(found[1]) for word in words if (found := _TICKET.fullmatch(word))],
        orders=[int(found[1]) for word in words if (found := _ORDER.fullmatch(word))],
        phones=[blind_index("phone", d[-PHONE_DIGITS:]) for d in digits if len(d) >= PHONE_DIGITS - 1],
        tails=[blind_index("phone-tail", d) for d in digits if len(d) == TAIL_DIGITS],
        refs=[word[:80] for word in words],
    )


def order_id_of(viewer: Actor, number: str) -> int | None:
    """The order with our number or the platform's, among the viewer's shops."""
    ours = _ORDER.fullmatch(number)
    rows = Order.objects.filter(pk=int(ours[1])) if ours else Order.objects.filter(platform_no=number[:64])
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    return rows.values_list("id", flat=True).first()


def shop_of_order(viewer: Actor, number: str) -> int | None:
    """The shop of the order with this number, among the viewer's."""
    order_id = order_id_of(viewer, number) if number else None
    return Order.objects.filter(pk=order_id).values_list("shop_id", flat=True).first() if order_id else None

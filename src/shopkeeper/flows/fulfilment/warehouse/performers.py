"""The last-moment refund check (O2.2), performed after commit: the platform is asked about open orders.

Asking twice does no harm. What it says goes into a command. config/gateways.py gives the platforms.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from shopkeeper.flows.fulfilment.intake.ports import OutsideError, PlatformOrders, ShopAccess
from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.warehouse.commands.record_refund_check import (
    RecordRefundCheck,
    record_refund_check,
)
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow, Performer

AUTH_PAUSE_S = 600.0  # a person has to renew something first
PlatformOf = Callable[[int], tuple[PlatformOrders, ShopAccess]]


def performers(platform_of: PlatformOf) -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {"recheck_order": lambda rows: recheck_orders(platform_of, rows)}


def recheck_orders(platform_of: PlatformOf, rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """O2.2: one question per shop: which of these orders must not be shipped now?"""
    cards = orders_by_id([row.subject_id for row in rows])
    by_shop: dict[int, list[OrderCard]] = defaultdict(list)
    for card in cards.values():
        by_shop[card.shop_id].append(card)
    answers: dict[int, bool] = {}
    trouble: dict[int, ErrandResult] = {}
    for shop_id, orders in sorted(by_shop.items()):
        try:
            platform, access = platform_of(shop_id)
        except KeyError:  # one shop without a platform must not stop the others
            trouble[shop_id] = ErrandResult("give_up", "the shop has no platform to ask")
            continue
        try:
            refunding = platform.refund_open(access, [card.platform_no for card in orders])
        except OutsideError as error:
            trouble[shop_id] = _later(error)
        else:
            answers |= {card.id: card.platform_no in refunding for card in orders}
    record_refund_check(SYSTEM, [RecordRefundCheck(i, refunding) for i, refunding in sorted(answers.items())])
    return [trouble.get(cards[row.subject_id].shop_id, DONE) if row.subject_id in cards else DONE for row in rows]


def _later(error: OutsideError) -> ErrandResult:
    if not error.worth_retrying and error.kind != "auth":
        return ErrandResult("give_up", f"{error.kind} {error.code}"[:200])
    pause = AUTH_PAUSE_S if error.kind == "auth" else error.retry_after_s
    return ErrandResult("retry", f"{error.kind} {error.code}"[:200], pause)

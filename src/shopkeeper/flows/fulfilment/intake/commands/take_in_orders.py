"""O1.1: orders of a platform become ours, idempotent and convergent; O1.3: they are judged as they arrive.

The newest version of an order wins whatever the order of arrival. The original message is kept sealed.
"""

from collections.abc import Mapping, Sequence

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.loading import Intake, Key, load_batch
from shopkeeper.flows.fulfilment.intake.batches.new import write_new_orders
from shopkeeper.flows.fulfilment.intake.batches.newer import apply_newer_versions
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.flows.products.stock.commands.lock_balances import LockBalances, lock_balances
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, refused, unchanged


@command(clause="O1.1", permission=Permission.ORDER_TAKE_IN, scope=InShop())
def take_in_orders(step: Step, items: Sequence[ReceivedOrder]) -> list[Outcome]:
    """Take in a batch of platform orders: new ones are made, newer versions applied, the rest is unchanged.

    Paid orders are judged and stock is promised; findings become holds. Under the policy `continuous`, clean
    orders go on to the warehouse at once. Refused are only orders that cannot be kept at all.
    """
    problems = [rules.unreadable(order) for order in items]
    newest = _newest_versions([order for order, code in zip(items, problems, strict=True) if code is None])
    existing = {
        (row.shop_id, row.platform_no): row
        for row in sql.LOCK_EXISTING.rows(shops=[shop for shop, _ in newest], numbers=[number for _, number in newest])
    }
    wanted = {key: order for key, order in newest.items() if key not in existing or _is_newer(order, existing[key])}
    answers: dict[Key, Outcome] = {}
    if wanted:
        intake = load_batch(step, list(wanted.values()))
        newer = [(existing[key], order) for key, order in wanted.items() if key in existing]
        if newer:
            _lock_stock(intake, wanted, existing)
        fresh = {key: order for key, order in wanted.items() if key not in existing}
        answers |= write_new_orders(intake, list(fresh.values()))
        answers |= apply_newer_versions(intake, newer)
    return [
        refused(code) if code else _answer(order, newest, existing, answers)
        for order, code in zip(items, problems, strict=True)
    ]


def _lock_stock(intake: Intake, wanted: Mapping[Key, ReceivedOrder], existing: Mapping[Key, sql.ExistingRow]) -> None:
    """New orders, orders called back and orders judged anew ask for stock one after the other, each in its own
    order of SKUs: the turn at all of it is taken before."""
    places = set()
    for key, order in wanted.items():
        was = existing.get(key)
        warehouse_id = was.warehouse_id if was and was.warehouse_id else intake.warehouses.get(order.shop_id)
        skus = {intake.skus[line.outer_code].id for line in order.lines if line.outer_code in intake.skus}
        places |= {(sku_id, warehouse_id) for sku_id in skus if warehouse_id is not None}
    orders = tuple(sorted(row.id for row in existing.values()))
    lock_balances.within(intake.step, [LockBalances(orders, tuple(sorted(places)))])


def _is_newer(order: ReceivedOrder, known: sql.ExistingRow) -> bool:
    if known.modified_at != order.modified_at:
        return known.modified_at < order.modified_at
    return rules.is_further(order, our_state=known.state, refund_state=known.refund_state)


def _newest_versions(orders: Sequence[ReceivedOrder]) -> dict[Key, ReceivedOrder]:
    """One version per order, the newest; sorted by key, so that rows are always locked in one order."""
    newest: dict[Key, ReceivedOrder] = {}
    for order in orders:
        key = (order.shop_id, order.platform_no)
        if key not in newest or rules.version_of(newest[key]) < rules.version_of(order):
            newest[key] = order
    return dict(sorted(newest.items()))


def _answer(
    order: ReceivedOrder,
    newest: Mapping[Key, ReceivedOrder],
    existing: Mapping[Key, sql.ExistingRow],
    answers: dict[Key, Outcome],
) -> Outcome:
    """The outcome for one item; only the version that was written counts as done."""
    key = (order.shop_id, order.platform_no)
    if newest[key] is order and key in answers:
        return answers[key]
    known = existing.get(key)
    written = answers.get(key)
    return unchanged(known.id if known else (written.id if written else None))

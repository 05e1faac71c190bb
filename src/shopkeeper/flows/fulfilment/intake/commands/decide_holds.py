"""O1.3: a person decides an order's exceptions: passes them, or cancels the order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.batches.holding import let_go_on
from shopkeeper.flows.fulfilment.intake.events import HoldDecided
from shopkeeper.flows.fulfilment.intake.holds import NEEDS_REASON, NEVER_PASSED, SET_BY_WISHES, WISH
from shopkeeper.flows.fulfilment.intake.models import Hold
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.ports import order_wishes
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

ALL = "*"
GONE = ("hold_not_open", "wrong_state")  # what was passed before and has gone on is no error


@dataclass(frozen=True, slots=True)
class DecideHold:
    """Pass one open hold of an order, or with code '*' all that may be passed."""

    order_id: int
    code: str = ALL
    reason: str = ""


@command(clause="O1.3", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_order", "order_id"))
def decide_holds(step: Step, items: Sequence[DecideHold]) -> list[Outcome]:
    """Pass holds. Refused: wrong_state, hold_not_open, hold_must_vanish, change_under_way while a change that the
    customer asked for is carried out: the goods would go to the old address; reason_needed, too, where such a change
    came to nothing.

    An order that is clean afterwards waits for its session's confirmation, or goes on under `continuous`.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    wished = [i for i, row in rows.items() if SET_BY_WISHES.intersection(row.open_holds)]
    changing = order_wishes().under_way(wished) if wished else set()
    unmet = _unmet(wished)
    refusals = [_refusal(item, rows[item.order_id], changing, unmet) for item in items]
    before = _passed_before([item.order_id for item, code in zip(items, refusals, strict=True) if code in GONE])
    passed = [
        (item.order_id, code, item.reason)
        for item, refusal in zip(items, refusals, strict=True)
        if refusal is None
        for code in rows[item.order_id].open_holds
        if code not in NEVER_PASSED and item.code in (ALL, code)
    ]
    if passed:
        _write(step, passed, rows)
    return [
        done(item.order_id)
        if refusal is None
        else unchanged(item.order_id)
        if refusal in GONE and (item.order_id, item.code) in before
        else refused(refusal, item.order_id)
        for item, refusal in zip(items, refusals, strict=True)
    ]


def _passed_before(order_ids: Sequence[int]) -> set[tuple[int, str]]:
    """What somebody passed already, each by its code and by '*': asking for it again changes nothing."""
    if not order_ids:
        return set()
    passed = Hold.objects.filter(order_id__in=order_ids, decision="pass").values_list("order_id", "code")
    return {pair for order_id, code in passed for pair in ((order_id, code), (order_id, ALL))}


def _unmet(order_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Holds that a customer's wish has set, by order and code: passed, the order goes out as it was."""
    if not order_ids:
        return set()
    wished = Hold.objects.filter(order_id__in=order_ids, cleared_at=None, facts__has_key=WISH)
    return set(wished.values_list("order_id", "code"))


def _refusal(
    item: DecideHold, row: sql.OrderRow, changing: Collection[int], unmet: Collection[tuple[int, str]]
) -> str | None:
    if row.state != OrderState.TO_CHECK:
        return "wrong_state"
    named = [code for code in row.open_holds if item.code in (ALL, code)]
    if not named:
        return "hold_not_open"
    if all(code in NEVER_PASSED for code in named):
        return "hold_must_vanish"
    if row.id in changing and SET_BY_WISHES.intersection(named):
        return "change_under_way"
    asks_why = any(code in NEEDS_REASON or (row.id, code) in unmet for code in named)
    if asks_why and not item.reason.strip():
        return "reason_needed"
    return None


def _write(step: Step, passed: Sequence[tuple[int, str, str]], rows: dict[int, sql.OrderRow]) -> None:
    hold_sql.DECIDE.run(
        orders=[order_id for order_id, _, _ in passed],
        codes=[code for _, code, _ in passed],
        decisions=["pass"] * len(passed),
        reasons=[reason[:300] for _, _, reason in passed],
        now=step.now,
        actor_id=step.actor.id,
    )
    ids = sorted({order_id for order_id, _, _ in passed})
    left = holds_left(step, ids)
    for order_id in ids:
        codes = tuple(code for i, code, _ in passed if i == order_id)
        step.emit(HoldDecided(order_id, rows[order_id].shop_id, codes, "pass"))
    let_go_on(step, left, rows)

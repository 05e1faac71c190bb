"""O1.3: a SKU that an order waited for exists now: its lines are matched anew, judged and promised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.deciding import holds_left
from shopkeeper.flows.fulfilment.intake.batches.holding import let_go_on, open_holds
from shopkeeper.flows.fulfilment.intake.batches.promising import promise_missing
from shopkeeper.flows.fulfilment.intake.events import HoldDecided, OrderHeld
from shopkeeper.flows.fulfilment.intake.holds import HoldCode
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import holds as hold_sql
from shopkeeper.flows.fulfilment.intake.sql import matching
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies

UNKNOWN = str(HoldCode.UNKNOWN_SKU)
Found = dict[int, list[rules.Finding]]


@dataclass(frozen=True, slots=True)
class MatchOrder:
    order_id: int


@command(clause="O1.3", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_order", "order_id"))
def match_orders(step: Step, items: Sequence[MatchOrder]) -> list[Outcome]:
    """Look again for the SKUs of orders held as unknown_sku. What is found is judged as on arrival and promised.

    An order that is not held so is unchanged. Refused: wrong_state, sku_still_unknown (with the code).
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.order_id for item in items])}
    waiting = [i for i, row in rows.items() if row.state == OrderState.TO_CHECK and UNKNOWN in row.open_holds]
    matched = sorted({row.order_id for row in matching.MATCH_LINES.rows(orders=waiting)})
    missing = {row.order_id: row.outer_code for row in matching.STILL_UNKNOWN.rows(orders=waiting)}
    if matched:
        _follow(step, matched, _findings(step, matched), rows)
    return [_answer(item.order_id, rows[item.order_id], matched, missing) for item in items]


def _answer(order_id: int, row: sql.OrderRow, matched: Sequence[int], missing: Mapping[int, str]) -> Outcome:
    if row.state != OrderState.TO_CHECK:
        return refused("wrong_state", order_id)
    if order_id in matched:
        return done(order_id)
    if order_id in missing:
        return refused("sku_still_unknown", order_id, sku=missing[order_id] or "–")
    return unchanged(order_id)


def _findings(step: Step, order_ids: Sequence[int]) -> Found:
    """What the rules find on the lines now, and what stock lacks for orders that are whole."""
    lines: dict[int, list[matching.JudgedLineRow]] = defaultdict(list)
    for line in matching.LINES_TO_JUDGE.rows(orders=list(order_ids)):
        lines[line.order_id].append(line)
    policy = policies(step)
    found: Found = {}
    for order_id in order_ids:
        known = {
            line.outer_code: rules.KnownSku(line.sku_id, line.is_delisted, line.floor_minor)
            for line in lines[order_id]
            if line.sku_id is not None
        }
        check = rules.CheckPolicy(policy("order_quantity_max", lines[order_id][0].shop_id))
        found[order_id] = rules.judge_lines(lines[order_id], known, check)
    whole = [i for i in order_ids if UNKNOWN not in {finding.code for finding in found[i]}]
    for order_id, facts in promise_missing(step, whole).items():
        found[order_id].append(rules.Finding("short_stock", facts))
    return found


def _follow(step: Step, matched: Sequence[int], found: Found, rows: Mapping[int, sql.OrderRow]) -> None:
    """The old finding is fixed; what is found now is held, the next unknown code anew."""
    hold_sql.DECIDE.rows(
        orders=list(matched),
        codes=[UNKNOWN] * len(matched),
        decisions=["fixed"] * len(matched),
        reasons=[""] * len(matched),
        now=step.now,
        actor_id=step.actor.id,
    )
    open_holds(step, [(order_id, finding) for order_id in matched for finding in found[order_id]])
    left = holds_left(step, matched)
    for order_id in matched:
        row = rows[order_id]
        if UNKNOWN not in left[order_id]:
            step.emit(HoldDecided(order_id, row.shop_id, (UNKNOWN,), "fixed"))
        fresh = tuple(code for code in left[order_id] if code not in row.open_holds)
        if fresh:
            step.emit(OrderHeld(order_id, row.shop_id, fresh))
    let_go_on(step, left, rows)

"""O1.3: who has to do what about an order's holds, by when: the order desk decides, the product desk makes codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake import deadlines, rules
from shopkeeper.flows.fulfilment.intake.holds import SET_BY_WISHES, SHORTAGES, HoldCode
from shopkeeper.flows.fulfilment.intake.models import order_number
from shopkeeper.flows.fulfilment.intake.ports import order_wishes
from shopkeeper.flows.fulfilment.intake.sql import holds as sql
from shopkeeper.flows.fulfilment.intake.sql import matching
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import Policies, policies

DECIDE, MAKE = deadlines.DECIDE_HOLDS.name, deadlines.MAKE_CODE.name
Duties = dict[tuple[str, int], sql.DutyRow]  # kind, order


@dataclass(frozen=True, slots=True)
class Held:
    """An order and all that holds it now, perhaps nothing; `is_new` where no duty can be set yet."""

    order_id: int
    shop_id: int
    ship_by_at: datetime | None
    codes: Sequence[str]
    is_new: bool = False


def holds_left(step: Step, order_ids: Sequence[int]) -> dict[int, list[str]]:
    """Per order what still holds it, written on the order; what people have to do about that is set anew."""
    rows = sql.REFRESH.rows(orders=list(order_ids))
    arm(step, duties_asked(step, [Held(row.order_id, row.shop_id, row.ship_by_at, row.open_holds) for row in rows]))
    return {row.order_id: row.open_holds for row in rows}


def duties_asked(step: Step, orders: Sequence[Held]) -> list[Arm]:
    """What these orders' holds ask of people, to be armed; what they no longer ask is closed. A duty keeps its time."""
    set_already = _duties_of([order.order_id for order in orders if not order.is_new])
    held = [order for order in orders if order.codes]
    labels = _labels([order.order_id for order in held if HoldCode.UNKNOWN_SKU in order.codes])
    # The next unknown code of an order is the next duty.
    codes_known = [
        order.order_id
        for order in orders
        if (was := set_already.get((MAKE, order.order_id))) and was.label != labels.get(order.order_id)
    ]
    close(
        step,
        deadlines.DECIDE_HOLDS,
        [o.order_id for o in orders if not o.codes and (DECIDE, o.order_id) in set_already],
    )
    close(step, deadlines.MAKE_CODE, codes_known)
    policy = policies(step)
    waits = _waits(held)
    arms = _decisions(step, policy, held, set_already, waits)
    arms += [
        _code(step, policy, order, labels[order.order_id])
        for order in held
        if order.order_id in labels and (order.order_id in codes_known or (MAKE, order.order_id) not in set_already)
    ]
    return arms


def _duties_of(order_ids: Sequence[int]) -> Duties:
    if not order_ids:
        return {}
    rows = sql.DUTIES.rows(kinds=[DECIDE, MAKE], orders=list(order_ids))
    return {(row.kind, row.order_id): row for row in rows}


@dataclass(frozen=True, slots=True)
class Waits:
    """Until when others are at work on orders: a change of theirs is made, their buyers are asked; and what people
    put off: the buyer waits for goods, somebody keeps the order back."""

    changed_by: Mapping[int, datetime]
    answered_by: Mapping[int, datetime]
    put_off: Mapping[int, sql.PutOffRow]


def _waits(held: Sequence[Held]) -> Waits:
    """What customer service is doing about orders that are held; nothing yet about those that have just come in."""
    known = [order for order in held if not order.is_new]
    wished = [order.order_id for order in known if SET_BY_WISHES.intersection(order.codes)]
    wishes = [wish for wish in order_wishes().newest(wished).values() if wish.is_under_way] if wished else []
    asked = order_wishes().asked([order.order_id for order in known]) if known else {}
    cancelling = {wish.order_id: wish.due_at for wish in wishes if wish.kind == "cancel"}
    return Waits({wish.order_id: wish.due_at for wish in wishes}, {**asked, **cancelling}, _put_off_of(known))


def _put_off_of(held: Sequence[Held]) -> dict[int, sql.PutOffRow]:
    """What people wrote into these orders' holds; asked only for holds that may say it."""
    saying = {HoldCode.BY_HAND, *SHORTAGES}
    ids = [order.order_id for order in held if saying.intersection(order.codes)]
    rows = sql.PUT_OFF.rows(orders=ids, shortages=list(SHORTAGES)) if ids else []
    return {row.order_id: row for row in rows}


def _labels(order_ids: Sequence[int]) -> dict[int, str]:
    """The code that is to be made for each order, with the order's number."""
    if not order_ids:
        return {}
    rows = matching.STILL_UNKNOWN.rows(orders=list(order_ids))
    return {row.order_id: f"{row.outer_code} {order_number(row.order_id)}".strip() for row in rows}


def _decisions(step: Step, policy: Policies, held: Sequence[Held], set_already: Duties, waits: Waits) -> list[Arm]:
    """What is to be decided by when. One that was overdue and is put off is on record as late before it waits anew."""
    arms, late = [], []
    for order in held:
        was = set_already.get((DECIDE, order.order_id))
        by = _decide_by(step, policy, order, was, waits)
        if was and by.is_put_off and was.due_at <= step.now:
            late.append(order.order_id)
        label = order_number(order.order_id)
        arms.append(Arm(deadlines.DECIDE_HOLDS, order.order_id, by.due_at, order.shop_id, None, label, by.opens_at))
    close(step, deadlines.DECIDE_HOLDS, late)
    return arms


def _decide_by(step: Step, policy: Policies, order: Held, was: sql.DutyRow | None, waits: Waits) -> rules.DecideBy:
    put_off = waits.put_off.get(order.order_id)
    return rules.decide_by(
        order.codes,
        step.now,
        ship_by_at=order.ship_by_at,
        decision=timedelta(hours=policy("hold_decision_hours", order.shop_id)),
        wait=timedelta(hours=policy("hold_wait_hours", order.shop_id)),
        held_since=was.armed_at if was else None,
        was=was.due_at if was else None,
        changed_by=waits.changed_by.get(order.order_id),
        answered_by=waits.answered_by.get(order.order_id),
        agreed_until=put_off.agreed_until if put_off else None,
        is_kept=bool(put_off and put_off.kept),
    )


def _code(step: Step, policy: Policies, order: Held, label: str) -> Arm:
    due_at = step.now + timedelta(hours=policy("hold_decision_hours", order.shop_id))
    return Arm(deadlines.MAKE_CODE, order.order_id, due_at, order.shop_id, None, label)

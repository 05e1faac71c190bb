"""Cleaning at work: verdicts are entered, and the marks that rows are written with. Shared by the commands of D1."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shopkeeper.flows.analytics.lake.deadlines import CLEANING_CONFIRM
from shopkeeper.flows.analytics.lake.events import RowsSetAside
from shopkeeper.flows.analytics.lake.queries.rows import OrdersRead, buyer_of
from shopkeeper.flows.analytics.lake.rules.cleaning import Limits, OrderLook, TrafficKey, Verdict, judge_orders
from shopkeeper.flows.analytics.lake.rules.times import day_on
from shopkeeper.flows.analytics.lake.sql import cleaning as sql
from shopkeeper.flows.analytics.lake.states import CERTAIN, CleaningRule, SetAsideState, SourceKind, Subject
from shopkeeper.flows.fulfilment.intake.queries.facts import OrderFact, bursts
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict on its way into the record."""

    shop_id: int
    key: str
    rule: CleaningRule
    biz_date: date
    row_count: int
    amount_minor: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def state(self) -> SetAsideState:
        return SetAsideState.CONFIRMED if self.rule in CERTAIN else SetAsideState.SUSPECTED


def known_sources(kind: SourceKind) -> frozenset[str]:
    """Buyers or visitors that are listed as ours."""
    return frozenset(row.key for row in sql.SOURCES.rows() if row.kind == kind)


def judge(step: Step, read: OrdersRead) -> dict[int, str]:
    """Judge orders, enter what is found; the marks these orders are to be written with."""
    if not read.orders:
        return {}
    limits = _limits(step)
    together = bursts([order.id for order in read.orders], limits.repeat_minutes, limits.repeat_orders)
    looks = [_look(order, read.pieces(order.id), together.get(order.id, 1)) for order in read.orders]
    orders = {order.id: order for order in read.orders}
    verdicts = judge_orders(looks, limits, known_sources(SourceKind.TEST_BUYER))
    enter(step, Subject.ORDERS, [found_order(orders[verdict.order_id], verdict) for verdict in verdicts])
    keys = {str(order.id): order.id for order in read.orders}
    return {keys[key]: rule for key, rule in marks(Subject.ORDERS, keys).items()}


def widened(step: Step, ids: set[int]) -> set[int]:
    """These orders, and the earlier ones of a burst that one of them completes."""
    if not ids:
        return ids
    limits = _limits(step)
    return ids.union(bursts(ids, limits.repeat_minutes, limits.repeat_orders))


def _limits(step: Step) -> Limits:
    policy = policies(step)
    return Limits(
        most_paid_minor=policy("cleaning_most_paid_minor"),
        most_pieces=policy("cleaning_most_pieces"),
        repeat_orders=policy("cleaning_repeat_orders"),
        repeat_minutes=policy("cleaning_repeat_minutes"),
    )


def _look(order: OrderFact, pieces: int, together: int) -> OrderLook:
    return OrderLook(
        id=order.id,
        buyer=buyer_of(order.subject_id),
        is_suspected_test=order.is_suspected_test,
        currency=order.currency,
        shop_currency=order.shop_currency,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        paid_minor=order.paid_minor,
        goods_minor=order.goods_minor,
        discount_minor=order.discount_minor,
        freight_minor=order.freight_minor,
        pieces=pieces,
        together=together,
    )


def found_order(order: OrderFact, verdict: Verdict, reason: str = "") -> Found:
    """A verdict on one order, with what it takes out of the day's figures."""
    day = day_on(order.paid_at or order.placed_at, order.zone)
    amount = order.paid_minor if order.paid_at else 0
    return Found(order.shop_id, str(order.id), verdict.rule, day, 1, amount, verdict.facts, reason)


def marks(subject: Subject, keys: Iterable[str]) -> dict[str, str]:
    """The rule that holds each of these keys out of the figures; keys that count are left out."""
    rows = sql.MARKS.rows(subject=str(subject), keys=list(keys))
    return {row.key: row.rule for row in rows if row.state != SetAsideState.PUT_BACK}


def count_traffic(step: Step, counted: Mapping[TrafficKey, int]) -> dict[str, str]:
    """Enter what was found in traffic, or count it up; the marks by key, without those that were put back."""
    if not counted:
        return {}
    rows = [{"key": str(key), "row_count": n} for key, n in counted.items()]
    fresh = [Found(key.shop_id, str(key), key.rule, key.day, 0) for key in counted]
    enter(step, Subject.TRAFFIC, fresh)
    sql.COUNT_UP.run(subject=str(Subject.TRAFFIC), rows=as_json(rows))
    return marks(Subject.TRAFFIC, [str(key) for key in counted])


def enter(step: Step, subject: Subject, found: Sequence[Found]) -> list[sql.EnteredRow]:
    """Enter verdicts that are not on record yet; suspicions get their day, and the day its deadline."""
    if not found:
        return []
    known = {row.key for row in sql.MARKS.rows(subject=str(subject), keys=[one.key for one in found])}
    fresh = list({one.key: one for one in found if one.key not in known}.values())
    if not fresh:
        return []
    days = open_days(step, {one.shop_id for one in fresh if one.state == SetAsideState.SUSPECTED})
    rows = [
        {
            "shop_id": one.shop_id,
            "key": one.key,
            "rule": one.rule,
            "state": one.state,
            "biz_date": one.biz_date,
            "row_count": one.row_count,
            "amount_minor": one.amount_minor,
            "facts": one.facts,
            "day_id": days[one.shop_id] if one.state == SetAsideState.SUSPECTED else None,
            "reason": one.reason,
        }
        for one in fresh
    ]
    entered = sql.ENTER.rows(subject=str(subject), now=step.now, actor=step.actor.id, rows=as_json(rows))
    step.emit(*(RowsSetAside(row.id, row.shop_id, str(subject), row.key, row.rule) for row in entered))
    return entered


def open_days(step: Step, shops: Collection[int]) -> dict[int, int]:
    """Today's cleaning day of each shop, with the deadline by which what is suspected in it is to be decided."""
    if not shops:
        return {}
    policy, today = policies(step), day_of(step.now)
    rows = [
        {
            "shop_id": shop,
            "day": today,
            "due_at": step.now + timedelta(hours=policy("cleaning_confirm_hours", shop)),
        }
        for shop in sorted(shops)
    ]
    opened = sql.OPEN_DAYS.rows(now=step.now, days=as_json(rows))
    due = sql.DUE_DAYS.rows(ids=[row.id for row in opened])
    arm(step, [Arm(CLEANING_CONFIRM, d.id, d.due_at, d.shop_id, None, f"{d.shop} {d.day.isoformat()}") for d in due])
    return {row.shop_id: row.id for row in opened}


def close_decided(step: Step, days: Collection[int]) -> None:
    """End the deadline of days about which nothing is left to decide."""
    decided = sql.DECIDED_DAYS.rows(ids=sorted(days)) if days else []
    close(step, CLEANING_CONFIRM, [row.id for row in decided])

"""How orders are booked: facts loaded once, judged, entries written. Shared by the commands of settlement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shopkeeper.flows.fulfilment.settlement.commands.day_duties import have_days_signed
from shopkeeper.flows.fulfilment.settlement.commands.days import days_of_books
from shopkeeper.flows.fulfilment.settlement.deadlines import SETTLEMENT
from shopkeeper.flows.fulfilment.settlement.events import OrderSettled, RefundBooked, SettlementDoubted
from shopkeeper.flows.fulfilment.settlement.queries.trial import facts_of, lines_of, rates_of
from shopkeeper.flows.fulfilment.settlement.rules import (
    Approval,
    Books,
    Entry,
    Rates,
    books_of,
    doubt_of,
    refund_entries,
)
from shopkeeper.flows.fulfilment.settlement.sql import books as sql
from shopkeeper.flows.fulfilment.settlement.states import (
    SETTLEMENT_FLOW,
    Account,
    PostingKind,
    SettlementState,
)
from shopkeeper.foundation.commands import Step
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class Wish:
    """Settle this order; with an approval where a person decided about it."""

    order_id: int
    approval: Approval | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Posting:
    """Entries of one settlement or refund, ready to be written."""

    settlement_id: int
    shop_id: int
    currency: str
    booked_on: date
    entries: tuple[Entry, ...]
    kind: PostingKind = PostingKind.SETTLEMENT
    refund_id: int = 0


@dataclass(frozen=True, slots=True)
class Booked:
    """An order whose books can be written now."""

    row: sql.OrderRow
    books: Books
    rates: Rates
    reason: str

    @property
    def settlement_id(self) -> int:
        assert self.row.settlement_id is not None
        return self.row.settlement_id


def settle(step: Step, wishes: Sequence[Wish]) -> list[Outcome]:
    """Judge and book; the answers are aligned with the wishes. Thirteen statements however many orders."""
    orders = sorted({wish.order_id for wish in wishes})
    if not orders:
        return []
    sql.LOCK_ORDERS.run(orders=orders)
    rows = {row.id: row for row in sql.ORDERS.rows(orders=orders)}
    lines = lines_of(orders)
    booked: dict[int, Booked] = {}
    doubts: dict[int, str] = {}
    answers: dict[int, Outcome] = {}
    for wish in wishes:
        row = rows[wish.order_id]
        if wish.order_id in booked or row.settlement_state == SettlementState.SETTLED:
            answers.setdefault(wish.order_id, unchanged(wish.order_id, settlement_id=row.settlement_id))
            continue
        if row.settlement_id is None:
            answers[wish.order_id] = refused("not_completed", wish.order_id)
            continue
        facts, rates = facts_of(row, lines.get(row.id, ())), rates_of(policies(step), row.shop_id)
        doubt = doubt_of(facts, rates)
        if doubt and (wish.approval is None or wish.approval.code != doubt):
            doubts[row.id] = doubt
            code = doubt if wish.approval is None else "doubt_changed"
            answers[row.id] = refused(code, row.id, settlement_id=row.settlement_id)
            continue
        approval = wish.approval if doubt else None
        booked[row.id] = Booked(row, books_of(facts, rates, approval), rates, wish.reason if doubt else "")
        answers[row.id] = done(row.id, settlement_id=row.settlement_id)
    _write(step, list(booked.values()))
    _record_doubts(step, [(rows[id_], doubt) for id_, doubt in doubts.items()])
    return _aligned(wishes, answers)


def _aligned(wishes: Sequence[Wish], answers: dict[int, Outcome]) -> list[Outcome]:
    """One answer per wish; an order wished for twice is done once."""
    told: set[int] = set()
    outcomes = []
    for wish in wishes:
        answer = answers[wish.order_id]
        outcomes.append(unchanged(wish.order_id) if answer.changed and wish.order_id in told else answer)
        told.add(wish.order_id)
    return outcomes


def _write(step: Step, booked: Sequence[Booked]) -> None:
    """Figures, state, entries, refunds that waited, deadlines, announcements."""
    if not booked:
        return
    by_shop = days_of_books(step, ((order.row.shop_id, order.row.zone) for order in booked))
    days = [by_shop[order.row.shop_id] for order in booked]
    goods_paid = [max(order.row.paid_minor - order.row.freight_minor, 0) for order in booked]
    sql.WRITE_FIGURES.run(
        now=step.now,
        actor_id=step.actor.id,
        ids=[order.settlement_id for order in booked],
        days=days,
        basis_points=[order.rates.commission_basis_points for order in booked],
        goods_paid=goods_paid,
        income=[order.books.income_minor for order in booked],
        commission=[order.books.commission_minor for order in booked],
        cost=[order.books.cost_minor for order in booked],
        receivable=[order.books.receivable_minor for order in booked],
        reasons=[order.reason for order in booked],
    )
    step.move(SETTLEMENT_FLOW, [order.settlement_id for order in booked], SettlementState.SETTLED)
    write_postings(
        step,
        [
            Posting(order.settlement_id, order.row.shop_id, order.row.currency, day, order.books.entries)
            for order, day in zip(booked, days, strict=True)
        ],
    )
    book_waiting_refunds(
        step,
        [
            Settled(order.row, order.settlement_id, paid, order.rates.commission_basis_points, 0)
            for order, paid in zip(booked, goods_paid, strict=True)
        ],
    )
    close(step, SETTLEMENT, [order.settlement_id for order in booked], Ending.DONE)
    step.emit(
        *(
            OrderSettled(
                order.row.id,
                order.row.shop_id,
                order.settlement_id,
                order.row.currency,
                order.books.receivable_minor,
                order.books.margin_minor,
            )
            for order in booked
        )
    )


def _record_doubts(step: Step, doubted: Sequence[tuple[sql.OrderRow, str]]) -> None:
    """Put the reason on the settlement; it stays due. Announced once per reason."""
    fresh = [(row, doubt) for row, doubt in doubted if row.doubt != doubt]
    if not fresh:
        return
    ids = [row.settlement_id for row, _ in fresh if row.settlement_id]
    sql.WRITE_DOUBTS.run(ids=ids, doubts=[doubt for _, doubt in fresh])
    step.move(SETTLEMENT_FLOW, ids, SettlementState.REVIEW)
    step.emit(*(SettlementDoubted(row.id, row.shop_id, row.settlement_id or 0, doubt) for row, doubt in fresh))


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled order to which refunds may be booked."""

    row: sql.OrderRow
    settlement_id: int
    goods_paid_minor: int
    commission_basis_points: int
    refunded_minor: int


def book_waiting_refunds(step: Step, orders: Sequence[Settled]) -> set[int]:
    """Book what waits of refunds of settled orders, each by entries of its own; the ids of those orders."""
    by_order = {order.row.id: order for order in orders}
    waiting = sql.UNBOOKED_REFUNDS.rows(orders=sorted(by_order))
    if not waiting:
        return set()
    days = days_of_books(step, ((order.row.shop_id, order.row.zone) for order in orders))
    refunded = {order.row.id: order.refunded_minor for order in orders}
    sums: dict[int, tuple[int, int]] = {}
    postings = []
    for refund in waiting:
        order = by_order[refund.order_id]
        entries = refund_entries(
            refund.refund_minor,
            refunded_before_minor=refunded[refund.order_id],
            goods_paid_minor=order.goods_paid_minor,
            basis_points=order.commission_basis_points,
        )
        refunded[refund.order_id] += refund.refund_minor
        back = -sum(e.amount_minor for e in entries if e.account == Account.PLATFORM_COMMISSION)
        total, given_back = sums.get(order.settlement_id, (0, 0))
        sums[order.settlement_id] = (total + refund.refund_minor, given_back + back)
        row, kind = order.row, PostingKind.REFUND
        day = days[row.shop_id]
        postings.append(Posting(order.settlement_id, row.shop_id, row.currency, day, entries, kind, refund.id))
        step.emit(RefundBooked(refund.order_id, row.shop_id, order.settlement_id, refund.refund_minor))
    write_postings(step, postings)
    sql.BOOK_REFUNDS.run(ids=[refund.id for refund in waiting], now=step.now)
    sql.ADD_REFUNDS.run(
        ids=list(sums),
        refunds=[total for total, _ in sums.values()],
        backs=[back for _, back in sums.values()],
    )
    return {refund.order_id for refund in waiting}


def write_postings(step: Step, postings: Sequence[Posting]) -> None:
    """Write the entries of all postings in one statement; the database refuses what does not balance."""
    given = [(posting, entry) for posting in postings for entry in posting.entries]
    if given:
        sql.WRITE_ENTRIES.run(
            now=step.now,
            actor_id=step.actor.id,
            settlements=[posting.settlement_id for posting, _ in given],
            shops=[posting.shop_id for posting, _ in given],
            kinds=[str(posting.kind) for posting, _ in given],
            refunds=[posting.refund_id for posting, _ in given],
            lines=[entry.order_line_id for _, entry in given],
            accounts=[str(entry.account) for _, entry in given],
            currencies=[posting.currency for posting, _ in given],
            amounts=[entry.amount_minor for _, entry in given],
            days=[posting.booked_on for posting, _ in given],
        )
        have_days_signed(step, {posting.shop_id: posting.booked_on for posting, _ in given})

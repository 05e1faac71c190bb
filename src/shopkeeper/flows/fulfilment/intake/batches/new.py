"""O1.1/O1.3: orders seen for the first time: judged, stock promised, written in their final state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.fulfilment.intake import records, rules
from shopkeeper.flows.fulfilment.intake.batches.deciding import Held, duties_asked
from shopkeeper.flows.fulfilment.intake.batches.following import arm_order_deadlines, release_if_continuous
from shopkeeper.flows.fulfilment.intake.batches.loading import Intake, Key, count_as_repeats
from shopkeeper.flows.fulfilment.intake.events import OrderTakenIn
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.products.stock.commands.promise_stock import PromiseLine, promise_stock
from shopkeeper.foundation.commands import Collided
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done

FIRST_STATE: dict[str, OrderState] = {
    "unpaid": OrderState.UNPAID,
    "held_by_platform": OrderState.TO_CHECK,
    "to_ship": OrderState.TO_CHECK,
    "part_shipped": OrderState.TO_CHECK,
    "shipped": OrderState.SHIPPED,  # sent by somebody else before we knew of it
    "done": OrderState.COMPLETED,
    "closed": OrderState.CANCELLED,
}


@dataclass(slots=True)
class Draft:
    """One new order on its way into the tables."""

    order: ReceivedOrder
    row: dict[str, Any]
    line_ids: Sequence[int]
    findings: list[rules.Finding] = field(default_factory=list)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(finding.code for finding in self.findings)


def write_new_orders(intake: Intake, orders: Sequence[ReceivedOrder]) -> dict[Key, Outcome]:
    """Write orders that are not there yet; answers by (shop, platform number)."""
    if not orders:
        return {}
    drafts = _draft(intake, orders)
    to_check = [draft for draft in drafts if draft.row["state"] == OrderState.TO_CHECK]
    count_as_repeats(intake, [draft.row for draft in to_check])
    for draft in to_check:
        draft.findings = intake.judge(draft.order, draft.row)
    _promise(intake, to_check)
    _insert(intake, drafts)
    intake.step.emit(
        *(OrderTakenIn(draft.row["id"], draft.order.shop_id, draft.row["state"], draft.codes) for draft in drafts)
    )
    duties = duties_asked(intake.step, [_held(draft) for draft in to_check])
    arm_order_deadlines(intake.step, intake.policy, [(draft.row, draft.codes) for draft in to_check], duties)
    release_if_continuous(intake.step, intake.policy, [(draft.row, draft.codes) for draft in to_check])
    return {(d.order.shop_id, d.order.platform_no): done(d.row["id"], holds=list(d.codes)) for d in drafts}


def _held(draft: Draft) -> Held:
    row = draft.row
    return Held(row["id"], row["shop_id"], row["ship_by_at"], draft.codes, is_new=True)


def _draft(intake: Intake, orders: Sequence[ReceivedOrder]) -> list[Draft]:
    """Give ids and turn each order into its row; ids are drawn first, so that promises can name lines."""
    drawn = sql.NEW_IDS.first(orders=len(orders), lines=sum(len(order.lines) for order in orders))
    assert drawn is not None
    line_ids = iter(drawn.lines)
    drafts = []
    for order_id, order in zip(drawn.orders, orders, strict=True):
        state = FIRST_STATE[order.state]
        if state not in (OrderState.UNPAID, OrderState.CANCELLED) and order.paid_at is None:
            state = OrderState.UNPAID  # the platform says paid but not when: wait for the next version
        row = records.order_row(
            order,
            id=order_id,
            state=state,
            warehouse_id=intake.warehouses.get(order.shop_id),
            keys=intake.keys,
            place=intake.places[order.shop_id, order.platform_no],
        )
        drafts.append(Draft(order, row, [next(line_ids) for _ in order.lines]))
    return drafts


def _promise(intake: Intake, drafts: Sequence[Draft]) -> None:
    """Promise stock, first paid first served; who goes empty-handed is held as short."""
    wishes: list[tuple[Draft, PromiseLine]] = []
    for draft in sorted(drafts, key=lambda draft: (draft.order.paid_at, draft.row["id"])):
        if {"unknown_sku", "no_lines"} & set(draft.codes) or draft.row["warehouse_id"] is None:
            continue
        if any(line.quantity < 1 for line in draft.order.lines):
            continue
        wishes += [(draft, wish) for wish in promise_lines(intake, draft)]
    answers = promise_stock.within(intake.step, [wish for _, wish in wishes])
    for (draft, wish), answer in zip(wishes, answers, strict=True):
        if not answer.ok and "short_stock" not in draft.codes:
            facts = {"sku_id": wish.sku_id, "wanted": wish.quantity, "available": answer.facts["available"]}
            draft.findings.append(rules.Finding("short_stock", facts))


def promise_lines(intake: Intake, draft: Draft) -> list[PromiseLine]:
    """What an order wants promised, line by line."""
    return [
        PromiseLine(line_id, draft.row["id"], sku.id, draft.row["warehouse_id"], line.quantity)
        for line_id, line in zip(draft.line_ids, draft.order.lines, strict=True)
        if (sku := intake.skus.get(line.outer_code)) is not None and line.refund_state != "refunded"
    ]


def _insert(intake: Intake, drafts: Sequence[Draft]) -> None:
    lines = [(draft.row["id"], draft.order, draft.line_ids) for draft in drafts]
    given = [{**draft.row, "open_holds": draft.codes, "raw_sealed": _sealed(intake, draft.order)} for draft in drafts]
    found = [
        {"order_id": draft.row["id"], "code": finding.code, "facts": finding.facts}
        for draft in drafts
        for finding in draft.findings
    ]
    written = sql.WRITE_NEW.rows(
        orders=as_json(given),
        lines=as_json(records.line_rows(lines, intake.skus)),
        holds=as_json(found),
        is_history=False,
        now=intake.step.now,
    )
    if len(written) != len(drafts):
        raise Collided("an order was taken in by somebody else at the same moment")


def _sealed(intake: Intake, order: ReceivedOrder) -> bytes:
    return intake.keys.seal(records.subject_reference(order), order.raw)


def keep_messages(intake: Intake, orders: Sequence[tuple[int, ReceivedOrder]]) -> None:
    """Keep the originals, sealed under the buyer's key."""
    references = [records.subject_reference(order) for _, order in orders]
    sql.KEEP_MESSAGES.run(
        orders=[order_id for order_id, _ in orders],
        shops=[order.shop_id for _, order in orders],
        numbers=[order.platform_no for _, order in orders],
        modified=[order.modified_at for _, order in orders],
        subjects=[intake.keys.id_of(reference) for reference in references],
        raws=[intake.keys.seal(reference, order.raw) for reference, (_, order) in zip(references, orders, strict=True)],
        now=intake.step.now,
    )

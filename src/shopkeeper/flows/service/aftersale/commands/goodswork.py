"""How goods go to the buyer again (exchange, reissue) and how a return is awaited."""

from collections.abc import Sequence
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake.commands.order_again import OrderAgain, PieceAgain, order_again
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.events import ReplacementOrdered, ReturnAwaited
from shopkeeper.flows.service.aftersale.models import Offer, Replacement, ReturnParcel, case_number
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.sql import cases as sql
from shopkeeper.flows.service.aftersale.states import CASE_FLOW, CaseState, PlatformRefundState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


def order_replacements(step: Step, agreed: Sequence[tuple[JudgedCase, Offer]]) -> dict[int, Outcome]:
    """New orders without money, one per case; what was refused says why."""
    if not agreed:
        return {}
    wanted = [
        OrderAgain(judged.row.order_id, case_number(judged.row.id), _pieces(judged, offer)) for judged, offer in agreed
    ]
    outcomes = dict(zip([judged.row.id for judged, _ in agreed], order_again.within(step, wanted), strict=True))
    made = [(judged.row, offer, outcomes[judged.row.id]) for judged, offer in agreed if outcomes[judged.row.id].changed]
    Replacement.objects.bulk_create(
        [Replacement(case_id=row.id, order_id=outcome.id or 0, made_at=step.now) for row, _, outcome in made]
    )
    step.emit(
        *(
            ReplacementOrdered(row.id, row.order_id, row.shop_id, outcome.id or 0, offer.solution)
            for row, offer, outcome in made
        )
    )
    return outcomes


def _pieces(judged: JudgedCase, offer: Offer) -> tuple[PieceAgain, ...]:
    """The pieces of the case; in an exchange of one line, those of the other SKU that was agreed."""
    sku = Sku.objects.filter(id=offer.exchange_sku_id).first() if offer.exchange_sku_id else None
    if sku is not None:
        return (PieceAgain(sku.code, sku.name, sku.spec, sum(line.quantity for line in judged.lines)),)
    return tuple(PieceAgain(line.sku_code, line.title, line.spec, line.quantity) for line in judged.lines)


def await_returns(step: Step, rows: Sequence[sql.CaseRow]) -> None:
    """The buyer is to send the goods back; where the platform asks, it is told that we agree to that."""
    rows = [row for row in rows if row.warehouse_id]
    if not rows:
        return
    parcels = ReturnParcel.objects.bulk_create(
        [
            ReturnParcel(
                case_id=row.id,
                shop_id=row.shop_id,
                warehouse_id=row.warehouse_id or 0,
                state_at=step.now,
                made_at=step.now,
            )
            for row in rows
        ]
    )
    step.move(CASE_FLOW, [row.id for row in rows], CaseState.RETURN_AWAITED)
    days = policies(step)
    arm(
        step,
        [
            Arm(
                deadlines.RETURN,
                row.id,
                step.now + timedelta(days=days("aftersale_return_days", row.shop_id)),
                shop_id=row.shop_id,
                label=case_number(row.id),
            )
            for row in rows
        ],
    )
    step.emit(*(ReturnAwaited(parcel.pk, row.id, row.shop_id) for parcel, row in zip(parcels, rows, strict=True)))
    step.errand(
        *(
            Errand("agree_return", row.platform_refund_id, step.now, row.shop_id)
            for row in rows
            if row.platform_refund_id and row.platform_refund_state == PlatformRefundState.ASKED
        )
    )

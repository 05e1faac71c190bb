"""O1.2: in a session the specialist confirms the clean set in one action, then signs the session."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.commands.release_orders import ReleaseOrder, release_orders
from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import SessionState
from shopkeeper.foundation.commands import ITEMS_PER_TRANSACTION, Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ConfirmSession:
    session_id: int


@command(clause="O1.2", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_checksession", "session_id"))
def confirm_session(step: Step, items: Sequence[ConfirmSession]) -> list[Outcome]:
    """Push every clean order of the session's shop to the warehouse, up to a thousand at a time.

    `facts`: released, short, remaining. Refused: session_signed.
    """
    sessions = CheckSession.objects.select_for_update().order_by("id").in_bulk([i.session_id for i in items])
    return [_confirm(step, sessions[item.session_id]) for item in items]


def _confirm(step: Step, session: CheckSession) -> Outcome:
    if session.state != SessionState.OPEN:
        return refused("session_signed", session.pk)
    clean = sql.CLEAN_TO_CHECK.rows(shop_id=session.shop_id, limit=ITEMS_PER_TRANSACTION)
    outcomes = release_orders.within(step, [ReleaseOrder(row.id) for row in clean])
    released = sum(outcome.ok for outcome in outcomes)
    if not clean:
        return unchanged(session.pk, released=0, short=0, remaining=0)
    left = sql.SESSION_COUNTS.first(shop_id=session.shop_id, since=session.opened_at)
    remaining = left.clean if left else 0
    return done(session.pk, released=released, short=len(outcomes) - released, remaining=remaining)

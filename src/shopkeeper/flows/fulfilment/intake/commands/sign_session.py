"""O1.2: whoever checked signs the session; who and when is on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.events import SessionSigned
from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.flows.fulfilment.intake.sql import orders as sql
from shopkeeper.flows.fulfilment.intake.states import SESSION_FLOW, SessionState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close


@dataclass(frozen=True, slots=True)
class SignSession:
    session_id: int


@command(clause="O1.2", permission=Permission.ORDER_CHECK, scope=ShopOf("intake_checksession", "session_id"))
def sign_session(step: Step, items: Sequence[SignSession]) -> list[Outcome]:
    """Sign sessions in which no clean order is left waiting. Refused: session_undecided (with `count`)."""
    sessions = CheckSession.objects.select_for_update().order_by("id").in_bulk([i.session_id for i in items])
    return [_sign(step, sessions[item.session_id]) for item in items]


def _sign(step: Step, session: CheckSession) -> Outcome:
    if session.state == SessionState.SIGNED:
        return unchanged(session.pk)
    counts = sql.SESSION_COUNTS.first(shop_id=session.shop_id, since=session.opened_at)
    assert counts is not None
    if counts.clean:
        return refused("session_undecided", session.pk, count=counts.clean)
    step.move(SESSION_FLOW, [session.pk], SessionState.SIGNED)
    CheckSession.objects.filter(id=session.pk).update(
        signed_at=step.now, signed_by=step.actor.id, released_count=counts.released, held_count=counts.held
    )
    close(step, deadlines.SIGN_SESSION, [session.pk])
    step.emit(SessionSigned(session.pk, session.shop_id, counts.released, counts.held))
    return done(session.pk, released=counts.released, held=counts.held)

"""M1.2: before a message leaves: may this customer still be written to? The address is opened on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.outreach.commands.finishing import finish
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.sql import recipients as sql
from shopkeeper.flows.marketing.outreach.states import (
    RECIPIENT_FLOW,
    ConsentState,
    MailingState,
    NotSentReason,
    RecipientState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.happenings import PersonalDataRevealed
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged

OF_RECIPIENT = ShopOf("outreach_recipient", "recipient_id")
WHY = "send_message"
KIND = "outreach.consent"


@dataclass(frozen=True, slots=True)
class PrepareSending:
    recipient_id: int


@command(clause="M1.2", permission=Permission.DELIVER, scope=OF_RECIPIENT, internal=True)
def prepare_sendings(step: Step, items: Sequence[PrepareSending]) -> list[Outcome]:
    """Done: write to them now; that the system opens the address is on record. Unchanged: not, because they opted
    out, were erased or the mailing was stopped since they were queued (they are skipped with the reason), or because
    it was sent already."""
    ids = sorted({item.recipient_id for item in items})
    mailings = [row.mailing_id for row in sql.MAILINGS_OF.rows(ids=ids)]
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids) if row.state == RecipientState.QUEUED}
    reasons = {id_: reason for id_, row in rows.items() if (reason := _reason(row))}
    skipped = sorted(reasons)
    if skipped:
        sql.NOTE_REASONS.run(ids=skipped, reasons=[str(reasons[id_]) for id_ in skipped])
        step.move(RECIPIENT_FLOW, skipped, RecipientState.SKIPPED)
        finish(step, mailings)
    ready = {id_: row for id_, row in rows.items() if id_ not in reasons}
    step.emit(
        *(PersonalDataRevealed(r.consent_id, KIND, r.shop_id, WHY) for r in ready.values() if r.consent_id is not None)
    )
    return [done(i.recipient_id) if i.recipient_id in ready else unchanged(i.recipient_id) for i in items]


def _reason(row: sql.RecipientRow) -> NotSentReason | None:
    if row.mailing_state != MailingState.SENDING:
        return NotSentReason.STOPPED
    if row.is_erased:
        return NotSentReason.ERASED
    if row.consent_state != ConsentState.GIVEN:
        return NotSentReason.OPTED_OUT
    return None if row.has_address else NotSentReason.NO_ADDRESS

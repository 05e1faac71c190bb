"""What happens when everybody of a mailing has had their turn."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.outreach.commands.book_costs import book_costs_of
from shopkeeper.flows.marketing.outreach.events import MailingSent
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import MAILING_FLOW, MailingState
from shopkeeper.foundation.commands import Step


def finish(step: Step, mailing_ids: Sequence[int]) -> None:
    """End mailings whose members are all judged and whose queue is empty; what they cost is booked. The caller holds
    the mailings."""
    rows = sql.FINISHED.rows(ids=sorted(mailing_ids)) if mailing_ids else []
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.NOTE_ENDED.run(ids=ids, now=step.now)
    step.move(MAILING_FLOW, ids, MailingState.SENT)
    book_costs_of(step, ids)
    step.emit(
        *(MailingSent(r.id, r.shop_id, r.campaign_id, r.accepted, r.failed, r.skipped) for r in rows),
    )

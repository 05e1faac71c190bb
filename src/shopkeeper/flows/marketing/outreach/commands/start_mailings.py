"""M1.2: the time of an approved mailing has come: its recipients are gathered and written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.outreach.commands.stop_mailings import end_stopped
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import OF_MAILING, RUNNING
from shopkeeper.flows.marketing.outreach.deadlines import MAILING_SEND
from shopkeeper.flows.marketing.outreach.events import MailingStarted
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import MAILING_FLOW, MailingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

FILL = "fill_mailing"


@dataclass(frozen=True, slots=True)
class StartMailing:
    mailing_id: int


@command(clause="M1.2", permission=Permission.DELIVER, scope=OF_MAILING, internal=True)
def start_mailings(step: Step, items: Sequence[StartMailing]) -> list[Outcome]:
    """Begin to send what is approved and due. Where the campaign does not run any more, the mailing is stopped with
    that reason. Refused: "mailing_too_early". Anything else is unchanged."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=sorted({r.campaign_id for r in rows.values()}))}
    ready = [row for row in rows.values() if row.state == MailingState.APPROVED and row.planned_at <= step.now]
    running = [row for row in ready if campaigns[row.campaign_id].state in RUNNING]
    over = [row for row in ready if campaigns[row.campaign_id].state not in RUNNING]
    ids = [row.id for row in running]
    if ids:
        sql.NOTE_STARTED.run(ids=ids, now=step.now)
    step.move(MAILING_FLOW, ids, MailingState.SENDING)
    close(step, MAILING_SEND, ids)
    step.errand(*(Errand(FILL, row.id, step.now, row.shop_id) for row in running))
    step.emit(*(MailingStarted(row.id, row.shop_id, row.campaign_id) for row in running))
    end_stopped(step, over, dict.fromkeys((row.id for row in over), "campaign_not_running"))
    outcomes = []
    started = set(ids) | {row.id for row in over}
    for item in items:
        row = rows[item.mailing_id]
        if row.id in started:
            started.discard(row.id)
            outcomes.append(done(row.id))
        elif row.state == MailingState.APPROVED and row.planned_at > step.now:
            outcomes.append(refused("mailing_too_early", row.id))
        else:
            outcomes.append(unchanged(row.id))
    return outcomes

"""M1.2: a mailing is given up, or stopped while it goes out: nobody who has not been written to yet is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.outreach.commands.book_costs import book_costs_of
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import OF_MAILING
from shopkeeper.flows.marketing.outreach.deadlines import MAILING_REVIEW, MAILING_SEND
from shopkeeper.flows.marketing.outreach.events import MailingStopped
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.sql import recipients
from shopkeeper.flows.marketing.outreach.states import (
    ENDED,
    MAILING_FLOW,
    RECIPIENT_FLOW,
    MailingState,
    NotSentReason,
    RecipientState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class StopMailing:
    mailing_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.MAILING_STOP, scope=OF_MAILING)
def stop_mailings(step: Step, items: Sequence[StopMailing]) -> list[Outcome]:
    """Stop mailings, whatever they wait for; what the provider took already cannot be called back and is paid for.

    Refused: "reason_needed", "mailing_over" where everybody has had it. Stopped already: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    outcomes, stopped = [], dict[int, str]()
    for item in items:
        row = rows[item.mailing_id]
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", row.id))
        elif row.state == MailingState.STOPPED or row.id in stopped:
            outcomes.append(unchanged(row.id))
        elif row.state in ENDED:
            outcomes.append(refused("mailing_over", row.id))
        else:
            stopped[row.id] = item.reason.strip()
            outcomes.append(done(row.id))
    end_stopped(step, [rows[id_] for id_ in sorted(stopped)], stopped)
    return outcomes


@dataclass(frozen=True, slots=True)
class StopForCampaign:
    campaign_id: int


@command(
    clause="M1.2",
    permission=Permission.DELIVER,
    scope=ShopOf("campaigns_campaign", "campaign_id"),
    internal=True,
)
def stop_mailings_of_campaigns(step: Step, items: Sequence[StopForCampaign]) -> list[Outcome]:
    """A campaign ended or was cancelled: nobody is written to for it any more. Without open mailings: unchanged."""
    ids = [row.id for row in sql.OF_CAMPAIGNS.rows(campaigns=sorted({item.campaign_id for item in items}))]
    rows = sql.LOCK.rows(ids=ids) if ids else []
    end_stopped(step, rows, dict.fromkeys(ids, "campaign_not_running"))
    left = {row.campaign_id for row in rows}
    outcomes = []
    for item in items:
        outcomes.append(done(item.campaign_id) if item.campaign_id in left else unchanged(item.campaign_id))
        left.discard(item.campaign_id)
    return outcomes


def end_stopped(step: Step, rows: Sequence[sql.MailingRow], reasons: dict[int, str]) -> None:
    """Stop locked mailings and take everybody who waits out of the queue."""
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.NOTE_STOPPED.run(ids=ids, reasons=[reasons[id_] for id_ in ids], now=step.now, actor_id=step.actor.id)
    step.move(MAILING_FLOW, ids, MailingState.STOPPED)
    queued = [row.id for row in recipients.QUEUED_OF.rows(mailings=ids)]
    recipients.NOTE_REASONS.run(ids=queued, reasons=[str(NotSentReason.STOPPED)] * len(queued))
    step.move(RECIPIENT_FLOW, queued, RecipientState.SKIPPED)
    for kind in (MAILING_REVIEW, MAILING_SEND):
        close(step, kind, ids, Ending.CANCELLED)
    book_costs_of(step, [row.id for row in rows if row.units])
    step.emit(*(MailingStopped(row.id, row.shop_id, row.campaign_id, reasons[row.id]) for row in rows))

"""M1.2: another person approves a mailing or returns it; approved, it waits for its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.outreach.commands.submit_mailings import OF_MAILING, not_sendable
from shopkeeper.flows.marketing.outreach.deadlines import MAILING_REVIEW, MAILING_SEND
from shopkeeper.flows.marketing.outreach.events import MailingApproved, MailingReturned
from shopkeeper.flows.marketing.outreach.models import mailing_number
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import ENDED, MAILING_FLOW, MailingState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close


@dataclass(frozen=True, slots=True)
class ApproveMailing:
    mailing_id: int


@command(clause="M1.2", permission=Permission.MAILING_APPROVE, scope=OF_MAILING)
def approve_mailings(step: Step, items: Sequence[ApproveMailing]) -> list[Outcome]:
    """Approve; it goes out at its time, at once where that has passed.

    Refused: "mailing_not_in_review", "own_mailing" for whoever wrote it or handed it in, "campaign_not_running",
    "mailing_after_campaign", "over_message_budget". Approved already: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    ids = sorted({row.campaign_id for row in rows.values()})
    sql.HOLD_MONEY.rows(campaigns=ids)
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=ids)}
    rest = {id_: row.left_minor or 0 for id_, row in campaigns.items()}
    outcomes, approved = [], dict[int, str]()
    for item in items:
        row = rows[item.mailing_id]
        if row.id in approved or row.state in (MailingState.APPROVED, MailingState.SENDING, MailingState.SENT):
            outcomes.append(unchanged(row.id))
            continue
        code = _not_theirs(step, row) or not_sendable(step, row, campaigns[row.campaign_id])
        if not code and (row.estimate_minor or 0) > rest[row.campaign_id]:
            cost, left = (f"{n / 100:.2f}" for n in (row.estimate_minor or 0, rest[row.campaign_id]))
            outcomes.append(refused("over_message_budget", row.id, cost=cost, left=left))
        elif code:
            outcomes.append(refused(code, row.id))
        else:
            approved[row.id] = ""
            rest[row.campaign_id] -= row.estimate_minor or 0
            outcomes.append(done(row.id))
    chosen = [rows[id_] for id_ in sorted(approved)]
    _decide(step, chosen, approved, MailingState.APPROVED)
    arm(
        step,
        [
            Arm(MAILING_SEND, r.id, max(r.planned_at, step.now), r.shop_id, None, f"{mailing_number(r.id)} {r.name}")
            for r in chosen
        ],
    )
    step.emit(*(MailingApproved(row.id, row.shop_id, row.campaign_id) for row in chosen))
    return outcomes


@dataclass(frozen=True, slots=True)
class ReturnMailing:
    mailing_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M1.2", permission=Permission.MAILING_APPROVE, scope=OF_MAILING)
def return_mailings(step: Step, items: Sequence[ReturnMailing]) -> list[Outcome]:
    """Give mailings back to their writer with the reason; they are drafts again.

    Refused: "reason_needed", "mailing_not_in_review", "own_mailing". A draft is unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.mailing_id for item in items}))}
    outcomes, returned = [], dict[int, str]()
    for item in items:
        row = rows[item.mailing_id]
        code = "reason_needed" if not item.reason.strip() else ""
        if not code and (row.state == MailingState.DRAFT or row.id in returned):
            outcomes.append(unchanged(row.id))
            continue
        code = code or _not_theirs(step, row)
        if not code:
            returned[row.id] = item.reason.strip()
        outcomes.append(refused(code, row.id) if code else done(row.id))
    chosen = [rows[id_] for id_ in sorted(returned)]
    _decide(step, chosen, returned, MailingState.DRAFT)
    step.emit(*(MailingReturned(row.id, row.shop_id, returned[row.id]) for row in chosen))
    return outcomes


def _not_theirs(step: Step, row: sql.MailingRow) -> str:
    if row.state != MailingState.IN_REVIEW:
        return "mailing_over" if row.state in ENDED else "mailing_not_in_review"
    return "own_mailing" if step.actor.id in (row.saved_by, row.submitted_by) else ""


def _decide(step: Step, rows: Sequence[sql.MailingRow], reasons: dict[int, str], to: MailingState) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.NOTE_DECIDED.run(ids=ids, reasons=[reasons[id_] for id_ in ids], now=step.now, actor_id=step.actor.id)
    step.move(MAILING_FLOW, ids, to, "returned" if to == MailingState.DRAFT else "")
    close(step, MAILING_REVIEW, ids)

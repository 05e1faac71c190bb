"""M1.2: a mailing is handed in: counted who would get it, then another person looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.outreach.commands.save_mailings import prohibited
from shopkeeper.flows.marketing.outreach.deadlines import MAILING_REVIEW
from shopkeeper.flows.marketing.outreach.events import MailingSubmitted
from shopkeeper.flows.marketing.outreach.models import mailing_number
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.queries.audience import audience
from shopkeeper.flows.marketing.outreach.rules.letters import cost_minor, filled, units_of, values_of
from shopkeeper.flows.marketing.outreach.sql import mailings as sql
from shopkeeper.flows.marketing.outreach.states import MAILING_FLOW, MailingState, OutreachChannel
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.shared.words import listed
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

OF_MAILING = ShopOf("outreach_mailing", "mailing_id")
RUNNING = (CampaignState.APPROVED, CampaignState.LIVE)
PRICES = {OutreachChannel.SMS: "sms_cost_per_thousand_minor", OutreachChannel.EMAIL: "email_cost_per_thousand_minor"}


@dataclass(frozen=True, slots=True)
class SubmitMailing:
    mailing_id: int


@command(clause="M1.2", permission=Permission.MAILING_EDIT, scope=OF_MAILING)
def submit_mailings(step: Step, items: Sequence[SubmitMailing]) -> list[Outcome]:
    """Hand drafts in. Done with `facts`: would_get, cost_minor.

    Refused: "not_a_draft", "campaign_not_running" unless it is approved or live, "mailing_time_past",
    "mailing_after_campaign", "words_prohibited", "nobody_to_write_to", "over_message_budget".
    In review already: unchanged.
    """
    ids = sorted({item.mailing_id for item in items})
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids)}
    campaigns = {row.id: row for row in sql.CAMPAIGNS.rows(ids=sorted({r.campaign_id for r in rows.values()}))}
    outcomes, sent = [], dict[int, tuple[int, int]]()
    for item in items:
        row = rows[item.mailing_id]
        if row.state == MailingState.IN_REVIEW or row.id in sent:
            outcomes.append(unchanged(row.id))
            continue
        outcome = _judge(step, row, campaigns[row.campaign_id])
        if outcome.changed:
            sent[row.id] = outcome.facts["would_get"], outcome.facts["cost_minor"]
        outcomes.append(outcome)
    _submit(step, [rows[id_] for id_ in sorted(sent)], sent)
    return outcomes


def _judge(step: Step, row: sql.MailingRow, campaign: sql.CampaignRow) -> Outcome:
    code = not_sendable(step, row, campaign)
    if row.state != MailingState.DRAFT or code:
        return refused(code if row.state == MailingState.DRAFT else "not_a_draft", row.id)
    hits = prohibited(row.subject, row.text, row.signature)
    if hits:
        return refused("words_prohibited", row.id, words=listed(hits))
    would_get = audience(row.segment_id, row.channel, row.shop_id, step.now).would_get
    if not would_get:
        return refused("nobody_to_write_to", row.id)
    per_thousand = policies(step)(PRICES[OutreachChannel(row.channel)], row.shop_id)
    said = filled(row.text, values_of(campaign.shop, campaign.name, campaign.starts_at, campaign.ends_at))
    cost = cost_minor(would_get * units_of(row.channel, row.signature, said), per_thousand)
    if cost > (campaign.left_minor or 0):
        return refused("over_message_budget", row.id, cost=_yuan(cost), left=_yuan(campaign.left_minor or 0))
    return done(row.id, would_get=would_get, cost_minor=cost)


def not_sendable(step: Step, row: sql.MailingRow, campaign: sql.CampaignRow) -> str:
    """Why a mailing cannot go out as planned; empty where it can."""
    if campaign.state not in RUNNING:
        return "campaign_not_running"
    if row.planned_at <= step.now and row.state == MailingState.DRAFT:
        return "mailing_time_past"
    return "mailing_after_campaign" if row.planned_at >= campaign.ends_at else ""


def _yuan(minor: int) -> str:
    return f"{minor / 100:.2f}"


def _submit(step: Step, rows: Sequence[sql.MailingRow], counted: dict[int, tuple[int, int]]) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.NOTE_SUBMITTED.run(
        ids=ids,
        estimates=[counted[id_][0] for id_ in ids],
        costs=[counted[id_][1] for id_ in ids],
        now=step.now,
        actor_id=step.actor.id,
    )
    step.move(MAILING_FLOW, ids, MailingState.IN_REVIEW)
    policy = policies(step)
    arm(
        step,
        [
            Arm(
                MAILING_REVIEW,
                row.id,
                step.now + timedelta(hours=policy("mailing_review_hours", row.shop_id)),
                row.shop_id,
                None,
                f"{mailing_number(row.id)} {row.name}",
            )
            for row in rows
        ],
    )
    step.emit(*(MailingSubmitted(row.id, row.shop_id, row.campaign_id) for row in rows))

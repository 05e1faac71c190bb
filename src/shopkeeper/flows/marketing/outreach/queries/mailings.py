"""Mailings as people and programs read them: where they stand, what became of each recipient, what they cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from shopkeeper.flows.marketing.campaigns.models import Campaign, Segment
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.flows.marketing.outreach.models import Mailing, Recipient, mailing_number
from shopkeeper.flows.marketing.outreach.queries.scope import before_key, in_shops
from shopkeeper.flows.marketing.outreach.rules.letters import filled, mail_text, sms_text, units_of, values_of
from shopkeeper.flows.marketing.outreach.sql import reading as sql
from shopkeeper.flows.marketing.outreach.states import MailingState, OutreachChannel, RecipientState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of

OPEN = (MailingState.DRAFT, MailingState.IN_REVIEW, MailingState.APPROVED, MailingState.SENDING)
PLANNABLE = (CampaignState.IDEA, CampaignState.PLANNED, CampaignState.IN_REVIEW, CampaignState.APPROVED)
WAY_OUT = "…/opt-out/…"


@dataclass(frozen=True, slots=True)
class MailingFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    channel: str = ""
    shop_id: int | None = None
    campaign_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class MailingView:
    """One mailing with its counts: `by_state` and `not_sent` add up to everybody judged so far."""

    id: int
    shop_id: int
    shop: str
    campaign_id: int
    campaign: str
    segment_id: int
    segment: str
    channel: str
    name: str
    signature: str
    template: str
    subject: str
    text: str
    shown: str
    units_each: int
    planned_at: datetime
    state: str
    saved_at: datetime
    writer_id: int
    writer: str
    submitted_at: datetime | None
    submitter_id: int | None
    submitter: str
    decided_at: datetime | None
    decider: str
    decision_reason: str
    estimate: int | None
    estimate_minor: int | None
    started_at: datetime | None
    filled_at: datetime | None
    ended_at: datetime | None
    stopper: str
    stop_reason: str
    units: int
    cost_minor: int | None
    booked_minor: int
    cost_refusal: str
    by_state: Mapping[str, int]
    not_sent: Mapping[str, int]
    opted_out: int

    @property
    def number(self) -> str:
        return mailing_number(self.id)

    @property
    def accepted(self) -> int:
        """What the provider took, whatever became of it."""
        taken = (RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.BOUNCED)
        return sum(self.by_state.get(state, 0) for state in taken)

    @property
    def failed(self) -> int:
        return self.by_state.get(RecipientState.FAILED, 0)

    @property
    def bounced(self) -> int:
        return self.by_state.get(RecipientState.BOUNCED, 0)

    @property
    def delivered(self) -> int:
        return self.by_state.get(RecipientState.DELIVERED, 0)

    @property
    def queued(self) -> int:
        return self.by_state.get(RecipientState.QUEUED, 0)

    @property
    def skipped(self) -> int:
        return sum(self.not_sent.values())

    @property
    def to_send(self) -> int:
        """Everybody who is or was to be written to."""
        return self.accepted + self.failed + self.queued

    @property
    def owes(self) -> bool:
        """Does its cost not stand in the budget?"""
        return self.cost_minor is not None and self.cost_minor != self.booked_minor


def mailing_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(Mailing.objects.filter(state__in=OPEN), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def mailings_page(
    viewer: Actor, wanted: MailingFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[MailingView], int | None]:
    """A page of mailings, newest first, and the next key."""
    rows = in_shops(Mailing.objects.select_related("shop", "campaign", "segment"), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.campaign_id is not None:
        rows = rows.filter(campaign_id=wanted.campaign_id)
    if wanted.text:
        rows = rows.filter(name__icontains=wanted.text)
    found, next_key = before_key(rows, after, limit)
    return _views(found), next_key


def mailing_view(viewer: Actor, mailing_id: int) -> MailingView | None:
    """One mailing; None where it is not in the viewer's shops."""
    rows = in_shops(Mailing.objects.select_related("shop", "campaign", "segment"), viewer)
    return next(iter(_views(list(rows.filter(id=mailing_id)))), None)


def troubles_of(mailing_id: int) -> list[sql.TroubleRow]:
    """Why messages of a mailing wait, most common first."""
    return sql.TROUBLES.rows(mailing=mailing_id)


@dataclass(frozen=True, slots=True)
class RecipientView:
    """One recipient, as far as anybody may see: a masked address, what became of the message."""

    id: int
    consent_id: int | None
    address: str
    state: str
    reason: str
    failure: str
    units: int
    sent_at: datetime | None
    opted_out_at: datetime | None


def recipients_page(
    viewer: Actor,
    mailing_id: int,
    *,
    state: str = "",
    after: int | None = None,
    limit: int = 50,
    passed_over: bool = True,
) -> tuple[list[RecipientView], int | None]:
    """Recipients of a mailing in the viewer's shops, newest first; with those it was not sent to unless said not."""
    rows = in_shops(Recipient.objects.filter(mailing_id=mailing_id).select_related("consent"), viewer)
    if not passed_over:
        rows = rows.exclude(state=RecipientState.SKIPPED)
    if state:
        rows = rows.filter(state=state)
    found, next_key = before_key(rows, after, limit)
    return [
        RecipientView(
            r.pk, r.consent_id, r.consent.address_masked if r.consent else "", r.state, r.reason, r.failure, r.units,
            r.sent_at, r.opted_out_at,
        )
        for r in found
    ], next_key  # fmt: skip


def campaign_choices(viewer: Actor) -> list[tuple[str, str]]:
    """Campaigns that may still be told of, the nearest first."""
    rows = in_shops(Campaign.objects.filter(state__in=[*map(str, PLANNABLE), "live"]), viewer)
    return [
        (str(row.pk), f"{row.name} · {row.shop.name}")
        for row in rows.select_related("shop").order_by("starts_at", "id")
    ]


def segment_choices(viewer: Actor) -> list[tuple[str, str]]:
    """Segments in use, by shop and name."""
    rows = in_shops(Segment.objects.filter(is_retired=False), viewer).select_related("shop")
    return [(str(row.pk), f"{row.name} · {row.shop.name}") for row in rows.order_by("shop__name", "name", "id")]


@dataclass(frozen=True, slots=True)
class Draftable:
    """What a look at the audience needs of a segment in the viewer's shops."""

    segment_id: int
    shop_id: int
    name: str
    size: int


def segment_of(viewer: Actor, segment_id: int) -> Draftable | None:
    row = in_shops(Segment.objects.filter(id=segment_id, is_retired=False), viewer).first()
    return Draftable(row.pk, row.shop_id, row.name, row.size) if row else None


def _views(rows: Sequence[Mailing]) -> list[MailingView]:
    tallies: dict[int, list[sql.TallyRow]] = {row.pk: [] for row in rows}
    for tally in sql.TALLIES.rows(mailings=list(tallies)) if tallies else []:
        tallies[tally.mailing_id].append(tally)
    people: set[int | None] = set()
    for row in rows:
        people |= {row.saved_by, row.submitted_by, row.decided_by, row.stopped_by}
    names = names_of(people)
    return [_view(row, tallies[row.pk], names) for row in rows]


def _view(row: Mailing, tallies: Sequence[sql.TallyRow], names: Mapping[int, str]) -> MailingView:
    by_state: Counter[str] = Counter()
    not_sent: Counter[str] = Counter()
    for tally in tallies:
        if tally.state == RecipientState.SKIPPED:
            not_sent[tally.reason] += tally.recipients
        else:
            by_state[tally.state] += tally.recipients
    own = (
        "shop_id", "campaign_id", "segment_id", "channel", "name", "signature", "template", "subject", "text",
        "planned_at", "state", "saved_at", "submitted_at", "decided_at", "decision_reason", "estimate",
        "estimate_minor", "started_at", "filled_at", "ended_at", "stop_reason", "units", "cost_minor", "booked_minor",
        "cost_refusal",
    )  # fmt: skip
    return MailingView(
        id=row.pk,
        shop=row.shop.name,
        campaign=row.campaign.name,
        segment=row.segment.name,
        shown=shown_text(row),
        units_each=units_of(row.channel, row.signature, _said(row)),
        writer_id=row.saved_by,
        writer=names.get(row.saved_by, ""),
        submitter_id=row.submitted_by,
        submitter=names.get(row.submitted_by or 0, ""),
        decider=names.get(row.decided_by or 0, ""),
        stopper=names.get(row.stopped_by or 0, ""),
        by_state=dict(by_state),
        not_sent=dict(not_sent),
        opted_out=sum(tally.opted_out for tally in tallies),
        **{name: getattr(row, name) for name in own},
    )


def shown_text(row: Mailing) -> str:
    """The message as the customer reads it."""
    said = _said(row)
    if row.channel == OutreachChannel.SMS:
        return sms_text(row.signature, said)
    return mail_text(row.signature, said, WAY_OUT)


def _said(row: Mailing) -> str:
    campaign = row.campaign
    return filled(row.text, values_of(row.shop.name, campaign.name, campaign.starts_at, campaign.ends_at))

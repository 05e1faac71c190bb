"""A shop's consent and mailings, and the items of the commands that name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.campaigns.models import Campaign, Segment
from shopkeeper.flows.marketing.outreach.models import Consent, Mailing
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import Shop
from shopkeeper.shared.clock import machine_now

TODAY = machine_now()
SOON = TODAY + timedelta(days=2)


@dataclass
class Outreach:
    campaign: int
    segment: int
    consent: int
    draft: int
    in_review: int
    sent: int


def outreach_of(shop: Shop) -> Outreach:
    """A campaign with a segment, a customer who agreed, and mailings at three stages."""
    saved = {"made_at": TODAY, "made_by": 1, "saved_at": TODAY, "saved_by": 1}
    campaign = Campaign.objects.create(
        shop=shop, code="EDM", name="好物节", state="approved", state_at=TODAY, starts_at=TODAY,
        ends_at=TODAY + timedelta(days=30), decided_by=2, **saved,
    )  # fmt: skip
    segment = Segment.objects.create(shop=shop, code="all", name="近一年买家", counted_at=TODAY, **saved)
    consent = Consent.objects.create(
        shop=shop, subject_id=900_000 + shop.pk, channel="sms", state_at=TODAY, source="service", given_at=TODAY,
        given_by=1,
    )  # fmt: skip
    mailings = [
        Mailing.objects.create(
            shop=shop, campaign=campaign, segment=segment, channel="sms", name="提醒", signature="掌柜",
            template="SMS_1", text="开抢", planned_at=SOON, state_at=TODAY, saved_at=TODAY, saved_by=1,
            submitted_by=1, state=state,
            **({"decided_by": 2, "filled_at": TODAY, "ended_at": TODAY, "cost_minor": 5} if state == "sent" else {}),
        ).pk
        for state in ("draft", "in_review", "sent")
    ]  # fmt: skip
    return Outreach(campaign.pk, segment.pk, consent.pk, *mailings)


def _item(_command: str, /, **fields: Any) -> Callable[[Any], Any]:
    return lambda place: COMMANDS[_command].item(
        **{name: value(place) if callable(value) else value for name, value in fields.items()}
    )


def _in_review(place: Any) -> int:
    return place.outreach.in_review


OUTREACH_ITEMS: dict[str, Callable[[Any], Any]] = {
    "approve_mailings": _item("approve_mailings", mailing_id=_in_review),
    "book_mailing_costs": _item("book_mailing_costs", mailing_id=lambda p: p.outreach.sent),
    "give_consents": _item(
        "give_consents",
        shop_id=lambda p: p.shop.pk,
        channel="sms",
        source="service",
        order_id=lambda p: p.waiting_order,
        address="13900001111",
    ),
    "return_mailings": _item("return_mailings", mailing_id=_in_review, reason="写短一些"),
    "save_mailings": _item(
        "save_mailings",
        campaign_id=lambda p: p.outreach.campaign,
        segment_id=lambda p: p.outreach.segment,
        channel="sms",
        name="提醒",
        signature="掌柜",
        text="开抢",
        template="SMS_1",
        planned_at=SOON,
    ),
    "stop_mailings": _item("stop_mailings", mailing_id=_in_review, reason="不发了"),
    "submit_mailings": _item("submit_mailings", mailing_id=lambda p: p.outreach.draft),
    "withdraw_consents": _item("withdraw_consents", consent_id=lambda p: p.outreach.consent),
}

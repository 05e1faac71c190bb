"""Makers of campaigns ready for messages, buyers with consent, and mailings on their way."""

import itertools
from datetime import timedelta
from typing import Any

from shopkeeper.flows.fulfilment.intake.models import Order
from shopkeeper.flows.marketing.campaigns.models import BudgetItem, Campaign, Segment
from shopkeeper.flows.marketing.outreach.commands.approve_mailings import ApproveMailing, approve_mailings
from shopkeeper.flows.marketing.outreach.commands.give_consents import GiveConsent, give_consents
from shopkeeper.flows.marketing.outreach.commands.save_mailings import SaveMailing, save_mailings
from shopkeeper.flows.marketing.outreach.commands.submit_mailings import SubmitMailing, submit_mailings
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.states import ConsentSource, OutreachChannel
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from tests import factories as make

_count = itertools.count(1)
NOON = make.NOON


def make_campaign(shop: Shop, budget_minor: int | None = 100_000, **fields: Any) -> Campaign:
    """An approved campaign of the next days, with money for messages."""
    n = next(_count)
    defaults: dict[str, Any] = {
        "code": f"618-{n}", "name": "夏日好物节", "state": "approved", "state_at": NOON,
        "starts_at": NOON + timedelta(days=1), "ends_at": NOON + timedelta(days=4), "made_at": NOON, "made_by": 1,
        "saved_at": NOON, "saved_by": 1, "submitted_by": 1, "decided_by": 2,
    }  # fmt: skip
    campaign = Campaign.objects.create(shop=shop, **{**defaults, **fields})
    if budget_minor is not None:
        BudgetItem.objects.create(campaign=campaign, shop=shop, kind="sms_edm", planned_minor=budget_minor)
    return campaign


def make_segment(shop: Shop, **fields: Any) -> Segment:
    """Everybody who bought from a shop within a year."""
    n = next(_count)
    times = {"counted_at": NOON, "made_at": NOON, "made_by": 1, "saved_at": NOON, "saved_by": 1}
    return Segment.objects.create(shop=shop, **{"code": f"seg{n}", "name": "近一年买家", **times, **fields})


def make_buyers(shop: Shop, count: int = 1, **fields: Any) -> list[Order]:
    """Paid orders of so many different buyers."""
    line = make.received_line(make.make_sku())
    ids = make.take_in(*(make.received_order(shop, line, **fields) for _ in range(count)))
    return list(Order.objects.filter(id__in=ids).order_by("subject_id"))


def agree(order: Order, channel: OutreachChannel = OutreachChannel.SMS, address: str | None = None) -> int:
    """The buyer of an order agrees to messages; a number or mail address of their own where none is given."""
    n = next(_count)
    own = f"1390000{n:04d}" if channel is OutreachChannel.SMS else f"buyer{n}@mail.example"
    given = own if address is None else address
    outcome = give_consents.one(
        SYSTEM, GiveConsent(order.shop_id, channel, ConsentSource.OWN_SHOP, order.pk, address=given)
    )
    assert outcome.ok, outcome
    return outcome.id or 0


def a_mailing(campaign: Campaign, segment: Segment, **fields: Any) -> SaveMailing:
    """A text message of a campaign, an hour from noon."""
    defaults: dict[str, Any] = {
        "campaign_id": campaign.pk, "segment_id": segment.pk, "channel": OutreachChannel.SMS, "name": "开抢提醒",
        "signature": "掌柜示范店", "text": "{campaign}{starts}开抢，老客专享满减。", "template": "SMS_100001",
        "planned_at": NOON + timedelta(hours=1),
    }  # fmt: skip
    return SaveMailing(**{**defaults, **fields})


def a_mail(campaign: Campaign, segment: Segment, **fields: Any) -> SaveMailing:
    """A mail of a campaign."""
    said = {"channel": OutreachChannel.EMAIL, "subject": "{campaign}来了", "template": ""}
    return a_mailing(campaign, segment, **{**said, **fields})


def make_mailing(item: SaveMailing, upto: str = "approved") -> int:
    """A mailing written and handed in by one person, approved by another; `upto` says how far it goes."""
    writer = make.actor_with(Permission.MAILING_EDIT)
    mailing_id = save_mailings.one(writer, item).id or 0
    if upto in ("in_review", "approved"):
        outcome = submit_mailings.one(writer, SubmitMailing(mailing_id))
        assert outcome.changed, outcome
    if upto == "approved":
        outcome = approve_mailings.one(make.actor_with(Permission.MAILING_APPROVE), ApproveMailing(mailing_id))
        assert outcome.changed, outcome
    return mailing_id

"""M1.2: two mailings for the same money are approved at the same moment."""

import pytest

from shopkeeper.flows.marketing.outreach.commands.approve_mailings import ApproveMailing, approve_mailings
from shopkeeper.flows.marketing.outreach.permissions import Permission
from tests import factories as make
from tests import outreach_makers as outreach
from tests.at_once import while_held
from tests.databases import FreshDatabase
from tests.flows.marketing.outreach import stage

pytestmark = pytest.mark.clause("M1.2")


def test_the_same_money_is_not_promised_to_two_mailings(
    fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.at(monkeypatch, make.NOON)
    shop = make.make_shop()
    outreach.agree(outreach.make_buyers(shop)[0])
    campaign, segment = outreach.make_campaign(shop, budget_minor=9), outreach.make_segment(shop)
    first, second = (outreach.make_mailing(outreach.a_mailing(campaign, segment), "in_review") for _ in range(2))
    approver = make.actor_with(Permission.MAILING_APPROVE)
    held, other = while_held(
        lambda: approve_mailings.one(approver, ApproveMailing(first)),
        lambda: approve_mailings.one(approver, ApproveMailing(second)),
    )
    assert (held.code, other.code) == ("done", "over_message_budget")

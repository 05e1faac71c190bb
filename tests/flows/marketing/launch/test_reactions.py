"""M2.2: the gate opens, closes and expires by itself, from what other desks announce."""

import pytest

from shopkeeper.config.wiring import READERS
from shopkeeper.flows.marketing.campaigns.commands.launch_campaigns import LaunchCampaign, launch_campaigns
from shopkeeper.flows.marketing.campaigns.events import CampaignApproved, CampaignCancelled
from shopkeeper.flows.marketing.campaigns.permissions import Permission as Campaigns
from shopkeeper.flows.marketing.launch import reactions
from shopkeeper.flows.marketing.launch.models import Gate
from shopkeeper.flows.marketing.promotions.commands.end_rules import PauseRule, pause_rules
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.events import Recorded
from shopkeeper.foundation.readers import ensure_cursors, run_readers
from tests import factories as make
from tests.databases import FreshDatabase
from tests.flows.marketing.launch import stage
from tests.flows.marketing.promotions import stage as promotions

pytestmark = pytest.mark.clause("M2.2")
OWN = {reader.name: reader for reader in READERS if reader.name.startswith("launch.")}


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, stage.NOON)


def read() -> None:
    ensure_cursors(list(OWN.values()))
    while run_readers(OWN):
        pass


def happened(event: object) -> Recorded:  # type: ignore[type-arg]
    return Recorded(1, 1, event, stage.NOON, 1, "M1.2")  # type: ignore[arg-type,type-var]


@pytest.mark.django_db
def test_the_gate_follows_the_campaign() -> None:
    one = stage.campaign(make.make_shop())
    approved = happened(CampaignApproved(one.pk, one.shop_id))
    reactions.follow_campaigns(SYSTEM, [approved])
    reactions.follow_campaigns(SYSTEM, [approved])
    assert Gate.objects.get().state == "waiting"
    reactions.follow_campaigns(SYSTEM, [approved, happened(CampaignCancelled(one.pk, one.shop_id))])
    assert Gate.objects.get().state == "closed"
    assert stage.ended("go_live_gate") == [("cancelled", False)]


def test_a_rule_paused_after_the_test_takes_its_result_away(fresh_db: FreshDatabase) -> None:
    one = stage.prepared()
    gate = stage.tested(one)
    read()
    gate.refresh_from_db()
    assert gate.state == "green"  # what led to the test changes nothing afterwards
    pause_rules.one(promotions.specialist(), PauseRule(one.rules.get().rule_id, "设错了"))
    read()
    gate.refresh_from_db()
    assert (gate.state, gate.expired_because) == ("waiting", "changed")


def test_the_launch_is_refused_while_red_and_closes_the_gate(
    fresh_db: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stage.prepared(starts_at=stage.NOON, ends_at=stage.END)
    opened = stage.opened(one)
    launcher = make.actor_with(Campaigns.CAMPAIGN_LAUNCH)
    assert launch_campaigns.one(launcher, LaunchCampaign(one.pk)).code == "gate_not_tested"
    one.goods.update(planned_quantity=500)
    stage.tested(one)
    assert launch_campaigns.one(launcher, LaunchCampaign(one.pk)).code == "gate_red"
    one.goods.update(planned_quantity=10)
    stage.tested(one)
    assert launch_campaigns.one(launcher, LaunchCampaign(one.pk)).changed
    read()
    opened.refresh_from_db()
    assert (opened.state, opened.runs) == ("closed", 2)

"""The system's own steps, said twice, too early or too late: they change nothing that is not theirs to change."""

from datetime import timedelta

import pytest

from shopkeeper.flows.marketing.outreach.commands.fill_mailings import FillMailing, fill_mailings
from shopkeeper.flows.marketing.outreach.commands.prepare_sendings import PrepareSending, prepare_sendings
from shopkeeper.flows.marketing.outreach.commands.record_sendings import (
    RecordReport,
    RecordSending,
    record_delivery_reports,
    record_sendings,
)
from shopkeeper.flows.marketing.outreach.commands.start_mailings import StartMailing, start_mailings
from shopkeeper.flows.marketing.outreach.commands.stop_mailings import (
    StopForCampaign,
    StopMailing,
    stop_mailings,
    stop_mailings_of_campaigns,
)
from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import OptOutByLink, opt_out_by_link
from shopkeeper.flows.marketing.outreach.models import Consent, Mailing, Recipient
from shopkeeper.foundation.actor import SYSTEM
from tests import factories as make
from tests import outreach_makers as outreach
from tests.flows.marketing.outreach import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
NOON = make.NOON
ONE = NOON + timedelta(hours=1)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[int]]:
    """A mailing whose time has come, and the subjects of its two members."""
    stage.at(monkeypatch, NOON)
    shop = make.make_shop()
    orders = outreach.make_buyers(shop, 2)
    for order in orders:
        outreach.agree(order)
    mailing_id = outreach.make_mailing(outreach.a_mailing(outreach.make_campaign(shop), outreach.make_segment(shop)))
    assert start_mailings.one(SYSTEM, StartMailing(mailing_id)).code == "mailing_too_early"
    stage.at(monkeypatch, ONE)
    outcomes = start_mailings(SYSTEM, [StartMailing(mailing_id)] * 2)
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    return mailing_id, [order.subject_id for order in orders]


@pytest.fixture
def filled(started: tuple[int, list[int]]) -> tuple[int, list[int]]:
    """The mailing with both members queued; the ids of its recipients."""
    mailing_id, subjects = started
    page = FillMailing(mailing_id, 0, tuple(subjects), is_last=True)
    assert fill_mailings.one(SYSTEM, page).facts == {"queued": 2, "skipped": 0}
    assert fill_mailings.one(SYSTEM, page).code == "unchanged"
    return mailing_id, list(Recipient.objects.order_by("id").values_list("id", flat=True))


def test_a_page_of_members_is_judged_once(started: tuple[int, list[int]]) -> None:
    mailing_id, subjects = started
    first = FillMailing(mailing_id, 0, (subjects[0],), is_last=False)
    assert [o.code for o in fill_mailings(SYSTEM, [first, first])] == ["done", "unchanged"]
    skipped_one = FillMailing(mailing_id, subjects[1], (), is_last=True)
    assert fill_mailings.one(SYSTEM, skipped_one).code == "unchanged"
    assert Mailing.objects.get().filled_at is None
    assert fill_mailings.one(SYSTEM, FillMailing(mailing_id, subjects[0], (subjects[1],), is_last=True)).changed
    assert Recipient.objects.count() == 2


def test_a_stopped_mailing_gets_no_more_members(started: tuple[int, list[int]]) -> None:
    mailing_id, subjects = started
    assert stop_mailings.one(SYSTEM, StopMailing(mailing_id, "改期")).changed
    assert fill_mailings.one(SYSTEM, FillMailing(mailing_id, 0, tuple(subjects), is_last=True)).code == "unchanged"
    assert not Recipient.objects.exists()


def test_what_became_of_a_message_is_recorded_once(filled: tuple[int, list[int]]) -> None:
    _, (one, two) = filled
    assert [o.code for o in prepare_sendings(SYSTEM, [PrepareSending(one), PrepareSending(two)])] == ["done", "done"]
    sent = RecordSending(one, 1, "B1")
    assert [o.code for o in record_sendings(SYSTEM, [sent, sent])] == ["done", "unchanged"]
    assert record_sendings.one(SYSTEM, RecordSending(one, failure="late")).code == "unchanged"
    assert prepare_sendings.one(SYSTEM, PrepareSending(one)).code == "unchanged"
    assert Mailing.objects.get().state == "sending"
    assert record_sendings.one(SYSTEM, RecordSending(two, 1, "B2")).changed
    kept = Mailing.objects.get()
    assert (kept.state, kept.units, kept.booked_minor) == ("sent", 2, 9)
    arrived = RecordReport(one, delivered=True)
    assert [o.code for o in record_delivery_reports(SYSTEM, [arrived, arrived])] == ["done", "unchanged"]
    assert record_delivery_reports.one(SYSTEM, RecordReport(one, delivered=False, code="X")).changed
    assert Recipient.objects.get(id=one).state == "bounced"
    assert record_delivery_reports.one(SYSTEM, arrived).code == "unchanged"


def test_a_message_on_its_way_when_the_mailing_was_stopped_is_paid_for(filled: tuple[int, list[int]]) -> None:
    mailing_id, (one, two) = filled
    assert stop_mailings.one(SYSTEM, StopMailing(mailing_id, "卖完了")).changed
    assert Mailing.objects.get().cost_minor is None
    assert record_sendings.one(SYSTEM, RecordSending(one, 1, "B1")).changed
    kept = Mailing.objects.get()
    assert (kept.state, kept.cost_minor, kept.booked_minor) == ("stopped", 5, 5)
    assert dict(Recipient.objects.values_list("id", "state")) == {one: "accepted", two: "skipped"}
    assert Recipient.objects.get(id=one).reason == ""
    assert record_sendings.one(SYSTEM, RecordSending(two, 1, "B2")).changed
    kept.refresh_from_db()
    assert (kept.cost_minor, kept.booked_minor) == (9, 9)


def test_the_links_step_counts_once_for_its_message(filled: tuple[int, list[int]]) -> None:
    _, (one, _two) = filled
    outcomes = opt_out_by_link(SYSTEM, [OptOutByLink(one), OptOutByLink(one)])
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert Consent.objects.filter(state="withdrawn", way="link").count() == 1
    assert prepare_sendings.one(SYSTEM, PrepareSending(one)).code == "unchanged"
    assert (Recipient.objects.get(id=one).state, Recipient.objects.get(id=one).reason) == ("skipped", "opted_out")


def test_mailings_stop_with_their_campaign_once(filled: tuple[int, list[int]]) -> None:
    campaign_id = Mailing.objects.get().campaign_id
    outcomes = stop_mailings_of_campaigns(SYSTEM, [StopForCampaign(campaign_id)] * 2)
    assert [outcome.code for outcome in outcomes] == ["done", "unchanged"]
    assert stop_mailings_of_campaigns.one(SYSTEM, StopForCampaign(campaign_id)).code == "unchanged"
    assert set(Recipient.objects.values_list("state", "reason")) == {("skipped", "stopped")}

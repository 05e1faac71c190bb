"""Messages on their way: each member once, with a yes, in the open hours, counted and paid once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from shopkeeper.flows.marketing.campaigns.models import BudgetItem, BudgetSpend
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.flows.marketing.outreach import performers as sending
from shopkeeper.flows.marketing.outreach.commands.book_costs import BookMailingCost, book_mailing_costs
from shopkeeper.flows.marketing.outreach.commands.stop_mailings import StopMailing, stop_mailings
from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import WithdrawConsent, withdraw_consents
from shopkeeper.flows.marketing.outreach.models import Consent, Mailing, Recipient
from shopkeeper.flows.marketing.outreach.performers import hear_replies, hear_reports
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.ports import DeliveryReport, OutsideError, Reply
from shopkeeper.flows.marketing.outreach.queries import audience
from shopkeeper.flows.marketing.outreach.queries.sending import message_key
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.foundation import moves
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import perform_due
from shopkeeper.foundation.models import ErrandEntry
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.sweeper import sweep
from tests import factories as make
from tests import outreach_makers as outreach
from tests.flows.marketing.outreach import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
NOON = make.NOON
ONE = NOON + timedelta(hours=1)
SMS, EMAIL = OutreachChannel.SMS, OutreachChannel.EMAIL


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


@pytest.fixture
def shop():
    return make.make_shop()


def numbers(count: int) -> list[str]:
    return [f"1380000{n:04d}" for n in range(count)]


def an_approved(shop, addresses: list[str], channel: OutreachChannel = SMS, **fields):
    """A mailing to buyers with these addresses; its id and their orders."""
    orders = outreach.make_buyers(shop, len(addresses))
    for order, address in zip(orders, addresses, strict=True):
        outreach.agree(order, channel, address)
    campaign, segment = outreach.make_campaign(shop, fields.pop("budget_minor", 100_000)), outreach.make_segment(shop)
    written = outreach.a_mailing if channel is SMS else outreach.a_mail
    return outreach.make_mailing(written(campaign, segment, **fields)), orders


def states(mailing_id: int) -> dict[str, int]:
    rows = Recipient.objects.filter(mailing_id=mailing_id).values_list("state", "reason")
    return dict(Counter(reason or state for state, reason in rows))


class Choking(stage.Post):
    """Breaks over one message, as a library does over a name it cannot write."""

    def send(self, letter):
        if letter.address == numbers(3)[1]:
            raise AttributeError("token_type")
        return super().send(letter)


def test_a_message_that_breaks_the_sender_has_no_other_sent_again(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(3))
    post = Choking()
    stage.at(monkeypatch, ONE)
    stage.work(post)
    stage.at(monkeypatch, ONE + timedelta(minutes=30))
    stage.work(post)
    assert sorted(letter.address for letter in post.taken) == [numbers(3)[0], numbers(3)[2]]
    assert states(mailing_id) == {"accepted": 2, "queued": 1}
    assert ErrandEntry.objects.get(kind="send_message").last_error == "AttributeError"


def test_what_a_slow_provider_leaves_no_time_for_waits_for_the_next_turn(shop, monkeypatch) -> None:
    an_approved(shop, numbers(2))
    stage.at(monkeypatch, ONE)
    moments = iter([0.0, 0.0, 60.0, *[60.0] * 10])
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(moments))
    post = stage.Post()
    sweep()
    acting = sending.performers(sending.Gateways(lambda channel: post))
    perform_due(acting)
    perform_due(acting)
    assert len(post.taken) == 1
    assert Recipient.objects.filter(state="queued").count() == 1


def test_everybody_who_agreed_gets_one_message_and_it_is_paid_once(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(3))
    outreach.make_buyers(shop, 2)
    post = stage.Post()
    stage.work(post)
    assert post.taken == []
    stage.at(monkeypatch, ONE)
    stage.work(post)
    assert sorted(letter.address for letter in post.taken) == numbers(3)
    said = post.taken[0]
    assert said.text == "【掌柜示范店】夏日好物节06-02 12:00开抢，老客专享满减。 拒收请回复R"
    assert dict(said.parameters) == {"campaign": "夏日好物节", "starts": "06-02 12:00"}
    mailing = Mailing.objects.get(id=mailing_id)
    assert (mailing.state, mailing.units, mailing.cost_minor, mailing.booked_minor) == ("sent", 3, 14, 14)
    assert states(mailing_id) == {"accepted": 3, "no_consent": 2}
    assert BudgetSpend.objects.get().amount_minor == 14
    assert BudgetItem.objects.get().spent_minor == 14
    stage.work(post)
    assert len(post.taken) == 3
    assert not Deadline.objects.filter(kind="mailing_send").exists()


def test_who_is_not_written_to_has_the_reason(shop, monkeypatch) -> None:
    mailing_id, orders = an_approved(shop, [*numbers(2), numbers(1)[0], ""])
    withdraw_consents.one(SYSTEM, WithdrawConsent(Consent.objects.get(subject_id=orders[1].subject_id).pk))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    assert states(mailing_id) == {"accepted": 1, "opted_out": 1, "duplicate": 1, "no_address": 1}


def test_messages_of_all_campaigns_count_towards_the_limit(shop, monkeypatch) -> None:
    an_approved(shop, numbers(1))
    campaign = outreach.make_campaign(shop, ends_at=NOON + timedelta(days=20))
    segment = outreach.make_segment(shop)
    written = [
        outreach.make_mailing(outreach.a_mailing(campaign, segment, planned_at=NOON + timedelta(days=days, hours=1)))
        for days in (1, 2, 9)
    ]
    post, at = stage.Post(), []
    for days in (0, 1, 2, 9):
        stage.at(monkeypatch, NOON + timedelta(days=days, hours=1))
        stage.work(post)
        at.append(len(post.taken))
    assert at == [1, 2, 2, 3]
    assert states(written[1]) == {"capped": 1}


def test_in_quiet_hours_messages_wait_for_the_morning(shop, monkeypatch) -> None:
    late = NOON + timedelta(hours=9)  # 21:00 in Shanghai
    mailing_id, _ = an_approved(shop, numbers(2), planned_at=late)
    post = stage.Post()
    stage.at(monkeypatch, late)
    stage.work(post)
    assert post.taken == []
    assert states(mailing_id) == {"queued": 2}
    stage.at(monkeypatch, late + timedelta(hours=12))
    stage.work(post)
    assert len(post.taken) == 2


def test_a_message_queued_by_day_is_not_sent_at_night(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(1))
    stage.at(monkeypatch, ONE)
    post = stage.Post(refusals={numbers(1)[0]: OutsideError("throttled", "isv.BUSINESS_LIMIT_CONTROL", "", 8 * 3600)})
    stage.work(post)
    post.refusals.clear()
    stage.at(monkeypatch, ONE + timedelta(hours=8))
    stage.work(post)
    assert (post.taken, states(mailing_id)) == ([], {"queued": 1})
    assert ErrandEntry.objects.get(kind="send_message").next_at == NOON + timedelta(hours=21)


def test_a_lost_answer_does_not_send_twice(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(2))
    post = stage.Post(loses={numbers(1)[0]})
    stage.at(monkeypatch, ONE)
    stage.work(post)
    assert Mailing.objects.get().state == "sending"
    stage.at(monkeypatch, ONE + timedelta(minutes=1))
    stage.work(post)
    assert len(post.taken) == 2
    assert states(mailing_id) == {"accepted": 2}
    assert Mailing.objects.get().state == "sent"


def test_a_number_that_is_none_is_not_tried_again_by_anybody(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(2))
    post = stage.Post(refusals={numbers(1)[0]: OutsideError("permanent", "bad_address")})
    stage.at(monkeypatch, ONE)
    stage.work(post)
    assert states(mailing_id) == {"accepted": 1, "failed": 1}
    assert Mailing.objects.get().units == 1
    again = outreach.make_mailing(
        outreach.a_mailing(
            outreach.make_campaign(shop), outreach.make_segment(shop), planned_at=ONE + timedelta(hours=1)
        )
    )
    stage.at(monkeypatch, ONE + timedelta(hours=1))
    stage.work(stage.Post())
    assert states(again) == {"accepted": 1, "unreachable": 1}


def test_an_account_problem_keeps_everybody_waiting(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(1))
    post = stage.Post(refusals={numbers(1)[0]: OutsideError("auth", "isv.AMOUNT_NOT_ENOUGH")})
    stage.at(monkeypatch, ONE)
    stage.work(post)
    assert states(mailing_id) == {"queued": 1}
    assert ErrandEntry.objects.get(kind="send_message").last_error == "auth isv.AMOUNT_NOT_ENOUGH"
    stage.work(None)
    assert states(mailing_id) == {"queued": 1}


def test_whoever_opts_out_after_queueing_gets_nothing(shop, monkeypatch) -> None:
    late = NOON + timedelta(hours=9)
    mailing_id, orders = an_approved(shop, numbers(2), planned_at=late)
    stage.at(monkeypatch, late)
    stage.work(stage.Post())
    withdraw_consents.one(SYSTEM, WithdrawConsent(Consent.objects.get(subject_id=orders[0].subject_id).pk))
    post = stage.Post()
    stage.at(monkeypatch, late + timedelta(hours=12))
    stage.work(post)
    assert len(post.taken) == 1
    assert states(mailing_id) == {"accepted": 1, "opted_out": 1}


def test_stop_takes_out_who_waits_and_pays_for_what_left(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(3))
    post = stage.Post(refusals={number: OutsideError("transient", "http_503") for number in numbers(2)})
    stage.at(monkeypatch, ONE)
    stage.work(post)
    assert states(mailing_id) == {"accepted": 1, "queued": 2}
    stopper = make.actor_with(Permission.MAILING_STOP)
    assert stop_mailings.one(stopper, StopMailing(mailing_id, "库存卖完")).changed
    assert states(mailing_id) == {"accepted": 1, "stopped": 2}
    assert BudgetSpend.objects.get().amount_minor == 5
    post.refusals.clear()
    stage.at(monkeypatch, ONE + timedelta(hours=1))
    stage.work(post)
    assert len(post.taken) == 1


def test_a_campaign_that_is_over_sends_nothing(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(1))
    mailing = Mailing.objects.get(id=mailing_id)
    type(mailing.campaign).objects.filter(id=mailing.campaign_id).update(state_at=NOON)
    _end_campaign(mailing.campaign_id)
    post = stage.Post()
    stage.at(monkeypatch, ONE)
    stage.work(post)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.stop_reason, post.taken) == ("stopped", "campaign_not_running", [])


def _end_campaign(campaign_id: int) -> None:
    moves.move(
        CAMPAIGN_FLOW, [campaign_id], CampaignState.CANCELLED, now=NOON, actor_id=0, command="test", reason="不办了"
    )


def test_reports_say_what_arrived_and_dead_numbers_are_remembered(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(3))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    ids = list(Recipient.objects.order_by("id").values_list("id", flat=True))
    said = [
        DeliveryReport(message_key(ids[0]), True),
        DeliveryReport(message_key(ids[1]), False, "MOBILE_NOT_ON_SERVICE", is_gone=True),
        DeliveryReport(message_key(ids[2]), False, "MOBILE_TERMINAL_ERROR"),
        DeliveryReport("sk999999", True),
        DeliveryReport("another-system", True),
    ]
    assert hear_reports(said) == 3
    assert hear_reports(said) == 0
    assert states(mailing_id) == {"delivered": 1, "bounced": 2}
    assert Consent.objects.filter(unreachable_since__isnull=False).count() == 1


def test_an_answer_that_says_no_counts_for_the_mailing(shop, monkeypatch) -> None:
    _, orders = an_approved(shop, numbers(2))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    assert hear_replies([Reply(numbers(1)[0], "TD"), Reply(numbers(2)[1], "几点开始？")]) == 1
    out = Recipient.objects.get(subject_id=orders[0].subject_id)
    assert out.opted_out_at == ONE
    assert Consent.objects.get(id=out.consent_id).way == "reply"


def test_a_cost_the_budget_does_not_take_waits_for_a_raise(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, numbers(1), budget_minor=10)
    BudgetItem.objects.update(spent_minor=8)
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    mailing = Mailing.objects.get(id=mailing_id)
    assert (mailing.state, mailing.cost_minor, mailing.booked_minor) == ("sent", 5, 0)
    assert mailing.cost_refusal == "over_budget"
    editor = make.actor_with(Permission.MAILING_EDIT)
    refusal = book_mailing_costs.one(editor, BookMailingCost(mailing_id))
    assert (refusal.code, refusal.facts) == ("cost_not_booked", {"cause": "over_budget"})
    BudgetItem.objects.update(raised_minor=10)
    assert book_mailing_costs.one(editor, BookMailingCost(mailing_id)).changed
    assert book_mailing_costs.one(editor, BookMailingCost(mailing_id)).code == "unchanged"
    assert BudgetSpend.objects.get().amount_minor == 5


def test_opening_an_address_is_on_record(shop, monkeypatch) -> None:
    an_approved(shop, numbers(2))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data->>'kind', data->>'reason', actor_id FROM foundation_event"
            " WHERE type = 'foundation.personal_data_revealed'"
        )
        assert cursor.fetchall() == [("outreach.consent", "send_message", 0)] * 2
        cursor.execute("SELECT count(*) FROM foundation_event WHERE data::text LIKE '%1380000%'")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT string_agg(data::text, ' ') FROM foundation_errandentry")
        assert "1380000" not in (cursor.fetchone()[0] or "")


def test_mails_carry_their_own_way_out(shop, monkeypatch) -> None:
    mailing_id, _ = an_approved(shop, ["a@mail.example"], EMAIL)
    post = stage.Post()
    stage.at(monkeypatch, ONE)
    stage.work(post)
    letter = post.taken[0]
    recipient = Recipient.objects.get(mailing_id=mailing_id)
    assert letter.opt_out_url.endswith(f"/opt-out/{letter.opt_out_url.split('/')[-2]}/")
    assert f"/opt-out/{recipient.pk}-" in letter.opt_out_url
    assert letter.subject == "夏日好物节来了"
    assert letter.opt_out_url in letter.text


def test_a_large_segment_is_judged_page_by_page(shop, monkeypatch) -> None:
    monkeypatch.setattr(audience, "PAGE", 2)
    monkeypatch.setattr(audience, "PAGES_READ", 1)
    mailing_id, _ = an_approved(shop, numbers(5))
    stage.at(monkeypatch, ONE)
    post = stage.Post()
    stage.work(post)
    assert len(post.taken) == 5
    assert states(mailing_id) == {"accepted": 5}

"""A customer's yes and no."""

import pytest

from shopkeeper.flows.marketing.outreach.commands.give_consents import GiveConsent, give_consents
from shopkeeper.flows.marketing.outreach.commands.withdraw_consents import (
    OptOutByReply,
    WithdrawConsent,
    opt_out_by_reply,
    withdraw_consents,
)
from shopkeeper.flows.marketing.outreach.models import Consent
from shopkeeper.flows.marketing.outreach.permissions import Permission
from shopkeeper.flows.marketing.outreach.states import ConsentSource, OptOutWay, OutreachChannel
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands.erase_person import ErasePerson, erase_person
from shopkeeper.foundation.permissions import Permission as Foundation
from shopkeeper.foundation.personal import open_json
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests import outreach_makers as outreach

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
SMS, EMAIL = OutreachChannel.SMS, OutreachChannel.EMAIL
OWN = ConsentSource.OWN_SHOP


def recorder():
    return make.actor_with(Permission.CONSENT_RECORD)


def test_a_yes_is_kept_sealed_with_its_source() -> None:
    order = outreach.make_buyers(make.make_shop())[0]
    outcome = give_consents.one(recorder(), GiveConsent(order.shop_id, SMS, OWN, order.pk, address="138 1234 1234"))
    kept = Consent.objects.get(id=outcome.id)
    assert (kept.state, kept.source, kept.subject_id) == ("given", "own_shop", order.subject_id)
    assert kept.address_masked == "138****1234"
    assert open_json(kept.subject_id, bytes(kept.address_sealed)) == {"address": "13812341234"}


def test_buyers_have_no_consent_by_themselves() -> None:
    outreach.make_buyers(make.make_shop(), 3)
    assert not Consent.objects.exists()


def test_the_same_yes_again_changes_nothing_and_a_new_address_replaces_the_old() -> None:
    order = outreach.make_buyers(make.make_shop())[0]
    item = GiveConsent(order.shop_id, EMAIL, OWN, order.pk, address="a@mail.example")
    outcomes = give_consents(recorder(), [item, item])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert give_consents.one(recorder(), item).code == "unchanged"
    moved = GiveConsent(order.shop_id, EMAIL, OWN, order.pk, address="b@mail.example")
    assert give_consents.one(recorder(), moved).changed
    assert Consent.objects.get().address_masked == "b****@mail.example"


def test_a_customer_of_the_own_shop_needs_no_order() -> None:
    shop = make.make_shop()
    item = GiveConsent(shop.pk, EMAIL, OWN, customer="member-7", address="m@mail.example")
    assert give_consents.one(recorder(), item).changed
    assert give_consents.one(recorder(), item).code == "unchanged"


def test_what_cannot_be_recorded_says_why() -> None:
    shop, other = make.make_shop(), make.make_shop()
    order = outreach.make_buyers(shop)[0]
    outcomes = give_consents(
        recorder(),
        [
            GiveConsent(shop.pk, SMS, OWN, address="13812341234"),
            GiveConsent(other.pk, SMS, OWN, order.pk, address="13812341234"),
            GiveConsent(shop.pk, SMS, OWN, order.pk, address="0571-88886666"),
        ],
    )
    assert [o.code for o in outcomes] == ["consent_whose", "order_unknown", "address_unusable"]
    assert not Consent.objects.exists()


def test_an_erased_customer_is_not_recorded_again_and_nothing_of_the_address_stays() -> None:
    order = outreach.make_buyers(make.make_shop())[0]
    outreach.agree(order)
    eraser = make.actor_with(Foundation.PERSONAL_ERASE)
    assert erase_person.one(eraser, ErasePerson("intake.order", order.pk, "买家要求")).changed
    kept = Consent.objects.get()
    assert (kept.address_masked, kept.address_index) == ("", None)
    item = GiveConsent(order.shop_id, SMS, OWN, order.pk, address="13812341234")
    assert give_consents.one(recorder(), item).code == "customer_erased"


def test_a_no_holds_at_once_and_only_a_new_yes_takes_it_back() -> None:
    order = outreach.make_buyers(make.make_shop())[0]
    consent = outreach.agree(order)
    assert withdraw_consents.one(recorder(), WithdrawConsent(consent, OptOutWay.COMPLAINT)).changed
    assert withdraw_consents.one(recorder(), WithdrawConsent(consent)).code == "unchanged"
    kept = Consent.objects.get()
    assert (kept.state, kept.way) == ("withdrawn", "complaint")
    assert outreach.agree(order) == consent
    kept.refresh_from_db()
    assert kept.state == "given"


def test_a_reply_ends_messages_to_the_number_in_every_shop() -> None:
    orders = [outreach.make_buyers(make.make_shop())[0] for _ in range(2)]
    for order in orders:
        outreach.agree(order, SMS, "13812341234")
    stays = outreach.agree(orders[0], EMAIL)
    outcomes = opt_out_by_reply(SYSTEM, [OptOutByReply("+86 138 1234 1234"), OptOutByReply("13900001111")])
    assert [o.code for o in outcomes] == ["done", "unchanged"]
    assert set(Consent.objects.filter(channel="sms").values_list("state", "way")) == {("withdrawn", "reply")}
    assert Consent.objects.get(id=stays).state == "given"
    assert opt_out_by_reply.one(SYSTEM, OptOutByReply("13812341234")).code == "unchanged"


def test_only_who_may_records_consent_and_only_in_own_shops() -> None:
    shop, other = make.make_shop(), make.make_shop()
    order = outreach.make_buyers(shop)[0]
    item = GiveConsent(shop.pk, SMS, OWN, order.pk)
    with pytest.raises(NotAllowed):
        give_consents.one(make.actor_with(Permission.CONSENT_VIEW), item)
    stranger = make.actor_with(Permission.CONSENT_RECORD, shops=[other])
    assert give_consents.one(stranger, item).code == "not_found"

"""The doors of outreach: pages, the customer's way out, the provider's pushes, the API."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shopkeeper.config import gateways
from shopkeeper.flows.marketing.outreach.models import Consent, Mailing, Recipient
from shopkeeper.flows.marketing.outreach.queries.links import opt_out_token, way_out
from shopkeeper.flows.marketing.outreach.queries.sending import message_key
from shopkeeper.flows.marketing.outreach.states import OutreachChannel
from shopkeeper.sop.roles import Role
from shopkeeper.web.knocks import KNOCKS
from tests import factories as make
from tests import outreach_makers as outreach
from tests.flows.marketing.outreach import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("M1.2")]
NOON = make.NOON
ONE = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, NOON)


@pytest.fixture
def shop():
    return make.make_shop()


def signed_in(*roles: str, shops=None) -> Client:
    client = Client()
    client.force_login(make.make_person(*roles, shops=shops), backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_sent(shop, monkeypatch, channel: OutreachChannel = OutreachChannel.EMAIL) -> Recipient:
    """One message that left."""
    order = outreach.make_buyers(shop)[0]
    outreach.agree(order, channel)
    written = outreach.a_mail if channel is OutreachChannel.EMAIL else outreach.a_mailing
    outreach.make_mailing(written(outreach.make_campaign(shop), outreach.make_segment(shop)))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    return Recipient.objects.get()


def test_a_mailing_goes_from_the_form_to_approval(shop) -> None:
    outreach.agree(outreach.make_buyers(shop)[0])
    campaign, segment = outreach.make_campaign(shop), outreach.make_segment(shop)
    writer, manager = signed_in(Role.CAMPAIGN_SPECIALIST), signed_in(Role.OPERATIONS_MANAGER)
    new = reverse("outreach-new")
    assert "夏日好物节" in writer.get(new).content.decode()
    form = {
        "campaign_id": campaign.pk, "segment_id": segment.pk, "channel": "sms", "name": "开抢提醒",
        "signature": "掌柜示范店", "template": "", "subject": "", "text": "今晚开抢", "planned_at": "2026-06-01T15:00",
    }  # fmt: skip
    refused = writer.post(new, form)
    assert refused.status_code == 422
    assert "短信要填已报备的模板编号" in refused.content.decode()
    assert writer.post(new, {**form, "template": "SMS_100001"}).status_code == 302
    mailing = Mailing.objects.get()
    record = reverse("outreach-mailing", args=[mailing.pk])
    assert "【掌柜示范店】今晚开抢 拒收请回复R" in writer.get(record).content.decode()
    assert writer.get(reverse("outreach-edit", args=[mailing.pk])).status_code == 200
    assert writer.post(reverse("outreach-submit", args=[mailing.pk])).status_code == 302
    assert "要由另一位主管审批" in writer.get(record).content.decode()
    assert writer.post(reverse("outreach-approve", args=[mailing.pk])).status_code == 403
    assert manager.post(reverse("outreach-approve", args=[mailing.pk])).status_code == 302
    mailing.refresh_from_db()
    assert mailing.state == "approved"
    assert "开抢提醒" in manager.get(reverse("outreach-mailings")).content.decode()
    assert manager.get(reverse("outreach-mailings"), {"counts": 1}).status_code == 200
    manager.post(reverse("outreach-stop", args=[mailing.pk]), {"reason": "改期"})
    page = manager.get(record).content.decode()
    assert "已停止" in page
    assert "改期" in page


def test_the_form_counts_who_would_get_it_and_why_not(shop) -> None:
    orders = outreach.make_buyers(shop, 3)
    outreach.agree(orders[0])
    segment = outreach.make_segment(shop)
    writer = signed_in(Role.CAMPAIGN_SPECIALIST)
    page = writer.get(reverse("outreach-audience"), {"segment_id": segment.pk, "channel": "sms"}).content.decode()
    assert "现在会发给 1 人" in page
    assert "没有同意接收" in page
    assert "选好人群后" in writer.get(reverse("outreach-audience"), {"segment_id": "x"}).content.decode()
    stranger = signed_in(Role.CAMPAIGN_SPECIALIST, shops=[make.make_shop()])
    assert "选好人群后" in stranger.get(reverse("outreach-audience"), {"segment_id": segment.pk}).content.decode()


def test_results_and_reasons_stand_on_the_record(shop, monkeypatch) -> None:
    outreach.make_buyers(shop, 2)
    outreach.agree(outreach.make_buyers(shop)[0])
    mailing_id = outreach.make_mailing(outreach.a_mailing(outreach.make_campaign(shop), outreach.make_segment(shop)))
    stage.at(monkeypatch, ONE)
    stage.work(stage.Post())
    page = signed_in(Role.OPERATIONS_MANAGER).get(reverse("outreach-mailing", args=[mailing_id])).content.decode()
    assert "没有同意接收" in page
    assert "139****" in page


def test_mailings_of_other_shops_are_not_shown(shop) -> None:
    mailing_id = outreach.make_mailing(
        outreach.a_mailing(outreach.make_campaign(shop), outreach.make_segment(shop)), "draft"
    )
    stranger = signed_in(Role.OPERATIONS_MANAGER, shops=[make.make_shop()])
    assert stranger.get(reverse("outreach-mailing", args=[mailing_id])).status_code == 404
    assert "开抢提醒" not in stranger.get(reverse("outreach-mailings")).content.decode()
    assert signed_in(Role.WAREHOUSE).get(reverse("outreach-mailings")).status_code == 403


def test_consent_is_recorded_looked_up_and_withdrawn_on_screen(shop) -> None:
    order = outreach.make_buyers(shop)[0]
    agent = signed_in(Role.CUSTOMER_SERVICE)
    form = {
        "shop_id": shop.pk, "channel": "sms", "source": "service", "order": order.platform_no,
        "address": "13812345678", "customer": "",
    }  # fmt: skip
    new = reverse("outreach-consent")
    assert agent.get(new).status_code == 200
    wrong = agent.post(new, {**form, "order": "T-none"})
    assert wrong.status_code == 422
    assert "没有这笔订单" in wrong.content.decode()
    assert agent.post(new, form).status_code == 302
    found = agent.get(reverse("outreach-consents"), {"q": "138 1234 5678"}).content.decode()
    assert "138****5678" in found
    assert "13812345678" not in found.replace("138 1234 5678", "").replace("q=138", "")
    assert "138****5678" in agent.get(reverse("outreach-consents"), {"q": order.platform_no}).content.decode()
    assert "138****" not in agent.get(reverse("outreach-consents"), {"q": "13900000000"}).content.decode()
    agent.post(reverse("outreach-withdraw"), {"ids": [Consent.objects.get().pk]})
    assert Consent.objects.get().state == "withdrawn"


def test_the_link_in_a_mail_asks_first_and_then_ends_it(shop, monkeypatch) -> None:
    recipient = a_sent(shop, monkeypatch)
    visitor, url = Client(), reverse("opt-out", args=[opt_out_token(recipient.pk)])
    for _ in range(2):  # scanners of mailboxes follow links
        assert "确认退订" in visitor.get(url).content.decode()
    assert Consent.objects.get().state == "given"
    assert "已退订" in visitor.post(url).content.decode()
    kept = Consent.objects.get()
    assert (kept.state, kept.way) == ("withdrawn", "link")
    recipient.refresh_from_db()
    assert recipient.opted_out_at == ONE
    assert "已退订" in visitor.post(url).content.decode()
    assert "已退订" in visitor.get(url).content.decode()
    assert visitor.get(url).headers["Referrer-Policy"] == "same-origin"


def test_a_mailbox_may_leave_with_one_click(shop, monkeypatch) -> None:
    recipient = a_sent(shop, monkeypatch)
    mailbox = Client(enforce_csrf_checks=True)
    answer = mailbox.post(
        reverse("opt-out", args=[opt_out_token(recipient.pk)]),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    assert Consent.objects.get().state == "withdrawn"


def test_forged_links_lead_nowhere_and_knocking_is_limited(shop, monkeypatch) -> None:
    recipient = a_sent(shop, monkeypatch)
    right = opt_out_token(recipient.pk)
    for token in ("1", "x-y", f"{recipient.pk}-AAAA", right.replace(str(recipient.pk), "999", 1), "9" * 30 + "-a"):
        assert Client().post(reverse("opt-out", args=[token])).status_code == 404
    assert way_out(right) is not None
    assert Consent.objects.get().state == "given"
    monkeypatch.setattr(KNOCKS, "allowed", lambda *_: False)
    assert Client().get(reverse("opt-out", args=[right])).status_code == 429


@pytest.fixture
def provider(settings):
    settings.SHOPKEEPER_SMS_PUSH_KEY = "push-key"
    gateways.text_messages.cache_clear()
    yield "push-key"
    gateways.text_messages.cache_clear()


def test_the_provider_pushes_reports_and_answers(shop, monkeypatch, provider) -> None:
    recipient = a_sent(shop, monkeypatch, OutreachChannel.SMS)
    key = message_key(recipient.pk)
    report = [{"out_id": key, "success": False, "err_code": "MOBILE_NOT_ON_SERVICE", "phone_number": "1390"}]
    push = Client(enforce_csrf_checks=True)

    def pushed(secret: str, kind: str, body: object) -> int:
        url = reverse("hook_sms", args=[secret, kind])
        text = body if isinstance(body, str) else json.dumps(body)
        return push.post(url, text, content_type="application/json").status_code

    assert pushed("wrong", "report", report) == 403
    assert pushed(provider, "report", "{half") == 400
    assert pushed(provider, "other", report) == 404
    assert Recipient.objects.get().state == "accepted"
    assert pushed(provider, "report", report) == 200
    assert Recipient.objects.get().state == "bounced"
    number = "13900001234"
    order = outreach.make_buyers(shop)[0]
    outreach.agree(order, OutreachChannel.SMS, number)
    assert pushed(provider, "up", [{"phone_number": number, "content": "TD"}]) == 200
    assert Consent.objects.get(subject_id=order.subject_id).state == "withdrawn"


def test_without_an_account_nobodys_pushes_are_believed(settings) -> None:
    settings.SHOPKEEPER_SMS_PUSH_KEY = ""
    gateways.text_messages.cache_clear()
    answer = Client().post(reverse("hook_sms", args=["x", "up"]), "[]", content_type="application/json")
    assert answer.status_code == 403
    gateways.text_messages.cache_clear()


def test_programs_read_mailings_recipients_audience_and_consents(shop, monkeypatch) -> None:
    recipient = a_sent(shop, monkeypatch, OutreachChannel.SMS)
    client = signed_in(Role.CAMPAIGN_SPECIALIST)
    listed = client.get("/api/v1/outreach/mailings").json()["items"]
    assert [(row["state"], row["accepted"], row["cost_minor"], row["booked_minor"]) for row in listed] == [
        ("sent", 1, 5, 5)
    ]
    one = client.get(f"/api/v1/outreach/mailings/{recipient.mailing_id}").json()
    assert one["number"].startswith("QF")
    who = client.get(f"/api/v1/outreach/mailings/{recipient.mailing_id}/recipients").json()["items"]
    assert who[0]["address"].startswith("139****")
    asked = {"segment_id": one["segment_id"], "channel": "sms"}
    seen = client.get("/api/v1/outreach/audience", asked).json()
    assert (seen["looked_at"], seen["would_get"], seen["is_whole"]) == (1, 1, True)
    consents = client.get("/api/v1/outreach/consents", {"state": "given"}).json()["items"]
    assert len(consents) == 1
    assert client.get("/api/v1/outreach/mailings/0").status_code == 404
    stranger = signed_in(Role.CAMPAIGN_SPECIALIST, shops=[make.make_shop()])
    assert stranger.get("/api/v1/outreach/mailings").json() == {"items": [], "next": None}
    assert stranger.get("/api/v1/outreach/audience", asked).status_code == 404

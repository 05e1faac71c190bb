"""S1.1 live: streams through the real web server come back without loss or doubling, even when it is killed."""

import threading
import time

import httpx
import pytest

from shopkeeper.flows.service.conversations.commands.send_replies import SendReply, send_replies
from shopkeeper.flows.service.conversations.models import Conversation, Message
from tests.flows.service.conversations import stage
from tests.flows.service.conversations.site import Site, WebCustomer, cookie_of

pytestmark = pytest.mark.clause("S1.1")
STREAMS = 40
LINES = 12


def talk_of(customer: WebCustomer) -> Conversation:
    return Conversation.objects.get(id=customer.conversation)


def test_a_line_is_on_the_other_side_in_a_moment_and_a_reconnect_brings_each_once(site: Site) -> None:
    customer = site.customer()
    customer.say("什么时候发货？", "key-00000001")
    who = stage.actor(site.agents[0])
    customer.hear(2)  # one's own line and the greeting
    with customer.following() as lines:
        began = time.monotonic()
        stage.reply(who, talk_of(customer), "第一条")
        assert next(lines)["text"] == "第一条"
        assert time.monotonic() - began < 2.0
    for n in range(5):  # said while nobody listened
        stage.reply(who, talk_of(customer), f"离线第{n}条")
    customer.hear(8)
    with customer.following() as lines:
        stage.reply(who, talk_of(customer), "最后一条")
        next(lines)
    sequences = [line["sequence"] for line in customer.heard]
    assert sequences == sorted(set(sequences))
    stored = Message.objects.filter(conversation=talk_of(customer)).exclude(sender="system").count()
    assert len(sequences) == stored


def test_a_forged_or_foreign_token_follows_nothing(site: Site) -> None:
    one, other = site.customer(), site.customer()
    one.say("我的秘密", "key-00000001")
    other.say("别人", "key-00000002")
    with httpx.Client(trust_env=False) as http:
        for token in ("", "x", one.token + "x", one.token.replace(one.token[0], "A", 1) + "A"):
            assert http.get(f"{site.address}/live/chat", params={"token": token}).status_code == 401
        assert http.get(f"{site.address}/live/desk", params={"token": one.token}).status_code == 401
        assert http.post(f"{site.address}/live/chat", params={"token": one.token}).status_code == 404
    other.hear(2)
    assert "我的秘密" not in str(other.heard)


def test_agents_hear_of_their_own_shops_only_and_who_is_replying(site: Site) -> None:
    cookie = {"sessionid": cookie_of(stage.person_of(site.agents[0]))}
    with httpx.Client(trust_env=False, cookies=cookie, timeout=20) as http:
        page = http.get(f"{site.address}/service/desk/").text
        live = page.partition('name="sk-live" content="')[2].partition('"')[0].replace("&amp;", "&")
        token = live.partition("token=")[2]
        assert token
        customer = site.customer()
        with http.stream("GET", f"{site.address}/live/desk?token={token}") as notices:
            lines = notices.iter_lines()
            assert next(lines) == ": welcome"
            customer.say("在吗，退货", "key-00000009")
            heard = next(line for line in lines if line.startswith("data: "))
            assert f'"topic": {customer.conversation}' in heard
            assert "退货" not in heard


def test_killing_the_web_server_with_streams_open_loses_and_doubles_nothing(site: Site) -> None:
    killed_with_streams_open(site, STREAMS)


@pytest.mark.soak
def test_killing_the_web_server_with_five_hundred_streams_open_loses_and_doubles_nothing(site: Site) -> None:
    killed_with_streams_open(site, 500, patience_s=240)


def killed_with_streams_open(site: Site, streams: int, patience_s: float = 60) -> None:
    """Customers follow while agents write; the web server is killed in the middle and started again."""
    customers = [site.customer() for _ in range(streams)]
    for n, customer in enumerate(customers):
        customer.say("在吗，什么时候发货", f"key-{n:08d}")
    who = stage.actor(site.agents[0])
    talks = [talk_of(customer).pk for customer in customers]
    expected = LINES + 2
    threads = [threading.Thread(target=customer.hear, args=(expected, patience_s)) for customer in customers]
    for thread in threads:
        thread.start()
    for n in range(LINES):
        if n == LINES // 2:
            site.running.kill("web")
        outcomes = send_replies(who, [SendReply(talk, f"line-{n}", f"第{n}条") for talk in talks])
        assert all(outcome.changed for outcome in outcomes)
        if n == LINES // 2 + 1:
            site.running.start("web")
        time.sleep(0.05)
    site.running.wait_until_answering()
    for thread in threads:
        thread.join(patience_s)
    for customer in customers:
        said = [line["text"] for line in customer.heard if line["sender"] == "agent"]
        assert said == [f"第{n}条" for n in range(LINES)]

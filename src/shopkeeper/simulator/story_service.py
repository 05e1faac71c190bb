"""The story at the service desk: chats, calls, forms, who takes what; before the sale (S1.1, S1.2, S2.1)."""

from datetime import timedelta
from typing import Any

from shopkeeper.simulator.cast import HERO, HERO_UID, Cast
from shopkeeper.simulator.catalogue import CHOSEN, SHOPFRONTS

REPLY = "conversations/send-replies"
AGENTS, PRESENCE = "tickets/set-agents", "tickets/set-presence"
CLASSIFY, RESOLVE, HAND_OVER = "tickets/classify-tickets", "tickets/resolve-tickets", "tickets/hand-over-tickets"
SHOP = SHOPFRONTS[0]


# how people talk ----------------------------------------------------------------------------------------------


def writes(cast: Cast, who: str, text: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A shopper writes to the first shop in the platform's chat; the conversation as the desk has it."""
    line = {"from": who, "nick": name or who, "text": text, "session": SHOP.session, **more}
    cast.outside.post("/platform/chats", {"lines": [line]})
    cast.steps.settle()
    cast.tell("咨询", who, text)
    return talk(cast)


def talk(cast: Cast, channel: str = "") -> dict[str, Any]:
    """The newest conversation of the first shop."""
    rows = cast.house.get("service", "conversations/conversations", shop_id=1, channel=channel, limit=1)["items"]
    found: dict[str, Any] = rows[0]
    return found


def again(cast: Cast, conversation: dict[str, Any]) -> dict[str, Any]:
    """A conversation as it stands now."""
    found: dict[str, Any] = cast.house.get("service", f"conversations/conversations/{conversation['id']}")
    return found


def replies(cast: Cast, conversation: dict[str, Any], text: str, after_s: int, **more: Any) -> None:
    """The agent answers so many seconds later."""
    cast.steps.run_until(cast.steps.now + timedelta(seconds=after_s))
    key = f"{conversation['id']}-{cast.next_line()}"
    line = {"conversation_id": conversation["id"], "client_id": key, "text": text, **more}
    cast.expect("回复", "service", REPLY, [line])


def ticket(cast: Cast, ticket_id: int) -> dict[str, Any]:
    """A ticket whole."""
    found: dict[str, Any] = cast.house.get("service", f"tickets/tickets/{ticket_id}")
    return found


def person(cast: Cast, name: str) -> int:
    """Whose number a colleague's is."""
    return cast.people[name]


# the chapters -------------------------------------------------------------------------------------------------


def desk_opens(cast: Cast) -> None:
    """S1.1, S1.2, S2.1: channels and agents, what agents know; who may not, and what is not believed."""
    pull = {"key": "chat_pull_minutes", "value": 240, "reason": "平台有消息推送，补拉作兜底"}
    cast.expect("规程", "supervisor", "sop/set-policy", [pull])
    channels = [{"shop_id": front, "origins": ["https://shop.example"]} for front in (1, 2, 3)]
    cast.expect("渠道", "service", "conversations/open-channels", channels[:1], "not_allowed")
    wrong = {"shop_id": 1, "origins": ["javascript:alert(1)"]}
    cast.expect("渠道", "supervisor", "conversations/open-channels", [wrong], "origin_unreadable")
    cast.expect("渠道", "supervisor", "conversations/open-channels", channels)
    hands = {"capacity": 20, "chat_capacity": 5, "languages": ["zh", "en"]}
    first, second = person(cast, "service"), person(cast, "service2")
    agents = [{**hands, "person_id": first, "shop_ids": [1]}, {**hands, "person_id": second, "shop_ids": [2, 3]}]
    cast.expect("客服", "service", AGENTS, agents[:1], "not_allowed")
    cast.expect("客服", "supervisor", AGENTS, [{**hands, "person_id": 9_999}], "person_unknown")
    cast.expect("客服", "supervisor", AGENTS, agents)
    cast.expect("客服", "service", PRESENCE, [{"presence": "available", "person_id": second}], "not_yours")
    for who in ("service", "service2"):
        cast.expect("客服", who, PRESENCE, [{"presence": "available"}])
    _what_agents_know(cast)


def _what_agents_know(cast: Cast) -> None:
    """S2.1: an article and words said often, filled with live facts."""
    body = "梅子青釉，手工拉坯，龙泉窑烧制；可用于洗碗机下层，不宜骤冷骤热。"
    article = {"code": "celadon-care", "title": "青瓷盖碗怎么选、怎么养", "body": body, "kind": "product"}
    cast.expect("知识库", "service", "tickets/write-articles", [article], "not_allowed")
    written = cast.expect("知识库", "supervisor", "tickets/write-articles", [article])
    cast.expect("知识库", "supervisor", "tickets/publish-articles", [{"article_id": written[0]["id"]}])
    reply = {
        "shortcut": "发货",
        "title": "什么时候发货",
        "text": "您的订单 {order} 今天 {moon} 发出。",
        "kind": "shipping",
    }
    cast.expect("知识库", "supervisor", "tickets/set-replies", [reply], "place_unknown")
    reply["text"] = "您的订单 {order}，单号 {parcel}，我们一直看着。"
    cast.expect("知识库", "supervisor", "tickets/set-replies", [reply])


def before_the_sale(cast: Cast) -> None:
    """S1.1, S2.1: she asks before she buys; a person answers within ten seconds and shows the bowl with its price."""
    cast.outside.misbehave("messages", "twice", next=1)
    asked = writes(cast, HERO_UID, "这款盖碗是手工的吗？有现货吗，送长辈", HERO["name"])
    cast.insist("咨询", asked["agent"] == "徐婷" and asked["state"] == "assigned", "一秒内分派给客服徐婷")
    cast.made["asked"] = asked["ticket_id"]
    line = {"conversation_id": asked["id"], "client_id": "empty", "text": "  "}
    cast.expect("回复", "service", REPLY, [line], "nothing_said")
    cast.expect("回复", "service2", REPLY, [{**line, "text": "您好"}], "not_found")
    cast.expect("回复", "depot", REPLY, [{**line, "text": "您好"}], "not_allowed")
    sku = cast.made["celadon_sku"]
    replies(cast, asked, "您好，是手工的，现货，今天拍下今天发。", 6, sku_id=sku)
    now = again(cast, asked)
    cast.insist("咨询", now["waited_s"] <= 10 and not now["is_late"], f"{now['waited_s']:.0f} 秒内人工首次回复")
    offer = {"ticket_id": asked["ticket_id"], "sku_id": sku}
    cast.expect("商品卡", "service", "tickets/offer-products", [offer], "unchanged")
    cast.expect("商品卡", "service", "tickets/offer-products", [{**offer, "sku_id": 10**9}], "sku_unknown")
    cast.expect("商品卡", "service", "tickets/offer-products", [{**offer, "sku_id": 1}])
    heard = cast.outside.get("/platform/chats", session=SHOP.session)["lines"]
    said = [line["content"] for line in heard if line["to_open_uid"] == HERO_UID]
    cast.insist(
        "商品卡", any("现货" in text and CHOSEN.spec in text for text in said), "商品卡（价格、现货）已送达买家"
    )
    writes(cast, HERO_UID, "好的谢谢", HERO["name"])


def answered_late(cast: Cast) -> None:
    """S1.1: one waits longer than ten seconds; the lateness is on record."""
    late = writes(cast, "AAH-late-1", "有没有 L 码，身高 180 穿多大？", "路人甲")
    replies(cast, late, "抱歉久等，180 建议 L 码。", 25)
    cast.insist("咨询", again(cast, late)["is_late"], "首次回复 25 秒，超过 10 秒，记为超时")
    key = {"ticket_id": late["ticket_id"], "kind": "size"}
    cast.expect("分类", "service", CLASSIFY, [key], "unchanged")
    end = {"conversation_id": late["id"], "ending": "solved", "resolves_ticket": True}
    cast.expect("咨询", "service", "conversations/end-conversations", [end])
    line = {"conversation_id": late["id"], "client_id": "too-late", "text": "还在吗"}
    cast.expect("回复", "service", REPLY, [line], "conversation_ended")


def she_bought(cast: Cast) -> None:
    """S2.1: her order is tied to what she asked; the inquiry is settled."""
    found = ticket(cast, cast.made["asked"])
    cast.insist("转化", found["converted_order_id"] == cast.orders["hero"], "咨询已转化为订单")
    asked = {"ticket_id": cast.made["asked"], "resolution": "answered"}
    cast.expect("咨询", "service2", RESOLVE, [asked], "not_found")
    cast.expect("咨询", "service", RESOLVE, [asked])
    cast.expect(
        "商品卡", "service", "tickets/offer-products", [{"ticket_id": asked["ticket_id"], "sku_id": 1}], "ticket_ended"
    )


def a_call_and_a_form(cast: Cast) -> None:
    """S1.1, S1.2: a call answered within ten seconds, one missed; a form about an invoice, wrongly sorted at first."""
    now = cast.steps.now
    ring = {"shop_id": 1, "reference": "call-1", "phone": "13800001111", "rang_at": now.isoformat()}
    cast.expect("来电", "orders", "conversations/log-calls", [ring], "not_allowed")
    cast.expect(
        "来电", "service", "conversations/log-calls", [{**ring, "reference": "call-0", "rang_at": None}], "not_rung"
    )
    cast.expect("来电", "service", "conversations/log-calls", [ring])
    cast.steps.run_until(now + timedelta(seconds=7))
    taken = {**ring, "answered_at": cast.steps.now.isoformat(), "note": "问什么时候发货，已告知今天"}
    cast.expect("来电", "service", "conversations/log-calls", [taken])
    cast.steps.run_until(now + timedelta(minutes=2))
    cast.expect("来电", "service", "conversations/log-calls", [{**taken, "hung_up_at": cast.steps.now.isoformat()}])
    row = talk(cast, "phone")
    cast.insist("来电", row["state"] == "ended" and not row["is_late"], "来电 7 秒接听，通话已记录")
    cast.expect("来电", "service", RESOLVE, [{"ticket_id": row["ticket_id"], "resolution": "answered"}])
    said = "抬头写错了，要换一张"
    code = cast.buyers.leave_form(SHOP.code, key="story-form-1", contact="13800002222", name="何先生", text=said)
    cast.steps.settle()
    cast.insist("留言", code in (200, 302), "买家在网页留言，已收下")
    form = talk(cast, "form")
    replies(cast, form, "您好，已为您申请重开，抬头请再确认一下。", 8)
    found = ticket(cast, form["ticket_id"])
    fix = {"ticket_id": found["id"], "kind": "quality"}
    cast.expect("分类", "service2", CLASSIFY, [fix], "not_found")
    cast.expect("分类", "service", CLASSIFY, [fix])
    cast.expect("分类", "service", CLASSIFY, [{**fix, "kind": "invoice"}])
    cast.insist("分类", ticket(cast, found["id"])["kind"] == "invoice", "系统建议已由客服更正为“发票”，并学到")
    pass_on = {"ticket_id": found["id"], "reason": ""}
    cast.expect("转交", "service", HAND_OVER, [{**pass_on, "to_agent_id": 9_999}], "reason_needed")
    cast.made["form"] = found["id"]


def nobody_there(cast: Cast) -> None:
    """S1.2: a form comes while the agent is away; nobody has a hand free."""
    cast.expect("客服", "service", PRESENCE, [{"presence": "away"}])
    text = "物流三天没更新，到哪了？"
    cast.buyers.leave_form(SHOP.code, key="story-form-2", contact="13800003333", name="许女士", text=text)
    cast.steps.settle()
    cast.made["waiting"] = talk(cast, "form")["id"]
    found = ticket(cast, talk(cast, "form")["ticket_id"])
    cast.insist("分派", found["agent_id"] is None, "客服离开，工单待分派")
    cast.expect("分派", "service", RESOLVE, [{"ticket_id": found["id"], "resolution": "answered"}], "not_in_hand")


def back_late(cast: Cast) -> None:
    """S1.2, S1.1: assigned and answered a quarter of an hour later: late, both."""
    cast.expect("客服", "service", PRESENCE, [{"presence": "available"}])
    form = cast.house.get("service", f"conversations/conversations/{cast.made['waiting']}")
    found = ticket(cast, form["ticket_id"])
    cast.insist("分派", found["agent"] == "徐婷", "客服回来后系统自动分派，已逾时")
    cast.expect("分派", "service", RESOLVE, [{"ticket_id": found["id"], "resolution": "answered"}], "reply_first")
    replies(cast, form, "已联系快递催派，预计明天送到。", 5)
    cast.expect("分派", "service", RESOLVE, [{"ticket_id": found["id"], "resolution": "answered"}])


def form_solved_late(cast: Cast) -> None:
    """S1.2: the invoice took more than a day."""
    cast.expect("分派", "service", RESOLVE, [{"ticket_id": cast.made["form"], "resolution": "answered"}])
    reopen = {"ticket_id": cast.made["form"], "reason": ""}
    cast.expect("分派", "service", "tickets/reopen-tickets", [reopen], "reason_needed")

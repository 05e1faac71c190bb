"""The story of messages to customers: consent, approval, sent once each, the way out, never too many (M1.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.story_campaign import at

SAVE, SUBMIT, APPROVE = "outreach/save-mailings", "outreach/submit-mailings", "outreach/approve-mailings"
CONSENT = "outreach/give-consents"
PHONES = {"hero": "13957120088", "clean": "13800010002", "urgent": "13800010003"}
MAILS = {"hero": "ruolan@mail.example", "cheap": "cheap@mail.example"}


def consents(cast: Cast) -> None:
    """M1.2: who said yes, on which channel, to which address of their own; nobody else is written to."""
    base = {"shop_id": 1, "channel": "sms", "source": "own_shop"}
    cast.expect("同意", "depot", CONSENT, [base], "not_allowed")
    cast.expect("同意", "service", CONSENT, [base], "consent_whose")
    one = {**base, "order_id": cast.orders["hero"]}
    cast.expect("同意", "service", CONSENT, [{**one, "address": "12345"}], "address_unusable")
    yes = [{**base, "order_id": cast.orders[name], "address": phone} for name, phone in PHONES.items()]
    cast.expect("同意", "service", CONSENT, yes)
    mail = {**base, "channel": "email", "source": "membership"}
    yes = [{**mail, "order_id": cast.orders[name], "address": address} for name, address in MAILS.items()]
    cast.expect("同意", "service", CONSENT, yes)


def _text(cast: Cast, name: str, day: int, hour: int, minute: int) -> dict[str, Any]:
    return {
        "campaign_id": cast.made["campaign"],
        "segment_id": cast.made["segment"],
        "channel": "sms",
        "name": name,
        "signature": accounts.SMS_SIGNATURE,
        "template": accounts.SMS_TEMPLATE,
        "text": "{campaign}明日十点，满150减20，券已到店铺首页",
        "planned_at": at(cast, day, hour, minute),
    }


def written(cast: Cast) -> None:
    """M1.2: a text message is written and counted; words the law forbids do not get as far."""
    text = _text(cast, "预告短信", 5, 14, 30)
    cast.expect("短信", "campaigns", SAVE, [{**text, "text": "国家级青瓷，全网最低"}], "words_prohibited")
    cast.expect("短信", "campaigns", SAVE, [{**text, "text": "{nobody}您好"}], "variables_unknown")
    cast.expect("短信", "campaigns", SAVE, [{**text, "template": ""}], "template_needed")
    cast.made["sms"] = cast.expect("短信", "campaigns", SAVE, [text])[0]["id"]
    found = cast.expect("短信", "campaigns", SUBMIT, [{"mailing_id": cast.made["sms"]}])[0]["facts"]
    cast.insist("短信", found["would_get"] == len(PHONES), f"同意过的 {found['would_get']} 位会收到，其余不发")


def approved_late(cast: Cast) -> None:
    """M1.2: looked at after more than a day; it leaves at its time."""
    mine = [{"mailing_id": cast.made["sms"]}]
    cast.expect("短信", "campaigns", APPROVE, mine, "not_allowed")
    cast.expect("短信", "supervisor", "outreach/return-mailings", [{**mine[0], "reason": ""}], "reason_needed")
    cast.expect("短信", "supervisor", APPROVE, mine)
    cast.outside.misbehave("sms", "lost_answer", next=1)


def sent_once(cast: Cast) -> None:
    """M1.2: each got it once, though one answer was lost; somebody answers TD and is out."""
    taken = [row for row in _recipients(cast, "sms") if row["state"] in ("accepted", "delivered")]
    cast.insist("短信", len(taken) == len(PHONES), "三位的短信，服务商都已收下")
    ledger = cast.outside.ledger("sms")
    once = all(row["count"] - row["lost_answers"] <= 1 for row in ledger) and len(ledger) == len(PHONES)
    cast.insist("短信", once, "服务商记录：每人一条，丢了回执也没有重发")
    cast.outside.post("/sms/answers", {"phone": PHONES["clean"], "text": "TD"})
    cast.steps.settle()
    left = cast.house.get("campaigns", "outreach/consents", state="withdrawn", shop_id=1)["items"]
    cast.insist("退订", len(left) == 1, "回复 TD，立即退订")
    _mail(cast)


def _mail(cast: Cast) -> None:
    words = {"channel": "email", "template": "", "name": "专场邮件", "signature": "掌柜旗舰店"}
    mail = {**_text(cast, "专场邮件", 5, 15, 30), **words}
    cast.expect("邮件", "campaigns", SAVE, [mail], "subject_needed")
    cast.made["mail"] = cast.expect("邮件", "supervisor", SAVE, [{**mail, "subject": "梅子青一日专场"}])[0]["id"]
    mine = [{"mailing_id": cast.made["mail"]}]
    cast.expect("邮件", "campaigns", SUBMIT, mine)
    cast.expect("邮件", "supervisor", APPROVE, mine, "own_mailing")
    cast.expect("邮件", "manager", APPROVE, mine)


def left_by_link(cast: Cast) -> None:
    """M1.2: the mail has a way out that one click takes; a third message this week goes to those left only."""
    mails = {row["to"]: row for row in cast.outside.ledger("mail")}
    cast.insist("邮件", sorted(mails) == sorted(MAILS.values()), "两封邮件，每人一封")
    link = mails[MAILS["cheap"]]["unsubscribe"]
    cast.insist("退订", cast.buyers.leave_mailings(link) == 200, "邮件里点退订，一步完成")
    text = {**_text(cast, "开场短信", 5, 16, 30), "text": "{campaign}十点开场，满150减20"}
    cast.made["third"] = cast.expect("短信", "campaigns", SAVE, [text])[0]["id"]
    mine = [{"mailing_id": cast.made["third"]}]
    found = cast.expect("短信", "campaigns", SUBMIT, mine)[0]["facts"]
    cast.expect("短信", "supervisor", APPROVE, mine)
    cast.insist("短信", found["would_get"] == 1, "退订的不发，一周已收两条的不发，只剩一位")


def capped(cast: Cast) -> None:
    """M1.2: why the others got nothing stands beside each of them; the cost is booked by itself."""
    reasons = {row["reason"] for row in _recipients(cast, "third") if row["state"] == "skipped"}
    cast.insist("短信", {"opted_out", "capped", "no_consent"} <= reasons, "未发原因逐人可查")
    spent = cast.house.get("campaigns", f"campaigns/campaigns/{cast.made['campaign']}")["budget"]
    minor = next(cost["spent_minor"] for cost in spent if cost["kind"] == "sms_edm")
    cast.insist("预算", minor > 0, f"短信与邮件费用 {minor} 分已自动记入预算")


def _recipients(cast: Cast, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.house.get(
        "campaigns", f"outreach/mailings/{cast.made[name]}/recipients", limit=200
    )["items"]
    return found

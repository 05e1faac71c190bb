"""The story after the hand-over: tracking, cases, signing, follow-up, settlement (O3.2, O4)."""

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.stepping import CHINA


def quick_ones_confirm(cast: Cast) -> None:
    """O4.1: two buyers confirm; one order is settled by itself, the cheap one waits for finance."""
    for name in ("clean", "cheap", "unasked"):
        cast.insist("签收", cast.row(name)["state"] == "signed", f"{name} 已签收")
    complete = [{"order_id": cast.orders["clean"]}]
    cast.expect("完成", "finance", "settlement/settle-orders", complete, "not_completed")
    for name in ("clean", "cheap"):
        cast.shopper(name, "confirm")
        cast.insist("完成", cast.row(name)["state"] == "completed", f"{name} 买家确认，订单完成")


def finance_looks_late(cast: Cast) -> None:
    """O4.1: sold at a loss, so a person must look; finance comes after the 24 hours."""
    order = cast.orders["cheap"]
    look = {"order_id": order, "doubt": "negative_margin", "reason": ""}
    approve = "settlement/approve-settlements"
    cast.expect("结算", "orders", approve, [look], "not_allowed")
    cast.expect("结算", "finance", "settlement/settle-orders", [{"order_id": order}], "negative_margin")
    cast.expect("结算", "finance", approve, [look], "reason_needed")
    cast.expect("结算", "finance", approve, [{**look, "reason": "清仓特价，亏损在预算内"}])
    today = cast.steps.now.astimezone(CHINA).date()
    day = {"shop_id": 1, "day": today.isoformat()}
    cast.expect("日结", "finance", "settlement/close-days", [day], "day_not_over")
    day["day"] = today.replace(day=today.day - 1).isoformat()
    cast.expect("日结", "finance", "settlement/close-days", [day])


def stalled(cast: Cast) -> None:
    """O3.2: 48 hours without a scan made a case; the specialist asks the courier, who promises an answer."""
    case = cast.case_of("hero")
    cast.insist("物流", case["kind"] == "stalled", "48 小时无更新，已立案")
    contact = {"case_id": case["id"], "channel": "phone", "note": "网点称件在转运中心积压，今天发出", "answer_hours": 6}
    cast.expect("物流", "orders2", "parcels/contact-couriers", [contact], "not_found")
    cast.expect("物流", "service", "parcels/contact-couriers", [contact], "not_allowed")
    cast.expect("物流", "orders", "parcels/contact-couriers", [contact])
    close = {"case_id": case["id"], "outcome": "no_fault"}
    cast.expect("物流", "orders", "parcels/close-cases", [close], "outcome_needs_note")


def moving_again(cast: Cast) -> None:
    """O3.2: it moves again, and the case is closed with that; another case nobody looked at in time is late."""
    number = cast.parcel("hero")["number"]
    case = cast.case_of("hero")
    close = {"case_id": case["id"], "outcome": "moving_again", "note": "网点已补发"}
    cast.expect("物流", "orders", "parcels/close-cases", [close])
    cast.expect("物流", "orders", "parcels/close-cases", [{**close, "outcome": "returned"}], "case_closed")
    cast.outside.post("/courier/moves", {"moves": [{"number": number, "to": "arrived"}]})
    cast.steps.settle()
    late = cast.case_of("silent")
    cast.expect(
        "物流",
        "orders",
        "parcels/close-cases",
        [{"case_id": late["id"], "outcome": "lost", "note": "快递查无下落，按遗失理赔"}],
    )


def hero_signed(cast: Cast) -> None:
    """O3.2: delivered and signed for."""
    number = cast.parcel("hero")["number"]
    for move in ("delivering", "signed"):
        cast.outside.post("/courier/moves", {"moves": [{"number": number, "to": move}]})
        cast.steps.settle()
    cast.insist("签收", cast.row("hero")["state"] == "signed", "买家已签收")


def first_follow_up_late(cast: Cast) -> None:
    """O4.2: the buyer who never confirmed is asked, a day too late."""
    row = cast.follow_up_of("unasked")
    record = {"followup_id": row["id"], "attempt": 1, "outcome": "will_confirm", "note": "说今晚确认"}
    cast.expect("回访", "service", "settlement/record-follow-up", [record])


def hero_follow_up(cast: Cast) -> None:
    """O4.2: seven days after signing, customer service calls; nobody answers."""
    row = cast.follow_up_of("hero")
    record = {"followup_id": row["id"], "attempt": 1, "outcome": "not_reached", "note": ""}
    address = "settlement/record-follow-up"
    cast.expect("回访", "service2", address, [record], "not_found")
    cast.expect("回访", "depot", address, [record], "not_allowed")
    cast.expect("回访", "service", address, [{**record, "attempt": 2}], "attempt_ahead")
    cast.expect("回访", "service", address, [{**record, "outcome": "has_problem"}], "note_needed")
    cast.expect("回访", "service", address, [record])


def hero_answers(cast: Cast) -> None:
    """The second call: she has it, and will confirm."""
    row = cast.follow_up_of("hero")
    record = {"followup_id": row["id"], "attempt": 2, "outcome": "will_confirm", "note": "茶具收到很满意，明天确认"}
    cast.expect("回访", "service", "settlement/record-follow-up", [record])


def hero_confirms(cast: Cast) -> None:
    """O4.1: she confirms; the order is completed and settled by itself, and its books balance."""
    cast.shopper("hero", "confirm")
    cast.insist("完成", cast.row("hero")["state"] == "completed", "买家确认收货，订单完成")
    found = cast.house.get("finance", "settlement/settlements", order_number=cast.row("hero")["number"])["items"]
    cast.insist("结算", [row["state"] for row in found] == ["settled"], "订单已自动结算")
    whole = cast.house.get("finance", f"settlement/settlements/{found[0]['id']}")
    total = sum(entry["amount_minor"] for entry in whole["entries"])
    cast.insist("结算", total == 0 and len(whole["entries"]) > 3, f"{len(whole['entries'])} 笔分录借贷相等")


def curtain(cast: Cast) -> None:
    """G2, G6: an overdue duty was escalated; a token of a program can do no more than its owner."""
    counts = cast.house.get("supervisor", "audit/evidence")["events"]
    cast.insist("上报", counts.get("sop.work_escalated", 0) > 0, "逾期事项已上报主管并通知机器人")
    cast.insist("上报", len(cast.outside.ledger("robot")) > 0, "团队群已收到提醒")
    cast.insist("两语", not cast.house.wordless, "每次拒绝都用中英两种语言说明原因")

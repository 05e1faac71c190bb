"""The story after the parcel has come: evidence, offers, refunds, returns, an exchange (S2.3)."""

from typing import Any

from shopkeeper.simulator.buyers import forged
from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import BY_CODE
from shopkeeper.simulator.pictures import drawn
from shopkeeper.simulator.story_changes import uid
from shopkeeper.simulator.story_service import replies, writes

OPEN, ASK, JUDGE = "aftersale/open-aftersale", "aftersale/ask-evidence", "aftersale/judge-evidence"
OFFER, ANSWER, REFUSE = "aftersale/offer-solution", "aftersale/answer-offer", "aftersale/refuse-aftersale"
APPROVE, REJECT, RETRY = "aftersale/approve-refunds", "aftersale/reject-refunds", "aftersale/retry-refunds"
RECEIVE, GRADE = "aftersale/receive-return", "aftersale/grade-return"
BIN = "A-01-01"


def case(cast: Cast, name: str) -> dict[str, Any]:
    """The case of a named order."""
    found: dict[str, Any] = cast.house.get("supervisor", f"aftersale/cases/{cast.made[f'case {name}']}")
    return found


def _lines(cast: Cast, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.house.get("supervisor", f"intake/orders/{cast.orders[name]}")["lines"]
    return found


def _offer(cast: Cast, name: str, solution: str, **more: Any) -> dict[str, Any]:
    """What is offered next."""
    found = case(cast, name)
    return {"case_id": found["id"], "solution": solution, "number": found["next_offer"], **more}


def _answer(cast: Cast, name: str, answer: str = "accepted", who: str = "service") -> None:
    found = case(cast, name)
    item = {"case_id": found["id"], "number": found["next_offer"] - 1, "answer": answer}
    cast.expect("答复", who, ANSWER, [item])


def _on_hand(cast: Cast, code: str) -> int:
    return next(int(row["on_hand"]) for row in cast.house.all_rows("supervisor", "audit/skus") if row["code"] == code)


def _proven(cast: Cast, name: str, shot: str) -> None:
    """An agent was sent one picture in the chat: sealed, put on the case, found good."""
    found = case(cast, name)
    sealed = cast.house.upload(
        "service", f"aftersale/cases/{found['id']}/evidence-files", f"{shot}.jpg", drawn(found["id"])
    )
    cast.expect(
        "举证", "service", "aftersale/add-evidence", [{"case_id": found["id"], "files": [{**sealed, "shot": shot}]}]
    )
    shown = case(cast, name)["evidence"][-1]
    cast.expect("举证", "service", JUDGE, [{"evidence_id": shown["id"], "verdict": "good"}])


# broken in transit: evidence by link, a part of the money, agreed by a second person ---------------------------


def broken_reported(cast: Cast) -> None:
    """S2.3: one of two teapots is broken; the case is opened from the chat, pictures are asked for by link."""
    cast.insist("签收", cast.row("broken")["state"] == "signed", "两把壶已签收")
    asked = writes(cast, uid("broken"), "收到两把壶，有一把壶嘴破了", "秦女士", tid=str(cast.tids["broken"]))
    replies(cast, asked, "非常抱歉，我马上给您处理。", 6)
    piece = {"order_line_id": _lines(cast, "broken")[0]["id"], "quantity": 1}
    wish = {"order_id": cast.orders["broken"], "reason": "damaged", "ticket_id": asked["ticket_id"], "pieces": [piece]}
    cast.expect("售后", "depot", OPEN, [wish], "not_allowed")
    cast.expect("售后", "service2", OPEN, [wish], "not_found")
    cast.expect("售后", "service", OPEN, [{**wish, "pieces": [{**piece, "quantity": 3}]}], "pieces_gone")
    cast.expect("售后", "service", OPEN, [{**wish, "pieces": [{**piece, "order_line_id": 1}]}], "pieces_unknown")
    cast.expect("售后", "service", OPEN, [{**wish, "order_id": cast.orders["unknown"], "pieces": []}], "order_not_paid")
    cast.made["case broken"] = cast.expect("售后", "service", OPEN, [wish])[0]["id"]
    cast.expect("售后", "service", OPEN, [wish], "unchanged")
    cast.expect("举证", "service", OFFER, [_offer(cast, "broken", "refund_only")], "evidence_missing")
    cast.expect("举证", "service", ASK, [{"case_id": cast.made["case broken"]}])
    cast.insist("举证", bool(case(cast, "broken")["evidence_url"]), "一次性举证链接已生成，要求细节与外包装照片")


def broken_shown(cast: Cast) -> None:
    """S2.3: she sends pictures; one is no good, so a new link; the old ones are over."""
    link = case(cast, "broken")["evidence_url"]
    cast.insist("举证", cast.buyers.hand_in(link, {"fault": b"<script>alert(1)</script>"}) == 422, "不是图片，拒收")
    sent = cast.buyers.hand_in(link, {"fault": drawn(21), "package": drawn(22)})
    cast.insist("举证", sent == 200, "买家上传两张照片")
    cast.insist("举证", cast.buyers.hand_in(link, {"fault": drawn(23)}) == 410, "举证链接只能用一次")
    cast.insist("举证", cast.buyers.hand_in(forged(link), {"fault": drawn(23)}) == 404, "伪造的链接打不开")
    shots = {row["shot"]: row["id"] for row in case(cast, "broken")["evidence"]}
    blurred = {"evidence_id": shots["fault"], "verdict": "bad"}
    cast.expect("举证", "service", JUDGE, [blurred], "reason_needed")
    cast.expect("举证", "service", JUDGE, [{**blurred, "reason": "看不清破损处，请近拍"}])
    cast.expect("举证", "service", JUDGE, [{"evidence_id": shots["package"], "verdict": "good"}])
    cast.expect("举证", "service", OFFER, [_offer(cast, "broken", "refund_only")], "evidence_missing")
    cast.expect("举证", "service", ASK, [{"case_id": cast.made["case broken"]}])
    link = case(cast, "broken")["evidence_url"]
    cast.insist("举证", cast.buyers.hand_in(link, {"fault": drawn(24)}) == 200, "买家重新上传一张近照")
    nearer = next(row for row in case(cast, "broken")["evidence"] if row["verdict"] == "pending")
    cast.expect("举证", "service", JUDGE, [{"evidence_id": nearer["id"], "verdict": "good"}])


def broken_refunded(cast: Cast) -> None:
    """S2.3: half of what was paid goes back, more than an agent may give; clicked twice, paid once."""
    worth = case(cast, "broken")["proposal"]["refund_minor"]
    cast.insist("方案", worth * 2 == BY_CODE["POT-1"].price_minor * 2, f"退一件，按实付分摊 {worth / 100:.2f} 元")
    above = _offer(cast, "broken", "refund_only", refund_minor=worth * 3)
    cast.expect("方案", "service", OFFER, [above], "refund_above_paid")
    cast.expect("方案", "service", OFFER, [_offer(cast, "broken", "exchange")], "outside_policy")
    offer = _offer(cast, "broken", "refund_only")
    cast.expect("方案", "service", OFFER, [offer])
    cast.expect("方案", "service", OFFER, [offer], "unchanged")
    _answer(cast, "broken")
    refund = case(cast, "broken")["refunds"][0]
    agree = {"refund_id": refund["id"], "amount_minor": worth}
    cast.insist("审批", refund["state"] == "proposed", "超过免审批额度，等待主管审批")
    cast.expect("审批", "service", APPROVE, [agree], "not_allowed")
    cast.expect("退款", "supervisor", RETRY, [{"refund_id": refund["id"]}], "refund_not_approved")
    cast.expect("审批", "supervisor", APPROVE, [{**agree, "amount_minor": worth - 1}], "amount_changed")
    cast.expect("审批", "supervisor", APPROVE, [agree])
    cast.expect("审批", "supervisor", APPROVE, [agree], "unchanged")
    cast.shopper("broken", "refund", reason="商品破损", amount=f"{worth / 100:.2f}")
    cast.expect("退款", "finance", RETRY, [{"refund_id": refund["id"]}] * 2, "unchanged")
    cast.insist("退款", case(cast, "broken")["refunds"][0]["state"] == "paid", "退款点了两次，只退一次")
    tid = cast.tids["broken"]
    agreed = [row["count"] for row in cast.outside.ledger("refund_agree") if str(row["tid"]) == str(tid)]
    cast.insist("退款", agreed == [1], "平台只收到一次同意退款")
    cast.insist("售后", case(cast, "broken")["state"] == "settled", "售后已完结")


# without reason: goods back first, then the money --------------------------------------------------------------


def taker_asks(cast: Cast) -> None:
    """S2.3: asked on the platform; the case opens by itself; the goods are to come back first."""
    cast.shopper("taker", "refund", reason="七天无理由")
    rows = cast.house.get("service", "aftersale/cases", order_id=cast.orders["taker"])["items"]
    cast.insist("售后", [row["reason"] for row in rows] == ["no_reason"], "平台退款申请已自动立案")
    cast.made["case taker"] = rows[0]["id"]
    _proven(cast, "taker", "tags")
    cast.expect("方案", "service", OFFER, [_offer(cast, "taker", "return_refund")])
    _answer(cast, "taker")
    cast.insist("退货", case(cast, "taker")["state"] == "return_awaited", "已同意退货，等待买家寄回")


def taker_sends(cast: Cast) -> None:
    """S2.3: the buyer tells the platform by what number the goods come back, and the case knows it."""
    cast.shopper("taker", "refund_return", company="圆通速递", number="YT7000000000017")
    cast.insist("退货", case(cast, "taker")["return_state"] == "on_the_way", "退货单号已从平台读到")


def taker_received(cast: Cast) -> None:
    """S2.3: scanned at the warehouse, graded, back on the shelf; then the money goes, and the order ends."""
    scan = {"warehouse_id": 1, "code": "YT7000000000017"}
    had = _on_hand(cast, "SLK-1")
    cast.expect("退货", "depot2", RECEIVE, [scan], "not_found")
    cast.expect("退货", "depot", RECEIVE, [{**scan, "code": "??"}], "number_unreadable")
    strange = cast.expect("退货", "depot", RECEIVE, [{**scan, "code": "ZT0000000000999"}])
    cast.insist("退货", not strange[0]["facts"]["is_known"], "无头件：没有人认得，先记下")
    came = cast.expect("退货", "depot", RECEIVE, [scan])
    cast.expect("退货", "depot", RECEIVE, [scan], "unchanged")
    piece = {"order_line_id": _lines(cast, "taker")[0]["id"], "grade": "good", "quantity": 1}
    graded = {"return_id": came[0]["id"], "pieces": [piece], "bin_code": BIN}
    cast.expect("质检", "service", GRADE, [graded], "not_allowed")
    cast.expect("质检", "depot", GRADE, [{**graded, "bin_code": "Z-99"}], "bin_unknown")
    cast.expect("质检", "depot", GRADE, [{**graded, "pieces": [{**piece, "quantity": 2}]}], "grade_pieces_differ")
    cast.expect("质检", "depot", GRADE, [graded])
    cast.insist("质检", _on_hand(cast, "SLK-1") == had + 1, "良品重新上架，库存 +1")
    _pay_what_waits(cast, "taker")
    cast.insist("退款", case(cast, "taker")["state"] == "settled", "验货后退款，售后完结")
    cast.insist("退款", cast.row("taker")["state"] == "returned", "全部退回，订单终结")


def _pay_what_waits(cast: Cast, name: str) -> None:
    """Above the limit a supervisor agrees."""
    for refund in case(cast, name)["refunds"]:
        if refund["state"] == "proposed":
            item = {"refund_id": refund["id"], "amount_minor": refund["amount_minor"]}
            cast.expect("审批", "manager", APPROVE, [item])


# exchange ------------------------------------------------------------------------------------------------------


def swapper_asks(cast: Cast) -> None:
    """S2.3: another size, please."""
    asked = writes(cast, uid("swapper"), "T恤偏小，想换大一码", "丁先生")
    replies(cast, asked, "可以换，麻烦拍一下吊牌。", 7)
    wish = {"order_id": cast.orders["swapper"], "reason": "no_reason", "ticket_id": asked["ticket_id"]}
    cast.made["case swapper"] = cast.expect("售后", "service", OPEN, [wish])[0]["id"]
    _proven(cast, "swapper", "tags")
    larger = next(r["id"] for r in cast.house.all_rows("supervisor", "audit/skus") if r["code"] == "TEE-2")
    cast.expect("方案", "service", OFFER, [_offer(cast, "swapper", "exchange", exchange_sku_id=larger)])
    _answer(cast, "swapper")


def swapper_received(cast: Cast) -> None:
    """S2.3: the small one is back and sold again; an order of our own goes out for the large one, for no money."""
    number = case(cast, "swapper")["number"]
    cast.expect(
        "退货", "depot", RECEIVE, [{"warehouse_id": 1, "code": case(cast, "broken")["number"]}], "case_without_return"
    )
    came = cast.expect("退货", "depot", RECEIVE, [{"warehouse_id": 1, "code": number}])
    piece = {"order_line_id": _lines(cast, "swapper")[0]["id"], "grade": "good", "quantity": 1}
    cast.expect("质检", "depot", GRADE, [{"return_id": came[0]["id"], "pieces": [piece], "bin_code": BIN}])
    replacement = case(cast, "swapper")["replacement_order_id"]
    cast.insist("换货", bool(replacement), "换货订单已生成：自有单号，不收款，进入审单")
    cast.orders["replacement"] = replacement


def swapper_sent(cast: Cast) -> None:
    """S2.3: checked, picked, packed, handed over like any other; with that the case is done."""
    team, staff = cast.first, cast.staff
    cast.insist("换货", cast.row("replacement")["state"] == "released", "换货单已随 14:00 审单放行")
    staff.release(team, [cast.orders["replacement"]])
    staff.finish(team, staff.waves.pop(team.depot_id))
    cast.steps.settle()
    staff.pack(team, staff.open_packing(team, cast.packing("replacement")))
    cast.steps.settle()
    staff.hand_over(team)
    cast.steps.settle()
    cast.outside.post("/courier/script", {"number": cast.parcel("replacement")["number"], "script": "quick"})
    cast.insist("换货", case(cast, "swapper")["state"] == "settled", "换货已发出，售后完结")


# too late, outside the policy, refused ---------------------------------------------------------------------------


def cold_reported(cast: Cast) -> None:
    """S2.3: the price fell after she bought; nobody offers anything for two days."""
    asked = writes(cast, uid("cold"), "刚买就降价了，能退差价吗", "苏女士")
    replies(cast, asked, "我帮您申请价保。", 8)
    wish = {
        "order_id": cast.orders["cold"],
        "reason": "price_protection",
        "ticket_id": asked["ticket_id"],
        "loss_minor": 1_500,
    }
    cast.made["case cold"] = cast.expect("售后", "service", OPEN, [wish])[0]["id"]
    _proven(cast, "cold", "price")


def cold_offered_late(cast: Cast) -> None:
    """S2.3: offered after 48 hours: late, and on record; she takes the coupon."""
    coupon = _offer(cast, "cold", "compensation", pay_way="coupon")
    cast.expect("方案", "service", OFFER, [coupon], "coupon_code_needed")
    most = {**coupon, "coupon_code": "PRICE-15", "compensation_minor": 50_000}
    cast.expect("方案", "service", OFFER, [most], "compensation_above_most")
    cast.expect("方案", "service", OFFER, [{**coupon, "coupon_code": "PRICE-15"}])
    found = case(cast, "cold")
    cast.insist("方案", found["offered_at"] > found["offer_due_at"], "超过 48 小时才给方案，记为逾时")
    _answer(cast, "cold")
    cast.insist("售后", case(cast, "cold")["state"] == "settled", "买家接受 15 元优惠券，售后完结")


def greedy_refused(cast: Cast) -> None:
    """S2.3: what one offered another must agree to; it is rejected, and the wish is turned down."""
    wish = {"order_id": cast.orders["greedy"], "reason": "quality", "words": "墨条颜色不够黑"}
    cast.made["case greedy"] = cast.expect("售后", "service", OPEN, [wish])[0]["id"]
    offer = _offer(cast, "greedy", "compensation", compensation_minor=5_000)
    cast.expect("方案", "service", OFFER, [offer], "evidence_missing")
    cast.expect("方案", "supervisor", OFFER, [offer], "why_needed")
    cast.expect("方案", "supervisor", OFFER, [{**offer, "why": "老客户，先安抚"}])
    _answer(cast, "greedy")
    refund = case(cast, "greedy")["refunds"][0]
    agree = {"refund_id": refund["id"], "amount_minor": refund["amount_minor"]}
    cast.expect("审批", "supervisor", APPROVE, [agree], "own_refund")
    cast.expect("审批", "manager", REJECT, [{"refund_id": refund["id"], "reason": ""}], "reason_needed")
    cast.expect("审批", "manager", REJECT, [{"refund_id": refund["id"], "reason": "没有凭证，不予补偿"}])
    no = {"case_id": refund["case_id"], "reason": ""}
    cast.expect("售后", "service", REFUSE, [no], "reason_needed")
    cast.expect("售后", "service", REFUSE, [{**no, "reason": "没有质量问题的凭证"}])
    late = _offer(cast, "greedy", "compensation", compensation_minor=100)
    cast.expect("方案", "service", OFFER, [late], "case_not_offerable")


def turner_refunded(cast: Cast) -> None:
    """S2.2, S2.3: the intercepted parcel is back, and nobody asks for a picture of goods the buyer never had: the buyer
    gets the money, the brushes go back on the shelf."""
    cast.shopper("turner", "refund", reason="不想要了")
    rows = cast.house.get("service", "aftersale/cases", order_id=cast.orders["turner"])["items"]
    cast.made["case turner"] = rows[0]["id"]
    cast.expect("方案", "service", OFFER, [_offer(cast, "turner", "return_refund")])
    _answer(cast, "turner")
    cast.shopper("turner", "refund_return", company="圆通速递", number="YT7000000000099")
    came = cast.expect("退货", "depot", RECEIVE, [{"warehouse_id": 1, "code": rows[0]["number"]}])
    piece = {"order_line_id": _lines(cast, "turner")[0]["id"], "grade": "good", "quantity": 1}
    cast.expect("质检", "depot", GRADE, [{"return_id": came[0]["id"], "pieces": [piece], "bin_code": BIN}])
    _pay_what_waits(cast, "turner")
    cast.insist("退款", case(cast, "turner")["state"] == "settled", "拦截件验收入库，款项已退")


def the_rest_confirm(cast: Cast) -> None:
    """Who kept the goods confirms receipt."""
    for name in ("mover", "broken", "cold", "greedy", "swapper"):
        cast.shopper(name, "confirm")

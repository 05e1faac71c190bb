"""The story up to the warehouse: the house's rules, orders arriving, the check (O1, G1–G4)."""

from typing import Any

from shopkeeper.simulator.cast import HERO, HERO_UID, Cast
from shopkeeper.simulator.catalogue import BY_CODE, CHOSEN
from shopkeeper.simulator.stepping import moment


def rules_of_the_house(cast: Cast) -> None:
    """G1, G3: owners and policy values; who may not, and what is out of bounds."""
    pull = {"key": "pull_minutes", "value": 60, "reason": "开店，平台有消息推送，拉单作兜底"}
    cast.expect("规程", "supervisor", "sop/set-policy", [pull])
    cast.expect("规程", "supervisor", "sop/set-policy", [{**pull, "value": 0}], "policy_out_of_bounds")
    cast.expect("规程", "supervisor", "sop/set-policy", [{**pull, "value": 30, "reason": ""}], "reason_needed")
    cast.expect("规程", "orders", "sop/set-policy", [pull], "not_allowed")
    owner = {"clause": "O1.2", "shop_id": 1, "owner_id": 3, "deputy_id": 2}
    cast.expect("规程", "supervisor", "sop/set-clause-owner", [owner])
    cast.expect("规程", "supervisor", "sop/set-clause-owner", [{**owner, "clause": "Z9"}], "clause_unknown")


def orders_arrive(cast: Cast) -> None:
    """O1.1: by message, twice, and one whose message is lost, which only the pull brings."""
    cast.outside.misbehave("messages", "twice", next=1)
    hero: dict[str, Any] = {"receiver": HERO, "buyer_message": "送长辈的，请包装严实一点", "ship_within_h": 72}
    hero["buyer_open_uid"] = HERO_UID
    cast.place("hero", CHOSEN.code, 1, **hero)
    cast.place("clean", "TEE-1", 2)
    cast.place("urgent", "SOX-2", 1, ship_within_h=4)
    cast.place("unasked", "HNY-1")
    cheap = f"{BY_CODE['SLK-2'].cost_minor * 7 // 10 / 100:.2f}"
    cast.place("cheap", "SLK-2", 1, line={"price": cheap})
    cast.place("unknown", "TEA-1", 1, line={"outer_sku_id": "OLD-404"})
    cast.place("scarce", "POT-2", 9)
    cast.place("refunded", "FAN-1")
    cast.outside.misbehave("messages", "lost", next=2)
    cast.place("silent", "TEE-2")
    known = {row["platform_no"]: row for row in cast.house.all_rows("supervisor", "audit/orders")}
    cast.insist("抓单", str(cast.tids["silent"]) not in known, "没有消息的订单还不知道")
    for name, tid in cast.tids.items():
        if name != "silent":
            cast.orders[name] = known[str(tid)]["id"]
    hints = [{"shop_id": 1, "platform_no": str(cast.tids["hero"]), "message_id": "again"}]
    cast.expect("抓单", "depot", "intake/note-hint", hints, "not_allowed")
    cast.expect("抓单", "orders2", "intake/note-hint", hints, "not_found")
    cast.expect("抓单", "orders", "intake/note-hint", hints)


def before_the_session(cast: Cast) -> None:
    """O1.2, O1.3: nothing goes to the warehouse outside a session, and nothing with open exceptions."""
    hero, clean = cast.orders["hero"], cast.orders["clean"]
    cast.insist("核对", cast.row("hero")["open_holds"] == ["buyer_remark"], "买家留言，待人工核对")
    cast.insist("核对", cast.row("unknown")["open_holds"] == ["unknown_sku"], "商品未匹配")
    cast.insist("核对", cast.row("scarce")["open_holds"] == ["short_stock"], "缺货")
    cast.insist("核对", cast.row("cheap")["open_holds"] == ["odd_price"], "低于底价")
    cast.expect("核对", "orders", "intake/release-orders", [{"order_id": hero}], "holds_open")
    cast.expect("核对", "orders", "intake/release-orders", [{"order_id": clean}], "no_open_session")


def the_session(cast: Cast) -> None:
    """O1.2 at 9:00: decide, confirm, sign. The pull has found the silent order meanwhile."""
    rows = {row["platform_no"]: row["id"] for row in cast.house.all_rows("supervisor", "audit/orders")}
    cast.orders["silent"] = rows[str(cast.tids["silent"])]
    session = cast.staff.open_session(cast.first)
    cast.insist("审单", session is not None, "9:00 审单已开场")
    _claim_the_duty(cast, session or 0)
    cast.expect("审单", "orders", "intake/sign-session", [{"session_id": session}], "session_undecided")
    cast.expect("审单", "orders2", "intake/confirm-session", [{"session_id": session}], "not_found")
    cast.expect("审单", "depot", "intake/confirm-session", [{"session_id": session}], "not_allowed")
    hero, unknown, cheap = cast.orders["hero"], cast.orders["unknown"], cast.orders["cheap"]
    cast.expect("审单", "orders", "intake/decide-holds", [{"order_id": unknown}], "hold_must_vanish")
    cast.expect("审单", "orders", "intake/decide-holds", [{"order_id": cheap}], "reason_needed")
    cast.expect(
        "审单", "orders", "intake/decide-holds", [{"order_id": cheap, "code": "*", "reason": "清仓特价，经理同意"}]
    )
    _reveal_the_buyer(cast)
    cast.expect(
        "审单", "orders", "intake/decide-holds", [{"order_id": hero, "code": "buyer_remark", "reason": "备注已抄仓库"}]
    )
    cast.expect("审单", "orders", "intake/cancel-orders", [{"order_id": unknown, "reason": ""}], "reason_needed")
    cast.expect("审单", "orders", "intake/cancel-orders", [{"order_id": unknown, "reason": "商品已停售，买家同意退款"}])
    cast.shopper("unknown", "refund", reason="商品已停售")
    cast.expect("审单", "orders", "intake/confirm-session", [{"session_id": session}])
    cast.expect("审单", "orders", "intake/sign-session", [{"session_id": session}])
    cast.insist("审单", cast.row("hero")["state"] == "released", "订单已推送仓库")


def _claim_the_duty(cast: Cast, session: int) -> None:
    """G2: taken, handed over with a reason, taken again; not by another role."""
    duty = next(
        work
        for work in cast.house.work("orders")
        if work["kind"] == "sign_check_session" and work["subject_id"] == session
    )
    cast.insist("工作", moment(duty["due_at"]) > cast.steps.now, "审单签字有时限")
    claim = [{"deadline_id": duty["id"]}]
    cast.expect("工作", "service", "sop/claim-work", claim, "not_your_role")
    cast.expect("工作", "orders", "sop/claim-work", claim)
    hand = {"deadline_id": duty["id"], "to_person_id": None}
    cast.expect("工作", "orders", "sop/hand-over-work", [{**hand, "reason": ""}], "reason_needed")
    cast.expect("工作", "orders", "sop/hand-over-work", [{**hand, "reason": "临时开会"}])
    cast.expect("工作", "orders", "sop/claim-work", claim)


def _reveal_the_buyer(cast: Cast) -> None:
    """G4: plain personal data only for a reason, which is on record."""
    look = {"kind": "intake.order", "record_id": cast.orders["hero"]}
    reveal = "foundation/reveal-personal-data"
    cast.expect("隐私", "orders", reveal, [{**look, "reason": ""}], "reason_needed")
    cast.expect("隐私", "depot", reveal, [{**look, "reason": "想看看"}], "not_allowed")
    cast.expect("隐私", "service2", reveal, [{**look, "reason": "核对留言"}], "not_found")
    cast.expect("隐私", "orders", reveal, [{**look, "reason": "致电买家核实留言"}])


def stock_arrives(cast: Cast) -> None:
    """O1.3: the short order waited past its four hours; pieces come, and its hold vanishes by itself."""
    cast.insist("缺货", cast.row("scarce")["open_holds"] == ["short_stock"], "缺货订单超过处理时限")
    skus = cast.house.get("supervisor", "audit/skus")
    sku = next(row["id"] for row in skus if row["code"] == "POT-2")
    item = {"sku_id": sku, "warehouse_id": 1, "bin_code": "A-01-01", "lot_code": "HZ-C-POT-2", "quantity": 30}
    cast.expect("到货", "depot", "stock/receive-stock", [{**item, "quantity": 0}], "quantity_out_of_bounds")
    cast.expect("到货", "depot2", "stock/receive-stock", [item], "not_found")
    cast.expect("到货", "depot", "stock/receive-stock", [{**item, "reason": "紫砂壶补货"}])
    cast.insist("到货", cast.row("scarce")["open_holds"] == [], "到货后自动配给")


def late_session(cast: Cast) -> None:
    """O1.2: the session of 14:00 is signed at half past three: late, and on record as such."""
    cast.staff.confirm(cast.first)
    signed = cast.staff.sign(cast.first)
    cast.insist("审单", [outcome["result"] for outcome in signed] == ["done"], "14:00 审单逾时才签字")

"""The story in the warehouse: wave, scans, inspection, label, hand-over (O2, O3.1)."""

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.catalogue import CHOSEN


def the_wave(cast: Cast) -> None:
    """O2.1: released by its own warehouse, claimed, scanned piece by piece; a bin is empty."""
    team = cast.first
    place = [{"warehouse_id": 1}]
    cast.expect("波次", "depot2", "warehouse/release-waves", place, "not_found")
    cast.outside.misbehave("courier", "down", next=2, method="/label/order")
    released = cast.expect("波次", "depot", "warehouse/release-waves", place)
    wave = released[0]["facts"]["waves"][0]["id"]
    cast.expect("波次", "depot", "warehouse/finish-wave", [{"wave_id": wave}], "wave_not_claimed")
    cast.expect("波次", "depot", "warehouse/claim-wave", [{"wave_id": wave}])
    cast.expect("波次", "packer", "warehouse/claim-wave", [{"wave_id": wave}], "claimed_by_other")
    lines = {line["sku_code"]: line for line in cast.staff.lists([wave])}
    hero = lines[CHOSEN.code]
    wrong = cast.staff.pick(hero, code="6900000000000", quantity=1)
    cast.expect("拣货", "depot", "warehouse/scan-pick", [wrong], "not_in_wave")
    scan = cast.staff.pick(hero)
    cast.expect("拣货", "depot", "warehouse/scan-pick", [scan])
    cast.expect("拣货", "depot", "warehouse/scan-pick", [scan], "unchanged")
    short = cast.staff.report_short(team, lines["TEE-1"])
    cast.insist("拣货", bool(short["facts"]["replaced"]), "缺拣，改从下一批次补拣")
    cast.expect("拣货", "depot", "warehouse/finish-wave", [{"wave_id": wave}], "lines_open")
    finished = cast.staff.finish(team, [wave])
    cast.insist("拣货", finished[0]["result"] == "done", "波次拣完")
    cast.steps.settle()


def the_packing(cast: Cast) -> None:
    """O2.2: one piece is damaged and fetched anew; scale, packing list, number and label."""
    team, staff = cast.first, cast.staff
    cast.shopper("refunded", "refund", reason="拍错了", quiet=True)
    hero = cast.packing("hero")[0]
    opening = [{"warehouse_id": 1, "code": hero["tote"]}]
    cast.expect("打包", "packer", "warehouse/open-packing", opening)
    closing = {"wave_order_id": hero["id"], "weight_g": staff.weight_of(hero)}
    cast.expect("打包", "packer", "warehouse/close-packing", [closing], "not_all_checked")
    damaged = staff.fail_piece(team, hero)
    cast.insist("打包", bool(damaged["facts"]["repick"]), "一件破损：入残次区，并已补拣")
    cast.steps.settle()
    hero = cast.packing("hero")[0]
    cast.expect("打包", "packer", "warehouse/open-packing", opening)
    strange = staff.check(hero["lines"][0], code="6900000000000")
    cast.expect("打包", "packer", "warehouse/scan-pack", [strange], "not_in_order")
    cast.expect("打包", "packer", "warehouse/scan-pack", [staff.check(hero["lines"][0])])
    cast.expect("打包", "packer", "warehouse/close-packing", [{**closing, "weight_g": 60}], "too_light")
    cast.expect("打包", "packer", "warehouse/close-packing", [closing])
    _number_and_label(cast)
    others = cast.packing("clean", "unasked", "cheap", "silent", "urgent")
    staff.pack(team, staff.open_packing(team, others))
    stopped = cast.packing("refunded")
    staff.open_packing(team, stopped)
    cast.insist("打包", cast.row("refunded")["open_holds"] == ["refund_open"], "封箱前复核发现退款，已拦截")
    staff.put_back(team)


def _number_and_label(cast: Cast) -> None:
    """O3.1, O2.2: one number for one parcel, and no second label without a reason."""
    hero, clean = cast.parcel("hero"), cast.parcel("clean")
    cast.insist("单号", bool(hero["number"]), f"{hero['courier']} 单号已取")
    taken = {"parcel_id": clean["id"], "number": hero["number"], "courier": hero["courier"]}
    cast.expect("单号", "orders", "parcels/enter-numbers", [taken], "number_already_used")
    label = {"parcel_id": hero["id"]}
    cast.expect("面单", "packer", "parcels/print-labels", [label])
    cast.expect("面单", "packer", "parcels/print-labels", [label], "reprint_needs_reason")
    cast.expect("面单", "packer", "parcels/print-labels", [{**label, "reason": "热敏纸卡纸，旧面单已销毁"}])


def the_hand_over(cast: Cast) -> None:
    """O3.1: given to the courier; the platform is down at first, and answers once without our hearing it."""
    method = "taobao.logistics.offline.send"
    cast.outside.misbehave("platform", "down", next=6, method=method)
    hero = [{"parcel_id": cast.parcel("hero")["id"]}]
    cast.expect("交运", "finance", "parcels/hand-over-parcels", hero, "not_allowed")
    cast.expect("交运", "packer2", "parcels/hand-over-parcels", hero, "not_found")
    cast.expect("交运", "packer", "parcels/hand-over-parcels", hero)
    cast.expect("交运", "packer", "parcels/hand-over-parcels", hero, "unchanged")
    cast.outside.post("/courier/script", {"number": cast.parcel("hero")["number"], "script": "stall"})
    cast.steps.run_until(cast.day(0, 11, 20))
    cast.outside.misbehave("platform", "lost_answer", next=1, method=method)
    others = [{"parcel_id": cast.parcel(name)["id"]} for name in ("clean", "unasked", "cheap", "silent")]
    cast.expect("交运", "packer", "parcels/print-labels", others)
    cast.expect("交运", "packer", "parcels/hand-over-parcels", others)
    for name, script in (("clean", "quick"), ("unasked", "quick"), ("cheap", "quick"), ("silent", "silent")):
        cast.outside.post("/courier/script", {"number": cast.parcel(name)["number"], "script": script})
    sent = [row for row in cast.outside.ledger("ship_back") if row["tid"] == cast.tids["hero"]]
    cast.insist("回传", len(sent) == 1 and bool(sent[0].get("accepted")), "平台恢复后已确认单号，发货通知由平台发出")


def late_ship_by(cast: Cast) -> None:
    """O3.1: an order with little time leaves after its ship-by; the lateness is on record."""
    urgent = [{"parcel_id": cast.parcel("urgent")["id"]}]
    cast.expect("交运", "packer", "parcels/print-labels", urgent)
    cast.expect("交运", "packer", "parcels/hand-over-parcels", urgent)
    cast.outside.post("/courier/script", {"number": cast.parcel("urgent")["number"], "script": "normal"})


def slow_wave(cast: Cast) -> None:
    """O2.1: a wave that takes too long."""
    waves = cast.staff.release(cast.first)
    cast.insist("波次", len(waves) == 1, "下午的波次已生成")


def slow_wave_picked(cast: Cast) -> None:
    """Picked past its two hours."""
    waves = cast.staff.waves.pop(1)
    finished = cast.staff.finish(cast.first, waves)
    cast.insist("拣货", all(outcome["result"] == "done" for outcome in finished), "波次逾时才拣完")


def slow_wave_packed(cast: Cast) -> None:
    """O2.2: and packed past its two hours."""
    orders = cast.packing("scarce")
    cast.staff.pack(cast.first, cast.staff.open_packing(cast.first, orders))
    cast.staff.hand_over(cast.first)
    cast.steps.settle()
    cast.insist("打包", cast.row("scarce")["state"] == "shipped", "逾时打包后发出")
    pull = {"key": "pull_minutes", "value": 240, "reason": "消息推送稳定，拉单改为每四小时兜底"}
    sweep = {"key": "stock_sweep_minutes", "value": 240, "reason": "库存推送稳定，对账改为每四小时"}
    cast.expect("规程", "supervisor", "sop/set-policy", [pull, sweep])

"""The story of the go-live gate: red, what is missing, green; red with a reason; live (M2.2)."""

from typing import Any

from shopkeeper.simulator.cast import Cast

EXAMPLES, RUN, OVERRIDE = "launch/save-examples", "launch/run-gates", "launch/override-gates"
LAUNCH = "campaigns/launch-campaigns"


def gate(cast: Cast, name: str) -> dict[str, Any]:
    """A named campaign's gate as the house has it."""
    found: dict[str, Any] = cast.house.get("engineering", f"launch/campaigns/{cast.made[name]}/gate")
    return found


def green_late(cast: Cast) -> None:
    """M2.2: an hour before the start it is red: nobody said what a cart must come to. Then it is, and passes: late."""
    mine = {"campaign_id": cast.made["campaign"]}
    cast.expect("上线", "campaigns", LAUNCH, [mine], "gate_not_tested")
    cast.expect("上线测试", "service", RUN, [mine], "not_allowed")
    cast.expect("上线测试", "engineering", RUN, [mine])
    found = gate(cast, "campaign")
    cast.insist("上线测试", found["red"] == ["examples"], f"红灯：{', '.join(found['red'])}")
    cast.expect("上线", "campaigns", LAUNCH, [mine], "gate_red")
    refusal = {**mine, "reason": "先上再说"}
    cast.expect("上线测试", "supervisor", OVERRIDE, [refusal], "not_allowed")
    cast.expect("上线测试", "manager", OVERRIDE, [refusal], "examples_not_overridden")
    sku = cast.made["celadon_sku"]
    one = {**mine, "name": "单件用券", "lines": [{"sku_id": sku, "quantity": 1}], "expected_minor": 13_800}
    cast.expect("算价用例", "campaigns", EXAMPLES, [{**one, "lines": []}], "cart_empty")
    pair = {**mine, "name": "两件无券", "lines": [{"sku_id": sku, "quantity": 2}], "expected_minor": 31_600}
    cast.expect("算价用例", "campaigns", EXAMPLES, [{**one, "rule_ids": [cast.made["rule"]]}, pair])
    cast.expect("上线测试", "engineering", RUN, [mine])
    found = gate(cast, "campaign")
    claimed = next(check for check in found["checks"] if check["key"] == "coupon_claim")
    cast.insist("上线测试", claimed["verdict"] == "green", "领券演练：发放的张数与库存分毫不差")
    cast.insist("上线测试", (found["state"], found["red"]) == ("green", []), "全部通过，可以上线")


def overridden(cast: Cast) -> None:
    """M2.2: for the small one there is no stock: red, and let through by the manager alone, with the reason."""
    mine = {"campaign_id": cast.made["second"]}
    cast.expect("上线测试", "manager", OVERRIDE, [{**mine, "reason": "样品明早到"}], "gate_not_red")
    cast.expect("上线测试", "engineering", RUN, [mine])
    found = gate(cast, "second")
    cast.insist("上线测试", "stock" in found["red"], f"红灯：{', '.join(found['red'])}")
    cast.expect("上线测试", "manager", OVERRIDE, [{**mine, "reason": ""}], "reason_needed")
    cast.expect("上线测试", "manager", OVERRIDE, [{**mine, "reason": "样品明早到仓，先行预热"}])


def launched(cast: Cast) -> None:
    """M2.2, M1.2: green, and live half an hour before its start."""
    mine = [{"campaign_id": cast.made["campaign"]}]
    cast.expect("上线", "campaigns", LAUNCH, mine)
    cast.expect("上线", "campaigns", LAUNCH, mine, "unchanged")


def second_launched(cast: Cast) -> None:
    """M1.2: the small one goes live with the manager's word."""
    cast.expect("上线", "campaigns", LAUNCH, [{"campaign_id": cast.made["second"]}])

"""The story of the campaign's materials: asked for, judged, sent back, approved, used (M2.1)."""

from typing import Any

from shopkeeper.simulator.cast import Cast
from shopkeeper.simulator.pictures import drawn
from shopkeeper.simulator.story_campaign import LIVE_DAY, at

BRIEF, VERSION, APPROVE = "launch/write-brief", "launch/add-version", "launch/approve-materials"
GROUND = "#7fa99b"  # the shop's green
WRONG, RIGHT = "梅子青全网最低价，满150减80，错过再无", "梅子青一日专场，满150减20，领券再下单"


def asked(cast: Cast) -> None:
    """M2.1: what is to be made, and by when; what design hands in is judged at once."""
    mine = cast.made["campaign"]
    copy = {
        "campaign_id": mine,
        "kind": "copy",
        "title": "首页文案",
        "due_at": at(cast, 4, 17),
        "must_say": ["满150减20"],
    }
    poster = {"campaign_id": mine, "kind": "poster", "title": "首页海报", "due_at": at(cast, 5, 12)}
    cast.expect("素材", "design", BRIEF, [copy], "not_allowed")
    cast.expect("素材", "campaigns", BRIEF, [poster], "brief_size")
    cast.expect("素材", "campaigns", BRIEF, [{**copy, "due_at": at(cast, 4, 8)}], "brief_due_past")
    cast.made["copy"] = cast.expect("素材", "campaigns", BRIEF, [copy])[0]["id"]
    sized = {**poster, "width": 800, "height": 800}
    cast.made["poster"] = cast.expect("素材", "campaigns", BRIEF, [sized])[0]["id"]
    second = {"campaign_id": cast.made["second"], "kind": "copy", "title": "尝鲜文案", "due_at": at(cast, 5, 18)}
    cast.made["second_copy"] = cast.expect("素材", "campaigns", BRIEF, [second])[0]["id"]
    brand = {"shop_id": 1, "colours": ["青色"]}
    cast.expect("品牌色", "design", "launch/set-brands", [brand], "colour_unknown")
    cast.expect("品牌色", "design", "launch/set-brands", [{**brand, "colours": [GROUND]}])
    cast.expect("素材", "design", VERSION, [{"material_id": cast.made["copy"], "text": WRONG}])
    found = material(cast, "copy")
    codes = sorted(one["code"] for one in found["versions"][0]["findings"] if one["level"] == "error")
    cast.insist("素材", found["state"] == "returned", f"文案自动退回：{', '.join(codes)}")


def material(cast: Cast, name: str) -> dict[str, Any]:
    """A named material as the house has it, newest version first."""
    found: dict[str, Any] = cast.house.get("campaigns", f"launch/materials/{cast.made[name]}")
    return found


def approved_late(cast: Cast) -> None:
    """M2.1: the good words come a day late; approved by another person than who made them."""
    cast.expect("素材", "design", VERSION, [{"material_id": cast.made["copy"], "text": RIGHT, "note": "按规则改写"}])
    copy = {"material_id": cast.made["copy"]}
    cast.expect("素材", "design", APPROVE, [copy], "not_allowed")
    cast.expect("素材", "supervisor", "launch/return-materials", [{**copy, "reason": ""}], "reason_needed")
    cast.expect("素材", "supervisor", APPROVE, [copy])
    digest = cast.house.hand_in("design", "launch/files", "海报.jpg", drawn(811, ground=GROUND))
    poster = {"material_id": cast.made["poster"]}
    cast.expect("素材", "design", VERSION, [{**poster, "text": "只有字"}], "file_needed")
    cast.expect("素材", "design", VERSION, [{**poster, "digest": digest}])
    measured = material(cast, "poster")
    cast.insist("素材", measured["state"] == "in_review", "海报已量：800×800，品牌色达标")
    cast.expect("素材", "supervisor", APPROVE, [{**poster, "reason": "实物与画面一致"}])
    use = {**copy, "channel": "平台首页", "place": "焦点图 3", "used_from": at(cast, LIVE_DAY, 10)}
    cast.expect("素材", "campaigns", "launch/use-materials", [{**use, "place": " "}], "place_needed")
    cast.expect("素材", "campaigns", "launch/use-materials", [use])
    second = {"material_id": cast.made["second_copy"]}
    early = {**second, "channel": "店铺首页", "place": "首屏"}
    cast.expect("素材", "campaigns", "launch/use-materials", [early], "material_not_approved")
    cast.expect("素材", "design", VERSION, [{**second, "text": "粉青冰裂公道杯，首发尝鲜"}])
    cast.expect("素材", "campaigns", APPROVE, [second])

"""How campaign people do their work in the demo's past: promotions, plans, briefs, carts, hours. Amounts in 分."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator.catalogue import BY_CODE, PEOPLE, SHOPFRONTS
from shopkeeper.simulator.scenes import Scenes, insist
from shopkeeper.simulator.shoppers import Shoppers, line_of
from shopkeeper.simulator.staff import EYES
from shopkeeper.simulator.stepping import CHINA, Steps

FIRST, SECOND = 1, 2  # shops, by the order of their furnishing
KNIFE, LAMP = "KNF-1", "LMP-1"


class CampaignDesk:
    """What every campaign of the past is done with; `ids` are numbers of what was made, by our own names."""

    def __init__(self, steps: Steps, scenes: Scenes, shoppers: Shoppers) -> None:
        self.steps = steps
        self.scenes = scenes
        self.shoppers = shoppers
        self.house = steps.house
        self.people = {one.username: number for number, one in enumerate(PEOPLE, start=1)}
        self.ids: dict[str, int] = {}
        self.skus: dict[str, int] = {}
        self.begins = steps.start

    def _do(self, address: str, /, **item: Any) -> dict[str, Any]:
        return insist(self.house, "campaigns", address, **item)

    def _date(self, days: int) -> str:
        return (self.steps.now.astimezone(CHINA) + timedelta(days=days)).date().isoformat()

    def _rule(self, shop_id: int, words: dict[str, Any], begins: datetime, ends: datetime, codes: Sequence[str]) -> int:
        """A promotion written, submitted and published by another person."""
        terms = {**words["terms"], "skus": [self.skus[code] for code in codes]}
        times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        item = {"code": words["code"], "name": words["name"], "shop_id": shop_id, "terms": terms, **times}
        rule = int(self._do("promotions/save-rule", **item)["id"])
        self._do("promotions/submit-rules", rule_id=rule)
        insist(self.house, EYES, "promotions/publish-rules", rule_id=rule, reason="算过最差情形，仍在成本之上")
        return rule

    def _campaign(
        self,
        name: str,
        shop_id: int,
        words: dict[str, Any],
        begins: datetime,
        ends: datetime,
        *,
        rules: Sequence[int],
        goods: Sequence[dict[str, Any]],
        segments: Sequence[int] = (),
    ) -> None:
        times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        more = {"goods": list(goods), "rule_ids": list(rules), "segment_ids": list(segments)}
        saved = self._do("campaigns/save-campaign", shop_id=shop_id, **words, **times, **more)
        self.ids[name] = int(saved["id"])

    def _brief(self, name: str, campaign: str, kind: str, title: str, **more: Any) -> None:
        due = self.begins - timedelta(hours=2) if campaign == "craft" else self.steps.now + timedelta(minutes=15)
        item = {"campaign_id": self.ids[campaign], "kind": kind, "title": title, "due_at": due.isoformat()}
        self.ids[name] = int(self._do("launch/write-brief", channel="店铺首页", **item, **more)["id"])

    def _version(self, material: str, *, text: str = "", content: bytes = b"", name: str = "") -> None:
        item: dict[str, Any] = {"material_id": self.ids[material], "text": text, "name": name}
        if content:
            item["digest"] = self.house.hand_in("design", "launch/files", name, content)
        insist(self.house, "design", "launch/add-version", **item)

    def _example(self, campaign: str, name: str, lines: Sequence[dict[str, Any]], expected: int) -> None:
        item = {"campaign_id": self.ids[campaign], "name": name, "lines": list(lines), "expected_minor": expected}
        insist(self.house, "engineering", "launch/save-examples", **item)

    def _spend(self, campaign: str, kind: str, reference: str, amount: int) -> None:
        budget = self.house.get("campaigns", f"campaigns/campaigns/{self.ids[campaign]}")["budget"]
        item = next(one for one in budget if one["kind"] == kind)
        self._do("campaigns/book-spend", item_id=item["id"], reference=reference, amount_minor=amount)

    def _record(self, campaign: str, shop_id: int, hour: datetime, visitors: int) -> Callable[[], None]:
        def record() -> None:
            clicks = visitors * 13 // 10
            figures = {"visitors": visitors, "clicks": clicks, "exposures": clicks * 19}
            item = {"shop_id": shop_id, "campaign_id": self.ids[campaign], "hour": hour.isoformat()}
            self._do("watch/record-traffic", **item, **figures)

        return record

    def _bought(self, front: int, goods: Sequence[tuple[str, int, float]]) -> Callable[[], None]:
        """Somebody buys at the campaign's price: (code, pieces, 元 off the whole)."""

        def buy() -> None:
            order = self.shoppers.order(SHOPFRONTS[front])
            order["lines"] = [line_of(BY_CODE[code], pieces) for code, pieces, _ in goods]
            order["discount_fee"] = f"{sum(off for *_, off in goods):.2f}"
            order["post_fee"] = "0"
            self.steps.outside.place([order])

        return buy

    def _alert(self, kind: str) -> int:
        found = self.house.get("campaigns", "watch/alerts", kind=kind, campaign_id=self.ids["craft"])["items"]
        return int(found[0]["id"])

"""A campaign from plan to review as colleagues run it in a few calls, for days that are not told of scene by scene."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator.catalogue import BY_CODE, PEOPLE, SHOPFRONTS, Goods
from shopkeeper.simulator.house import Outcome
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.shoppers import Shoppers, line_of
from shopkeeper.simulator.stepping import CHINA, Steps

OFF_MINOR = 1_000
NO_ALERT = "客流偏少，先观察一小时"
LATE = "个别小时平台未出数"


@dataclass
class CampaignDesk:
    """One campaign of one SKU in one shop, with coupons; `when` is from its start to its end."""

    steps: Steps
    shoppers: Shoppers
    code: str
    shop_id: int
    sku: str
    when: tuple[datetime, datetime]
    visitors: int = 3_000
    ids: dict[str, int] = field(default_factory=dict)
    buyers: int = 0

    def _do(self, who: str, address: str, item: dict[str, Any]) -> Outcome:
        outcome = self.steps.house.do(who, address, [item])[0]
        self.steps.settle()
        return outcome

    @property
    def goods(self) -> Goods:
        return BY_CODE[self.sku]

    @property
    def mine(self) -> dict[str, int]:
        return {"campaign_id": self.ids["campaign"]}

    # before -----------------------------------------------------------------------------------------------------

    def planned(self) -> None:
        """A rule, a segment, the plan with its budget: written, submitted, decided by another person."""
        rows = self.steps.house.all_rows("supervisor", "audit/skus")
        self.ids["sku"] = next(row["id"] for row in rows if row["code"] == self.sku)
        start, end = self.when
        offer = {"kind": "reduction", "tiers": [[self.goods.price_minor, OFF_MINOR]]}
        terms = {"layer": "shop", "offer": offer, "skus": [self.ids["sku"]], "needs_coupon": True}
        around = (start - timedelta(hours=1), end + timedelta(hours=2))
        span = dict(zip(("starts_at", "ends_at"), (moment.isoformat() for moment in around), strict=True))
        place = {"shop_id": self.shop_id, "code": self.code}
        rule = {**place, "name": "专场券", "terms": terms, **span}
        self.ids["rule"] = int(self._do("campaigns", "promotions/save-rule", rule)["id"] or 0)
        segment = {**place, "name": "买过的客人", "definition": {"min_orders": 1}}
        self.ids["segment"] = int(self._do("campaigns", "campaigns/save-segment", segment)["id"] or 0)
        self.ids["campaign"] = int(self._do("campaigns", "campaigns/save-campaign", self._plan(place))["id"] or 0)
        costs = (("coupon", 200_000), ("sms_edm", 5_000), ("ads", 80_000))
        items = [{"kind": kind, "planned_minor": minor} for kind, minor in costs]
        self._do("campaigns", "campaigns/plan-budget", {**self.mine, "items": items})
        self._do("campaigns", "promotions/submit-rules", {"rule_id": self.ids["rule"]})
        self._do("campaigns", "campaigns/submit-plans", self.mine)

    def _plan(self, place: dict[str, Any]) -> dict[str, Any]:
        start, end = self.when
        price = self.goods.price_minor - OFF_MINOR
        return {
            **place,
            "name": f"{self.goods.title}专场",
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
            "theme": self.goods.title,
            "goal_sales_minor": price * 60,
            "goal_new_customers": 10,
            "expected_visitors": self.visitors,
            "expected_conversion_bp": 50,
            "force": "券后直降 10 元",
            "channels": ["平台首页", "短信"],
            "risks": "备货不足时转预售",
            "goods": [{"sku_id": self.ids["sku"], "planned_quantity": 60, "price_minor": price}],
            "rule_ids": [self.ids["rule"]],
            "segment_ids": [self.ids["segment"]],
        }

    def decided(self) -> None:
        """The manager publishes the rule and approves the plan; coupons are put on offer; words are ordered."""
        self._do("manager", "promotions/publish-rules", {"rule_id": self.ids["rule"], "reason": "让利在预算内"})
        self._do("manager", "campaigns/approve-plans", self.mine)
        start, end = self.when
        batch = {"rule_id": self.ids["rule"], "code": self.code, "name": "专场券", "total": self.visitors // 5}
        batch |= {"claim_from": self.steps.now.isoformat(), "claim_to": end.isoformat()}
        batch |= {"valid_to": (end + timedelta(hours=2)).isoformat(), "per_buyer": 1}
        self.ids["batch"] = int(self._do("campaigns", "promotions/make-coupon-batch", batch)["id"] or 0)
        brief = {**self.mine, "kind": "copy", "title": "首页文案", "due_at": (start - timedelta(days=1)).isoformat()}
        self.ids["copy"] = int(self._do("campaigns", "launch/write-brief", brief)["id"] or 0)
        words = {"material_id": self.ids["copy"], "text": f"{self.goods.title}专场，领券下单"}
        self._do("design", "launch/add-version", words)
        self._do("campaigns", "launch/approve-materials", {"material_id": self.ids["copy"], "reason": "与规则一致"})

    def announced(self, at: datetime, most: int = 20) -> None:
        """Buyers of the last days who say yes are written to at a moment, each once."""
        rows = self.steps.house.all_rows("supervisor", "audit/orders")
        own = [row for row in rows if row["shop_id"] == self.shop_id][-most:]
        yes = [
            {"shop_id": self.shop_id, "channel": "sms", "source": "own_shop", "order_id": row["id"]}
            | {"address": f"138{row['id']:08d}"}
            for row in own
        ]
        self.steps.house.do("service2", "outreach/give-consents", yes)
        words = {"text": "{campaign}十点开始，领券下单", "signature": accounts.SMS_SIGNATURE}
        mailing = {**self.mine, "segment_id": self.ids["segment"], "channel": "sms", "name": "专场短信", **words}
        mailing |= {"template": accounts.SMS_TEMPLATE, "planned_at": at.isoformat()}
        saved = self._do("campaigns", "outreach/save-mailings", mailing)
        self._do("campaigns", "outreach/submit-mailings", {"mailing_id": saved["id"]})
        self._do("supervisor", "outreach/approve-mailings", {"mailing_id": saved["id"]})

    def tested(self) -> None:
        """Two carts with what they must come to, and the gate; what is red but for them the manager may let through."""
        price, sku = self.goods.price_minor, self.ids["sku"]
        one = {**self.mine, "name": "单件用券", "lines": [{"sku_id": sku, "quantity": 1}]}
        one["rule_ids"] = [self.ids["rule"]]
        two = {**self.mine, "name": "两件无券", "lines": [{"sku_id": sku, "quantity": 2}], "expected_minor": price * 2}
        self._do("engineering", "launch/save-examples", {**one, "expected_minor": price - OFF_MINOR})
        self._do("engineering", "launch/save-examples", two)
        self._do("engineering", "launch/run-gates", self.mine)
        self._do("manager", "launch/override-gates", {**self.mine, "reason": "风险已知，如期上线"})

    # live -------------------------------------------------------------------------------------------------------

    def launched(self) -> None:
        """Half an hour before the start."""
        self._do("campaigns", "campaigns/launch-campaigns", self.mine)

    def sold(self, count: int) -> None:
        """Buyers claim, order at the price with the coupon, and pay."""
        for _ in range(count):
            self.buyers += 1
            buyer = f"AAH-{self.code}-{self.buyers}"
            claim = {"batch_id": self.ids["batch"], "shop_id": self.shop_id, "buyer": buyer}
            coupon = self.steps.house.do("service2", "promotions/claim-coupons", [claim])[0]["id"]
            order = self.shoppers.order(SHOPFRONTS[self.shop_id - 1])
            order |= {
                "lines": [line_of(self.goods)],
                "post_fee": "0",
                "paid": False,
                "discount_fee": f"{OFF_MINOR / 100:g}",
                "buyer_open_uid": buyer,
            }
            tid = self.steps.outside.place([order])[0]["tid"]
            self.steps.settle()
            cart: dict[str, Any] = {
                "shop_id": self.shop_id,
                "order_no": str(tid),
                "buyer": buyer,
                "coupon_ids": [coupon],
            }
            cart["lines"] = [{"sku_id": self.ids["sku"], "quantity": 1}]
            self._do("campaigns", "promotions/reserve-usage", cart)
            self.steps.outside.act(tid, "pay")
        self.steps.settle()

    def recorded(self) -> None:
        """The hour that just ended, as the platform shows it; what the watch alerts of is answered."""
        hour = self.steps.now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
        visitors = self.visitors // 40
        seen = {"exposures": visitors * 10, "clicks": visitors * 2, "visitors": visitors}
        told = {"shop_id": self.shop_id, "campaign_id": self.ids["campaign"], "hour": hour.isoformat(), **seen}
        self._do("campaigns", "watch/record-traffic", told)
        alerts = self.steps.house.get("campaigns", "watch/alerts", state="open", **self.mine)["items"]
        items = [{"alert_id": alert["id"], "reason": NO_ALERT} for alert in alerts]
        self.steps.house.do("campaigns", "watch/dismiss-alerts", items)

    def day_signed(self) -> None:
        """The supervisor signs the day before."""
        rows = self.steps.house.get("supervisor", "watch/sheets", campaign_id=self.ids["campaign"])["items"]
        today = self.steps.now.astimezone(CHINA).date().isoformat()
        over = [row for row in rows if row["signed_at"] is None and row["day"] < today]
        items = [{"sheet_id": row["id"], "reason": LATE} for row in over]
        self.steps.house.do("supervisor", "watch/sign-sheets", items)

    # after ------------------------------------------------------------------------------------------------------

    def reviewed(self) -> None:
        """Completed and handed in by the supervisor, approved by the manager."""
        found = self.steps.house.get("manager", "review/reports", campaign_id=self.ids["campaign"])["items"]
        self.ids["review"] = found[0]["id"]
        mine = {"review_id": self.ids["review"]}
        due = (self.steps.now + timedelta(days=3)).date().isoformat()
        words = {"worked": "券后价直接", "not_worked": "夜间无人值守", "advice": "夜间停投"}
        action = {"what": "夜间停投放", "owner_id": self._person("campaigns"), "due_on": due}
        self._do("supervisor", "review/complete-review", {**mine, **words, "actions": [action]})
        self._do("supervisor", "review/submit-review", mine)
        self._do("manager", "review/approve-review", mine)

    def met(self) -> None:
        """The meeting, with market, engineering and service; the plan is kept as a template."""
        found = self.steps.house.get("manager", f"review/reports/{self.ids['review']}")
        people = [self._person(name) for name in ("manager", "market", "engineering", "service2")]
        said = {"said": "券后价直接有效", "decisions": "定为月度活动", "actions": [], "attendees": people}
        held = {"number": found["next_meeting"], "held_at": (self.steps.now - timedelta(hours=1)).isoformat()}
        self._do("manager", "review/hold-meeting", {"review_id": self.ids["review"], **held, **said})
        self._do("supervisor", "review/make-template", {**self.mine, "note": "专场标准方案"})
        rows = self.steps.house.get("campaigns", "review/actions", state="open", review_id=self.ids["review"])["items"]
        for row in rows:
            self._do("campaigns", "review/finish-review-actions", {"action_id": row["id"], "note": "已停"})

    @staticmethod
    def _person(username: str) -> int:
        return next(number for number, one in enumerate(PEOPLE, start=1) if one.username == username)

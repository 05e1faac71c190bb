"""The craft days: returned once, on brand at the second try, running today in the second shop with its lamps short."""

from datetime import timedelta

from shopkeeper.simulator.catalogue import BY_CODE
from shopkeeper.simulator.drawings.posters import poster
from shopkeeper.simulator.marketing import plans
from shopkeeper.simulator.marketing.desk import KNIFE, LAMP, SECOND, CampaignDesk
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.scenes import insist
from shopkeeper.simulator.staff import EYES
from shopkeeper.simulator.stepping import CHINA

HOURS_TODAY = 6  # that the campaign has behind it
# Visitors of each hour, and how many buy: (visitors, knives, lamps).
HOURS = ((164, 1, 1), (312, 0, 1), (288, 1, 0), (236, 3, 4), (265, 0, 2), (284, 0, 2))
ASKED_BUYERS = 8
SENT = ("completed", "signed", "shipped")


class CraftDays(CampaignDesk):
    """M1 to M3 on a campaign of two days and a bit."""

    def plan_craft(self) -> None:
        """Put it on the agenda, as far from its first hour as it is."""
        at, begins = self.scenes.at, self.begins
        last = (begins.astimezone(CHINA).date() - self.steps.start.astimezone(CHINA).date()).days
        for days_before, hour, minute, deed in (
            (3, 10, 20, self.craft_planned),
            (3, 16, 30, self.craft_returned),
            (2, 10, 10, self.craft_mended),
            (2, 11, 20, self.craft_briefed),
            (2, 15, 0, self.copy_boasts),
            (1, 10, 5, self.craft_drawn),
            (1, 11, 0, self.craft_prepared),
            (1, 11, 25, self.yes_to_messages),
            (1, 15, 40, self.mailing_written),
        ):
            at(self.steps.day(last - days_before, hour, minute), deed)
        at(begins - timedelta(minutes=50), self.craft_tested)
        at(begins - timedelta(minutes=25), self.craft_launched)
        for hour, (visitors, knives, lamps) in enumerate(HOURS):
            since = begins + timedelta(hours=hour)
            goods = [KNIFE] * knives + [LAMP] * lamps
            for place, code in enumerate(goods):
                at(since + timedelta(minutes=6 + 7 * place), self._bought(1, [(code, 1, _off(code))]))
            after = (
                71 if hour == HOURS_TODAY - 1 else 68
            )  # minutes; the last once the first answer's quiet hours are over
            at(since + timedelta(minutes=after), self._record("craft", SECOND, since, visitors))
        at(begins + timedelta(hours=3, minutes=10), self.copy_changed)
        at(begins + timedelta(hours=4, minutes=18), self.lamps_called_for)

    def craft_planned(self) -> None:
        """M1.1, M1.2: for customers of the last year; where it is to stand, what it may cost."""
        begins, ends = self.begins, self.begins + timedelta(hours=54)
        rules = [
            self._rule(SECOND, words, begins, ends, [KNIFE, LAMP]) for words in (plans.CRAFT_RULE, plans.CRAFT_COUPON)
        ]
        self.ids["coupon rule"] = rules[1]
        seen = {"window_days": 365}
        self.ids["segment"] = self._do(
            "campaigns/save-segment", shop_id=SECOND, code="year", name="近一年下过单", definition=seen
        )["id"]
        self._do("campaigns/count-segments", segment_id=self.ids["segment"])
        goods = [
            {"sku_id": self.skus[code], "planned_quantity": planned, "price_minor": _reduced(code)}
            for code, planned in ((LAMP, 16), (KNIFE, 12))
        ]
        seen_by = [self.ids["segment"]]
        self._campaign("craft", SECOND, plans.CRAFT, begins, ends, rules=rules, goods=goods, segments=seen_by)
        self._do("campaigns/plan-budget", campaign_id=self.ids["craft"], items=list(plans.CRAFT_BUDGET))
        times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        place = self._do("campaigns/add-own-slots", shop_id=SECOND, name="首页头屏")["id"]
        self._do("campaigns/book-own-slots", slot_id=place, campaign_id=self.ids["craft"], **times)
        for name, apply_by in (
            ("猜你喜欢推荐位", begins - timedelta(hours=15)),
            ("聚划算首页横幅", begins - timedelta(hours=20)),
        ):
            cost = {"apply_by": apply_by.isoformat(), "expected_cost_minor": 36_000}
            added = self._do("campaigns/add-slots", campaign_id=self.ids["craft"], place=name, **times, **cost)
            self.ids[name] = added["facts"]["slot_id"]
        self._do("campaigns/submit-plans", campaign_id=self.ids["craft"])

    def craft_returned(self) -> None:
        """M1.2: not yet; what happens when the lamps are gone?"""
        insist(
            self.house, EYES, "campaigns/return-plans", campaign_id=self.ids["craft"], reason="灯只有二十盏，先写清预售"
        )

    def craft_mended(self) -> None:
        """M1.2: agreed to now; slots are applied for, one is granted and one refused; tasks are given."""
        craft = self.ids["craft"]
        self._do("campaigns/submit-plans", campaign_id=craft)
        insist(self.house, "manager", "campaigns/approve-plans", campaign_id=craft, reason="同意，预售由主管盯")
        for name, granted, answer in (
            ("猜你喜欢推荐位", True, "排期 2 天"),
            ("聚划算首页横幅", False, "类目名额已满"),
        ):
            self._do("campaigns/apply-slots", slot_id=self.ids[name], reference=f"SQ-{self.ids[name]:03d}")
            cost = {"cost_minor": 34_000} if granted else {}
            self._do("campaigns/answer-slots", slot_id=self.ids[name], granted=granted, answer=answer, **cost)
        for role, title, hours in plans.CRAFT_TASKS:
            due_at = (self.begins + timedelta(hours=hours)).isoformat()
            self._do("campaigns/add-tasks", campaign_id=craft, role=role, title=title, due_at=due_at)

    def craft_briefed(self) -> None:
        """M2.1: what the designer is asked for."""
        self._brief("craft copy", "craft", "copy", "首页文案", must_say=["8.5折"])
        self._brief("craft poster", "craft", "poster", plans.MAIN_POSTER, width=1_200, height=600)

    def copy_boasts(self) -> None:
        """M2.1: the lowest price of all the net, and an offer nobody makes: it comes back by itself."""
        self._version("craft copy", text=plans.BOASTING)

    def craft_drawn(self) -> None:
        """M2.1: said properly, drawn on brand, agreed to, given its place."""
        self._version("craft copy", text=plans.PROPER)
        self._version("craft poster", content=poster("LMP", plans.BRAND), name="匠器首页.jpg")
        self.steps.settle()
        for name, place in (("craft copy", "首页标题"), ("craft poster", "首页头屏")):
            self._do("launch/approve-materials", material_id=self.ids[name], reason="合乎品牌，主题清楚")
            self._do("launch/use-materials", material_id=self.ids[name], channel="店铺首页", place=place)

    def craft_prepared(self) -> None:
        """M2.2, M2.3: coupons are there, carts are worked out by hand, the stage is tested a first time."""
        rule, begins = self.ids["coupon rule"], self.begins
        until = (begins + timedelta(hours=54)).isoformat()
        words = {"code": "CRAFT-A", "name": "匠器券", "total": 300, "per_buyer": 1}
        self.ids["coupons"] = self._do(
            "promotions/make-coupon-batch",
            rule_id=rule,
            claim_from=(self.steps.now).isoformat(),
            claim_to=until,
            valid_to=until,
            **words,
        )["id"]
        lamp, knife = self.skus[LAMP], self.skus[KNIFE]
        self._example("craft", "一盏灯", [{"sku_id": lamp}], _reduced(LAMP))
        both = [{"sku_id": lamp}, {"sku_id": knife}]
        self._example("craft", "一灯一刀", both, _reduced(LAMP) + _reduced(KNIFE))
        insist(self.house, "engineering", "launch/run-gates", campaign_id=self.ids["craft"])

    def yes_to_messages(self) -> None:
        """M1.2: customers who asked the desk to tell them."""
        rows = [
            row
            for state in SENT
            for row in self.house.all_rows(EYES, "audit/orders", state=state)
            if row["shop_id"] == SECOND
        ]
        for number, row in enumerate(rows[:ASKED_BUYERS]):
            phone = f"137{(number * 7_310_007 + 1_002_003) % 10**8:08d}"
            words = {"channel": "sms", "source": "service" if number % 2 else "card", "address": phone}
            insist(self.house, "service2", "outreach/give-consents", shop_id=SECOND, order_id=row["id"], **words)

    def mailing_written(self) -> None:
        """M1.2: a message to those of the segment who said yes; another person agrees to it."""
        words = {"name": "匠器专场老客短信", "signature": accounts.SMS_SIGNATURE, "template": accounts.SMS_TEMPLATE}
        written = self._do(
            "outreach/save-mailings",
            campaign_id=self.ids["craft"],
            segment_id=self.ids["segment"],
            channel="sms",
            text=plans.CRAFT_SMS,
            planned_at=(self.begins + timedelta(minutes=15)).isoformat(),
            **words,
        )
        self._do("outreach/submit-mailings", mailing_id=written["id"])
        insist(self.house, EYES, "outreach/approve-mailings", mailing_id=written["id"])

    def craft_tested(self) -> None:
        """M2.2: once more on the day, with everything as it stands."""
        insist(self.house, "engineering", "launch/run-gates", campaign_id=self.ids["craft"])

    def craft_launched(self) -> None:
        """M1.2: it goes live; where something is still red the manager answers for it."""
        gate = self.house.get("engineering", f"launch/campaigns/{self.ids['craft']}/gate")
        if gate["state"] != "green":
            why = "逐项看过，不影响顾客下单，先上线再补"
            insist(self.house, "manager", "launch/override-gates", campaign_id=self.ids["craft"], reason=why)
        self._do("campaigns/launch-campaigns", campaign_id=self.ids["craft"])
        self._spend("craft", "ads", "YLMF-001", 18_400)
        self._spend("craft", "slots", "TJW-001", 34_000)
        for buyer in range(5):
            claim = {"batch_id": self.ids["coupons"], "buyer": f"member-{buyer}", "shop_id": SECOND}
            insist(self.house, "service2", "promotions/claim-coupons", **claim)
        for row in self.house.get("campaigns", f"campaigns/campaigns/{self.ids['craft']}")["tasks"]:
            if row["role"] == "warehouse":
                insist(
                    self.house,
                    "depot2",
                    "campaigns/finish-tasks",
                    task_id=row["id"],
                    evidence="已移到 A-01-01，拍照存档",
                )

    def copy_changed(self) -> None:
        """M3.2: two hours below the plan; the headline is to be written anew."""
        alert = self._alert("conversion_low")
        self._do("watch/change-copy", alert_id=alert, what="首页标题先说价格：竹编灯 135.15 元起")

    def lamps_called_for(self) -> None:
        """M3.2: at this pace the lamps are gone before the night; the product specialist is asked for more."""
        self._do("watch/call-restock", alert_id=self._alert("stock_low"), quantity=30, note="竹编灯，最好今晚到")


def _reduced(code: str) -> int:
    """The price of the craft days."""
    return (BY_CODE[code].price_minor * 850 + 500) // 1_000


def _off(code: str) -> float:
    return (BY_CODE[code].price_minor - _reduced(code)) / 100

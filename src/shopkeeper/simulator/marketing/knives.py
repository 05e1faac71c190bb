"""The day of knives: one kind of goods from plan to template, in the first shop, where goods were put up by hand."""

from datetime import timedelta

from shopkeeper.simulator.drawings.posters import poster
from shopkeeper.simulator.marketing import plans
from shopkeeper.simulator.marketing.desk import FIRST, KNIFE, SECOND, CampaignDesk
from shopkeeper.simulator.scenes import insist
from shopkeeper.simulator.staff import EYES
from shopkeeper.simulator.stepping import CHINA

VISITORS = (62, 75, 58, 66, 81, 74, 69, 77, 83, 96, 118, 104)  # of each hour from ten on
BOUGHT_AT = ((10, 17), (11, 40), (14, 5), (15, 31), (20, 3), (20, 21), (20, 44), (21, 12))
RECORDED_LATE = 15  # one of the hours


class KnifeDay(CampaignDesk):
    """M1 to M4 on one day's campaign, and the next one that starts from it."""

    def plan_knives(self) -> None:
        """Put it on the agenda of the first days."""
        at, day = self.scenes.at, self.steps.day
        at(day(0, 8, 14), self.knives_planned)
        at(day(0, 8, 40), self.knives_drawn)
        at(day(0, 9, 2), self.knives_tested)
        for hour, visitors in enumerate(VISITORS, start=10):
            recorded = day(0, hour + 2, 20) if hour == RECORDED_LATE else day(0, hour + 1, 9)
            at(recorded, self._record("knives", FIRST, day(0, hour), visitors))
        for hour, minute in BOUGHT_AT:
            at(day(0, hour, minute), self._bought(0, [(KNIFE, 1, 30)]))
        at(day(1, 9, 20), self.sheet_signed)
        at(day(1, 10, 40), self.knives_reviewed)
        at(day(1, 16, 10), self.review_approved)
        at(day(2, 14, 30), self.knives_discussed)
        at(day(4, 15), self.action_finished)
        at(day(3, 11), self.next_started)

    def knives_planned(self) -> None:
        """M1.1, M1.2, M2.3: a promotion and a plan, agreed to by another person."""
        self.skus = {row["code"]: row["id"] for row in self.house.all_rows(EYES, "audit/skus")}
        begins, ends = self.steps.day(0, 10), self.steps.day(0, 22)
        rule = self._rule(FIRST, plans.KNIVES_RULE, begins, ends, [KNIFE])
        goods = [{"sku_id": self.skus[KNIFE], "planned_quantity": 10, "price_minor": 29_800}]
        self._campaign("knives", FIRST, plans.KNIVES, begins, ends, rules=[rule], goods=goods)
        self._do("campaigns/plan-budget", campaign_id=self.ids["knives"], items=list(plans.KNIVES_BUDGET))
        place = self._do("campaigns/add-own-slots", shop_id=FIRST, name="首页轮播 1")["id"]
        times = {"starts_at": begins.isoformat(), "ends_at": ends.isoformat()}
        self._do("campaigns/book-own-slots", slot_id=place, campaign_id=self.ids["knives"], **times)
        self._do("campaigns/submit-plans", campaign_id=self.ids["knives"])
        insist(self.house, EYES, "campaigns/approve-plans", campaign_id=self.ids["knives"], reason="可行，先小做")
        for shop_id in (FIRST, SECOND):
            insist(self.house, "design", "launch/set-brands", shop_id=shop_id, colours=plans.BRAND)

    def knives_drawn(self) -> None:
        """M2.1: what visitors see, on brand and saying what the promotion gives."""
        self._brief("knives copy", "knives", "copy", "详情页文案", must_say=["满300减30"])
        self._brief("knives poster", "knives", "poster", "首页海报", width=1_200, height=600)
        self._version("knives copy", text=plans.KNIVES_COPY)
        self._version("knives poster", content=poster("KNF", plans.BRAND), name="厨刀首页.jpg")

    def knives_tested(self) -> None:
        """M2.2: the gate is red, for the shop's goods were put up by hand; the manager answers for it."""
        knives = self.ids["knives"]
        for name in ("knives copy", "knives poster"):
            self._do("launch/approve-materials", material_id=self.ids[name], reason="主题清楚")
        for name, pieces, expected in (("一把", 1, 29_800), ("两把", 2, 62_600)):
            lines = [{"sku_id": self.skus[KNIFE], "quantity": pieces}]
            self._example("knives", name, lines, expected)
        insist(self.house, "engineering", "launch/run-gates", campaign_id=knives)
        self.steps.settle()
        why = "本店商品由人工上架，已逐个打开核对，可以上线"
        insist(self.house, "manager", "launch/override-gates", campaign_id=knives, reason=why)
        self._do("campaigns/launch-campaigns", campaign_id=knives)
        self._spend("knives", "ads", "ZTC-001", 18_600)

    def sheet_signed(self) -> None:
        """M3.1: the day's 《活动监控表》."""
        rows = self.house.get(EYES, "watch/sheets", campaign_id=self.ids["knives"])["items"]
        for row in rows:
            insist(self.house, EYES, "watch/sign-sheets", sheet_id=row["id"], reason="15 点一行补录，数字已核对")

    def knives_reviewed(self) -> None:
        """M4.1: the report drew itself; a person says what the figures do not."""
        rows = self.house.get("campaigns", "review/reports", campaign_id=self.ids["knives"])["items"]
        self.ids["review"] = rows[0]["id"]
        words = {"worked": plans.WORKED, "not_worked": plans.NOT_WORKED, "advice": plans.ADVICE}
        wishes = [
            {"what": "详情页加一段“刀具保养”", "owner_id": self.people["design"], "due_on": self._date(5)},
            {"what": "开箱日备货四十把", "owner_id": self.people["products"], "due_on": self._date(20)},
        ]
        self._do("review/complete-review", review_id=self.ids["review"], actions=wishes, **words)
        self._do("review/submit-review", review_id=self.ids["review"])

    def review_approved(self) -> None:
        """M4.1: another person agrees to what was learnt."""
        insist(self.house, "manager", "review/approve-review", review_id=self.ids["review"])

    def knives_discussed(self) -> None:
        """M4.2: who was there and what they said; the campaign becomes a template."""
        review = self.house.get("manager", f"review/reports/{self.ids['review']}")
        insist(
            self.house,
            "manager",
            "review/hold-meeting",
            review_id=self.ids["review"],
            number=review["next_meeting"],
            held_at=(self.steps.now - timedelta(minutes=50)).isoformat(),
            attendees=[self.people[one] for one in plans.PEOPLE_MEET],
            said=plans.SAID,
            decisions=plans.DECIDED,
        )
        insist(self.house, "manager", "review/make-template", campaign_id=self.ids["knives"], note=plans.LEARNED)

    def action_finished(self) -> None:
        """M4.2: what the designer promised is done."""
        rows = self.house.get("design", "review/actions", review_id=self.ids["review"])["items"]
        mine = next(row for row in rows if row["owner_id"] == self.people["design"])
        note = "已加在第三屏，附图两张"
        insist(self.house, "design", "review/finish-review-actions", action_id=mine["id"], note=note)

    def next_started(self) -> None:
        """M4.2, M1.1: the next one starts from the template; and there is an idea for later."""
        starts = (self.begins + timedelta(days=16)).astimezone(CHINA).replace(hour=10)
        started = self._do(
            "campaigns/start-from-template",
            template_id=self.ids["knives"],
            code=plans.NEXT_CODE,
            name=plans.NEXT_NAME,
            starts_at=starts.isoformat(),
        )
        self.ids["next"] = started["id"]
        later = starts + timedelta(days=24)
        times = {"starts_at": later.isoformat(), "ends_at": (later + timedelta(days=5)).isoformat()}
        self._do("campaigns/make-ideas", shop_id=FIRST, **plans.IDEA, **times)

    def next_submitted(self) -> None:
        """M1.2: its plan waits for the supervisor."""
        self._do("campaigns/submit-plans", campaign_id=self.ids["next"])

"""Data people in the demo's past: figures come in each morning, sources are compared, reports signed, findings decided.

It ends with this morning's reports made and unsigned, one disagreement between sources, one finding to decide.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from shopkeeper.simulator.analytics import words
from shopkeeper.simulator.scenes import Scenes, insist
from shopkeeper.simulator.stepping import CHINA, Steps

SHOPS = (1, 2)
ORIGIN = "https://shop.example"
EXCUSED, LATE = 3, 6  # days whose sheet never came, came late
UNLIKE = (5, 8)  # days whose sheet says something else than the house
VISITS = 18


class AnalyticsPast:
    """What happens around figures, put on the agenda before time moves."""

    def __init__(self, steps: Steps, scenes: Scenes) -> None:
        self.steps = steps
        self.scenes = scenes
        self.house = steps.house
        self.key = ""
        self.yesterday = 0  # by its number
        self.findings: dict[str, int] = {}

    def plan(self, until: datetime) -> None:
        """Put everything on the agenda; what would come after `until` never happens."""
        at, day = self.scenes.at, self.steps.day
        at(day(0, 8, 10), self.sources_named)
        self.yesterday = (until.astimezone(CHINA).date() - self._day(0)).days - 1
        for number in range(self.yesterday + 1):
            morning = day(number + 1, 10 if number == LATE else 7, 41)
            if number == self.yesterday:  # whoever comes in early finds it done all the same
                morning = max(min(morning, until - timedelta(minutes=40)), day(number + 1, 0, 5))
            at(morning, self._sheets(number))
            if number:
                at(day(number, 9, 14), self.reports_signed)
        at(until - timedelta(minutes=55), self.pages_seen)
        at(day(EXCUSED + 1, 9, 20), self.sheet_excused)
        at(day(6, 11, 10), self.difference_answered)
        at(day(6, 10, 5), self.finding_decided)
        at(day(7, 10, 30), self.task_finished)
        at(day(8, 10, 35), self.set_asides_judged)
        at(day(8, 10, 50), self.decision_concluded)
        at(day(8, 14, 20), self.another_decided)
        at(until - timedelta(minutes=35), self.finding_waits)

    # sources ----------------------------------------------------------------------------------------------

    def sources_named(self) -> None:
        """D1.1, D2.3, M3.2: where figures come from, what is aimed at, what others convert."""
        for shop_id in SHOPS:
            insist(self.house, "data", "collection/add-figure-sources", shop_id=shop_id, source="sycm")
        insist(self.house, "data", "collection/open-collectors", shop_id=SHOPS[0], origins=[ORIGIN])
        self.key = self.house.get("data", "collection/collectors")[0]["key"]
        today = self._day(0)
        for metric, whose, value in words.TARGETS:
            month = today.replace(day=1).isoformat()
            insist(
                self.house,
                "manager",
                "reports/set-targets",
                metric_id=metric,
                shop_id=whose,
                month=month,
                value=value,
            )
        line = {"name": "同行均值（生意参谋）", "conversion_bp": 180, "valid_from": today.isoformat()}
        insist(self.house, "data", "watch/set-benchmarks", shop_id=SHOPS[1], **line)

    def _sheets(self, number: int) -> Callable[[], None]:
        """The tool's two sheets of a day, shop by shop: they agree with the house, save for one day."""

        def take_in() -> None:
            day = self._day(number)
            for shop_id in SHOPS:
                if number != EXCUSED or shop_id == SHOPS[0]:
                    self._sheet(day, number, shop_id)

        return take_in

    def _sheet(self, day: date, number: int, shop_id: int) -> None:
        own = self._own(day, shop_id)
        visitors = words.VISITORS[number] * (words.SHARE_OF_SECOND if shop_id == SHOPS[1] else 100) // 100
        orders = own.get("orders", 0) + (4 if number in UNLIKE and shop_id == SHOPS[0] else 0)
        buyers = min(own.get("buyers", orders), orders) if orders else 0
        clicks = visitors * 14 // 10
        shop = {
            "visitors": visitors,
            "page_views": visitors * 31 // 10,
            "exposure": clicks * 21,
            "clicks": clicks,
            "stay_mean_seconds": 38 + number,
            "cart_visitors": visitors * 9 // 100,
            "orders": orders,
            "buyers": buyers,
            "paid_minor": own.get("paid_minor", 0),
        }
        span = {"starts_on": day.isoformat(), "ends_on": day.isoformat()}
        self._take_in(shop_id, "shop", [{**span, "figures": shop}])
        lines = [
            {
                **span,
                "channel_name": name,
                "figures": {"visitors": visitors * seen // 100, "buyers": buyers * bought // 100},
            }
            for name, seen, bought in words.CHANNELS
        ]
        self._take_in(shop_id, "channel", lines)

    def _own(self, day: date, shop_id: int) -> dict[str, int]:
        """What the house itself counts of a day."""
        rows = self.house.get("data", f"collection/sources/{day.isoformat()}", shop_id=shop_id)
        own: dict[str, int] = rows[0]["figures"].get("own", {}) if rows else {}
        return own

    def _take_in(self, shop_id: int, breakdown: str, lines: list[dict[str, Any]]) -> None:
        item = {"shop_id": shop_id, "source": "sycm", "breakdown": breakdown, "lines": lines}
        insist(self.house, "data", "collection/take-in-figures", **item)

    def sheet_excused(self) -> None:
        """D1.1: one sheet will never come; it is on record why."""
        rows = self.house.get("data", "collection/deliveries", state="awaited", shop_id=SHOPS[1])["items"]
        missing = next(row for row in rows if row["day"] == self._day(EXCUSED).isoformat())
        why = "平台后台升级，当日数据不出表"
        insist(self.house, "data", "collection/excuse-deliveries", delivery_id=missing["id"], excuse=why)

    def difference_answered(self) -> None:
        """D1.1: the platform counts each kind of goods as an order of its own; said once, and kept."""
        for row in self.house.get("data", "collection/disagreements", state="open")["items"]:
            values = {"value": row["value"], "other_value": row["other_value"]}
            note = "平台的表按子订单统计（一种商品一单），口径不同"
            item = {"case_id": row["id"], "reason": "rule_differs", "note": note, **values}
            insist(self.house, "data", "collection/answer-disagreements", **item)

    def pages_seen(self) -> None:
        """D1.1: browsers on the shop's own pages tell what was seen; one of them is a machine."""
        with httpx.Client(base_url=self.house.address, timeout=60, trust_env=False) as browser:
            for visit in range(VISITS):
                agent = "curl/8.5" if visit == VISITS - 1 else words.BROWSER
                body = self._visit(visit)
                browser.post(f"/c/{self.key}", json=body, headers={"User-Agent": agent, "Origin": ORIGIN})

    def _visit(self, visit: int) -> dict[str, Any]:
        """One visit: some leave at once, some look on, some put things into the cart."""
        who, now = f"past-v{visit:04d}", int(self.steps.now.timestamp() * 1000)
        depth = 1 + visit * 7 % 5
        events: list[dict[str, Any]] = []
        for step in range(depth):
            page, sku = words.PAGES[(visit + step) % len(words.PAGES)]
            at = now - (depth - step) * 41_000
            view = {"event_id": f"{who}e{step:02d}view", "kind": "view", "at": at, "page": ORIGIN + page}
            if sku:
                view["sku_id"] = sku
            if not step and words.REFERRERS[visit % len(words.REFERRERS)]:
                view["referrer"] = words.REFERRERS[visit % len(words.REFERRERS)]
            events.append({**view, "stay_ms": 9_000 + visit * 1_700 % 30_000})
            if step == 2:
                events.append({**view, "event_id": f"{who}e{step:02d}cart", "kind": "cart", "at": at + 9_000})
        return {"visitor": f"{who}visitor", "session": f"{who}session", "sent_at": now, "events": events}

    # what is not business --------------------------------------------------------------------------------

    def set_asides_judged(self) -> None:
        """D1.2: test orders stay out; what came after waits to be looked at."""
        rows = self.house.get("data", "lake/set-asides", state="suspected")["items"]
        self.house.do("data", "lake/confirm-set-asides", [{"set_aside_id": row["id"]} for row in rows])

    # reports ----------------------------------------------------------------------------------------------

    def reports_signed(self) -> None:
        """D2.1–D2.4: this morning's reports are read and signed; weekly and monthly ones with their analyses."""
        for row in self.house.get("data", "reports/reports", state="complete")["items"]:
            if row["period"] != "day":
                for address, said in words.ANALYSES.items():
                    insist(self.house, "data", f"reports/{address}", report_id=row["id"], words=said)
            insist(self.house, "data", "reports/sign-reports", report_id=row["id"], comment=words.COMMENT)
            if row["period"] != "day":
                insist(self.house, "manager", "reports/confirm-reports", report_id=row["id"])

    # decisions --------------------------------------------------------------------------------------------

    def _find(self, name: str, finding: dict[str, Any], number: int) -> None:
        day = self._day(number).isoformat()
        found = insist(self.house, "data", "decisions/record-findings", first_day=day, last_day=day, **finding)
        self.findings[name] = found["id"]

    def finding_decided(self) -> None:
        """D3: something is noticed and decided; what it brings is measured two days later."""
        self._find("few pay", words.FEW_PAY, 5)
        due = (self.steps.now + timedelta(days=1, hours=2)).isoformat()
        insist(
            self.house,
            "manager",
            "decisions/decide-findings",
            finding_id=self.findings["few pay"],
            measure_on=self._day(8).isoformat(),
            tasks=[{"owner": "campaign_specialist", "what": "周中计划出价下调一半", "due_at": due}],
            **words.DECIDED,
        )

    def task_finished(self) -> None:
        """D3: the campaign specialist did it."""
        rows = self.house.get("campaigns", "decisions/tasks", state="open")["items"]
        note = "四个计划已调，截图存档"
        insist(self.house, "campaigns", "decisions/finish-decision-tasks", task_id=rows[0]["id"], note=note)

    def decision_concluded(self) -> None:
        """D3: measured this morning; the manager says what was learnt."""
        found = self.house.get("manager", f"decisions/findings/{self.findings['few pay']}")
        item = {"decision_id": found["decision"]["id"], "conclusion": "unclear"}
        said = "只有一天，样本太小；再看一周"
        insist(self.house, "manager", "decisions/conclude-decisions", words=said, **item)

    def another_decided(self) -> None:
        """D3: one more, whose task is still to be done."""
        self._find("still bought", words.WEIGHED, 7)
        due = (self.steps.now + timedelta(days=2)).isoformat()
        insist(
            self.house,
            "manager",
            "decisions/decide-findings",
            finding_id=self.findings["still bought"],
            what="厨具加一条老带新：晒图返保养油",
            reason="介绍来的客人不花广告钱",
            expected=80_000,
            expected_words="每天多两单",
            measure_on=self._day(16).isoformat(),
            tasks=[{"owner": "campaign_specialist", "what": "写老带新规则与页面", "due_at": due}],
        )

    def finding_waits(self) -> None:
        """D3: yesterday's orders; nobody has decided yet."""
        self._find("busy", words.BUSY, self.yesterday)

    def _day(self, number: int) -> date:
        return self.steps.day(number, 12).astimezone(CHINA).date()

"""What happens beside the orders of some days: reports are signed each morning, and in longer runs a campaign."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shopkeeper.simulator.campaign_desk import CampaignDesk
from shopkeeper.simulator.shoppers import Shoppers
from shopkeeper.simulator.stepping import Steps

CAMPAIGN_FROM = 14  # days a run must have for a campaign
PLANNED, FIRST, LAST, REVIEWED, MET = 3, 8, 10, 12, 13
OPEN_HOURS = range(11, 23)  # in which the hour before is recorded
SOLD_A_DAY = 8
SIGNED_WITH = {"comment": "已核对", "despite": "部分数据源尚未接入"}
WORDS = {
    "reports/analyse-traffic": "流量平稳，以搜索为主",
    "reports/analyse-sales": "销售随订单量波动，无异常品类",
    "reports/analyse-customers": "新客为主，老客复购待观察",
}
Day = Callable[..., datetime]


def no_daily_reports(shop_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Policies: each day these shops stand in the report of all shops only."""
    why = "小店并入全部店铺的日报，每周一份周报"
    return [{"key": "report_periods", "value": "long", "reason": why, "shop_id": shop_id} for shop_id in shop_ids]


class FigureDays:
    """Reports and the campaign of some days; `day` answers a clock time of one of them."""

    def __init__(self, steps: Steps, shoppers: Shoppers, day: Day, first_day: int) -> None:
        self.steps = steps
        self.day = day
        begin, end = day(FIRST, 10), day(LAST, 22)
        self.campaign = CampaignDesk(steps, shoppers, f"DAYS-{first_day}", 2, "CUP-1", (begin, end))

    def plan(self, days: int) -> None:
        """Put it all on the agenda; the lake is written every two hours."""
        often = {"key": "lake_write_minutes", "value": 120, "reason": "早上看报告，两小时一写足够"}
        self.steps.house.do("supervisor", "sop/set-policy", [often])
        for day in range(days):
            self.steps.at(self.day(day, 9, 15), self.sign_reports)
            self.steps.at(self.day(day, 9, 40), self.clean)
        if days >= CAMPAIGN_FROM:
            self._plan_campaign()

    def sign_reports(self) -> None:
        """The data specialist reads what was made overnight, says what is to be said of weeks and months, signs."""
        rows: list[dict[str, Any]] = []
        for state in ("complete", "incomplete"):
            rows += self.steps.house.get("data", "reports/reports", state=state, limit=200)["items"]
        long = [row for row in rows if row["period"] != "day"]
        for address, words in WORDS.items():
            self.steps.house.do("data", address, [{"report_id": row["id"], "words": words} for row in long])
        self.steps.house.do("data", "reports/sign-reports", [{"report_id": row["id"], **SIGNED_WITH} for row in rows])
        self.steps.house.do("manager", "reports/confirm-reports", [{"report_id": row["id"]} for row in rows])

    def clean(self) -> None:
        """What was set aside as suspicious since yesterday is looked at and confirmed."""
        rows = self.steps.house.get("data", "lake/set-asides", state="suspected", limit=200)["items"]
        self.steps.house.do("data", "lake/confirm-set-asides", [{"set_aside_id": row["id"]} for row in rows])

    def _plan_campaign(self) -> None:
        at, campaign = self.steps.at, self.campaign
        span = (("watch_record_from_hour", OPEN_HOURS[0] - 1), ("watch_record_to_hour", OPEN_HOURS[-1]))
        hours = [{"key": key, "value": hour, "reason": "夜间不逐时登记", "shop_id": 2} for key, hour in span]
        self.steps.house.do("supervisor", "sop/set-policy", hours)
        at(self.day(PLANNED, 10, 20), campaign.planned)
        at(self.day(PLANNED, 11, 20), campaign.decided)
        at(self.day(FIRST - 1, 15, 20), campaign.tested)
        at(self.day(FIRST - 1, 16, 20), self._announce)
        at(self.day(FIRST, 9, 45), campaign.launched)
        for day in range(FIRST, LAST + 1):
            for hour in OPEN_HOURS:
                at(self.day(day, hour, 5), campaign.recorded)
            at(self.day(day, 11, 20), self._sell)
            at(self.day(day + 1, 9, 30), campaign.day_signed)
        at(self.day(REVIEWED, 10, 15), campaign.reviewed)
        at(self.day(MET, 15, 15), campaign.met)

    def _announce(self) -> None:
        self.campaign.announced(self.day(FIRST, 10, 5))

    def _sell(self) -> None:
        self.campaign.sold(SOLD_A_DAY)

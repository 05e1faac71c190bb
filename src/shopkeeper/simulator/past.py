"""The demo shop's past, played fast: ten days with a few old orders, a busy yesterday, and today up to now.

It ends in the middle of work: something to check, to pick, to pack, to hand over, cases, follow-ups, settlements.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator.analytics.past import AnalyticsPast
from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.days import SHIFTS, Days
from shopkeeper.simulator.marketing.past import MarketingPast
from shopkeeper.simulator.products.past import ProductsPast
from shopkeeper.simulator.scenes import Scenes
from shopkeeper.simulator.service.past import ServicePast
from shopkeeper.simulator.staff import EYES, Team
from shopkeeper.simulator.stepping import CHINA, Steps

Progress = Callable[[int, int | None], None]
DAYS_BACK = 9
SEED = 7
OLD, LAST_WEEK, YESTERDAY, TODAY = 16, 6, 70, 70
LISTING_DAY = 8  # yesterday
FOUR_HOURLY = 240


class Past(Days):
    """Days whose last shift stops half way, so that the visitor finds every station with work."""

    pull_minutes = 240
    last_shift: datetime | None = None
    first_waves: Sequence[int] = ()
    told_elsewhere: Mapping[str, Any] = {}  # numbers of orders by name, whose buyers do only what is told of them

    def find_last_shift(self, until: datetime) -> None:
        """The last shift that could begin before the present moment."""
        begins = [self.steps.day(d, *shift) for d in range(len(self.orders_per_day)) for shift in SHIFTS]
        self.last_shift = max((b for b in begins if b + timedelta(minutes=35) <= until), default=None)

    @property
    def _is_last_shift(self) -> bool:
        return self.last_shift is not None and self.steps.now >= self.last_shift

    def _is_left_to_the_visitor(self, team: Team) -> bool:
        return self._is_last_shift and team is self.teams[0]

    def _release(self, team: Team, day: int, shift: int) -> None:
        """For the visitor two waves: one will be picked and lie at the packing stations, one is half picked."""
        if self._is_left_to_the_visitor(team):
            rows = self.steps.house.all_rows(EYES, "audit/orders", state="released")
            waiting = [row["id"] for row in rows if row["warehouse_id"] == team.depot_id]
            self.first_waves = self.staff.release(team, waiting[::2]) if len(waiting) > 1 else []
        super()._release(team, day, shift)

    def _finish(self, team: Team) -> None:
        if self._is_left_to_the_visitor(team):
            self.staff.finish(team, self.first_waves)
        else:
            super()._finish(team)

    def _pack(self, team: Team, day: int, shift: int) -> None:
        if not self._is_left_to_the_visitor(team):
            super()._pack(team, day, shift)
        elif shift >= 0:
            orders = self.staff.to_pack(team)
            self.staff.pack(team, self.staff.open_packing(team, orders[: len(orders) // 3]))

    def _leave(self, team: Team, day: int, shift: int) -> None:
        if not self._is_left_to_the_visitor(team):
            super()._leave(team, day, shift)

    def _finance(self) -> None:
        """Days are signed; what was sold at a loss is left for the visitor to look at."""
        self.staff.close_yesterday([shop_id for team in self.teams for shop_id in team.shop_ids])

    def _acts_by_himself(self, trade: dict[str, Any]) -> bool:
        return super()._acts_by_himself(trade) and trade["tid"] not in self.told_elsewhere.values()

    def _refund_while_packing(self, order: dict[str, Any]) -> None:
        """Somebody whose story is told elsewhere keeps their order."""
        rows = self.steps.house.all_rows(EYES, "audit/orders", state="to_pack")
        known = {row["id"]: row["platform_no"] for row in rows}
        if known.get(order["order_id"]) not in {str(tid) for tid in self.told_elsewhere.values()}:
            super()._refund_while_packing(order)

    def _serve(self, day: int) -> None:
        """The desk's past is told by itself, with fewer matters and more to see."""

    def _ask(self, team: Team) -> None:
        """The calls that came due these days are the visitor's."""


def start_of(now: datetime) -> datetime:
    """When the demo's past begins: eight in the morning, some days ago."""
    day = (now.astimezone(CHINA) - timedelta(days=DAYS_BACK)).date()
    return datetime(day.year, day.month, day.day, 8, tzinfo=CHINA)


def _write_lake(steps: Steps, minutes: int, why: str) -> None:
    """How often facts are written to the lake: a past of many days needs it seldom."""
    setting = {"key": "lake_write_minutes", "value": minutes, "reason": why}
    steps.house.do("supervisor", "sop/set-policy", [setting])


def play_past(steps: Steps, until: datetime, progress: Progress) -> list[str]:
    """Step from the start to the present; then the second shop checks continuously, so that it goes on by itself.

    Answers the scenes beside the orders that broke off.
    """
    orders = [OLD, 3, 4, 2, 5, LAST_WEEK, 3, 4, YESTERDAY, TODAY]
    plan = Past(steps, orders, SEED)
    plan.find_last_shift(until)
    plan.plan()
    _write_lake(steps, FOUR_HOURLY, "筹备期订单少，湖仓四小时写一次")
    cheap = [plan.shoppers.order(SHOPFRONTS[0], "odd_price") for _ in range(3)]
    steps.at(steps.day(5, 8, 30), plan.placing(cheap))
    kinds = ("remark", "odd_quantity", "phone", "unknown_sku", "plain", "plain")
    fresh = [plan.shoppers.order(SHOPFRONTS[0], kind) for kind in kinds]
    steps.at(until - timedelta(minutes=25), plan.placing(fresh))
    if len(orders) > LISTING_DAY:
        steps.at(steps.day(LISTING_DAY, 8, 40), plan.put_goods_up)
    scenes = Scenes(steps)
    ProductsPast(steps, scenes).plan(until)
    MarketingPast(steps, scenes, plan.shoppers).plan(until)
    AnalyticsPast(steps, scenes).plan(until)
    service = ServicePast(steps, plan.teams, SEED, scenes)
    service.plan(until)
    plan.told_elsewhere = service.cases.tids
    total = max(int((until - steps.start).total_seconds() // 3600), 1)
    for hour in range(1, total + 1):
        steps.run_until(min(steps.start + timedelta(hours=hour), until))
        progress(hour, total)
    steps.run_until(until)
    _write_lake(steps, 30, "开门营业，湖仓半小时写一次")
    settings = [
        *(
            {"key": "check_mode", "value": "continuous", "reason": "新店铺试行随到随审", "shop_id": shop_id}
            for shop_id in plan.teams[1].shop_ids
        ),
        {"key": "pull_minutes", "value": 5, "reason": "大促临近，加密拉单"},
    ]
    steps.house.do("supervisor", "sop/set-policy", settings)
    steps.settle()
    return scenes.troubles

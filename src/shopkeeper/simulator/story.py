"""One order's story, from the shopper's click to the settled books, with named goods, order and buyer.

Around it stands just enough to show what is refused and what comes late. Every scene says what it expects; a
house that answers otherwise breaks the story there.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator.catalogue import BY_CODE, SHOPFRONTS
from shopkeeper.simulator.days import teams
from shopkeeper.simulator.house import Outcome
from shopkeeper.simulator.shoppers import Shoppers, line_of
from shopkeeper.simulator.staff import EYES, Staff
from shopkeeper.simulator.stepping import CHINA, Steps

Progress = Callable[[int, int | None], None]
DAYS = 16
HERO = {
    "name": "沈若兰",
    "mobile": "13957120088",
    "state": "浙江省",
    "city": "杭州市",
    "district": "拱墅区",
    "address": "湖墅南路288号锦绣公寓3幢1201室",
}


class StoryBroke(Exception):
    """The house answered otherwise than the procedure says."""


class Cast:
    """Who is in the story: the named order, the orders around it, and the colleagues; with the log of scenes."""

    def __init__(self, steps: Steps, seed: int) -> None:
        self.steps = steps
        self.house = steps.house
        self.outside = steps.outside
        self.staff = Staff(steps)
        self.first, self.second = teams()
        self.shoppers = Shoppers(random.Random(f"story {seed}"))  # noqa: S311 (a story, not a secret)
        self.orders: dict[str, int] = {}
        self.tids: dict[str, int] = {}
        self.scenes: list[dict[str, str]] = []

    # speaking ---------------------------------------------------------------------------------------------

    def expect(
        self, scene: str, who: str, address: str, items: Sequence[dict[str, Any]], wanted: str = "done"
    ) -> list[Outcome]:
        """Have somebody run a command and see that every item ends as wanted: `done`, `unchanged` or a code."""
        outcomes = self.house.do(who, address, items)
        for outcome in outcomes:
            said = outcome["result"] if outcome["result"] != "refused" else outcome["code"]
            if said != wanted:
                raise StoryBroke(f"{scene}: {who} {address} should be {wanted}, is {said} {outcome['facts']}")
        self.steps.settle()
        self.tell(scene, who, f"{address} → {wanted}")
        return outcomes

    def tell(self, scene: str, who: str, what: str) -> None:
        """Write a line of the story."""
        at = self.steps.now.astimezone(CHINA).strftime("%m-%d %H:%M:%S")
        self.scenes.append({"at": at, "scene": scene, "who": who, "what": what})

    def insist(self, scene: str, is_so: bool, what: str) -> None:
        """Something the story needs to be true."""
        if not is_so:
            raise StoryBroke(f"{scene}: {what}")
        self.tell(scene, "系统", what)

    # reading ----------------------------------------------------------------------------------------------

    def shopper(self, name: str, do: str, **details: Any) -> None:
        """A shopper's deed on a named order."""
        self.outside.act(self.tids[name], do, **details)
        self.steps.settle()
        self.tell("买家", name, do)

    def row(self, name: str) -> dict[str, Any]:
        """A named order as the house has it."""
        after = self.orders[name] - 1
        found: dict[str, Any] = self.house.get(EYES, "audit/orders", after=after)[0]
        return found

    def parcel(self, name: str) -> dict[str, Any]:
        """The parcel of a named order."""
        rows = self.house.all_rows(EYES, "audit/parcels")
        return next(row for row in rows if row["order_id"] == self.orders[name] and row["state"] != "cancelled")

    def packing(self, *names: str) -> list[dict[str, Any]]:
        """Named orders at the packing stations."""
        wanted = {self.orders[name] for name in names}
        return [order for order in self.staff.to_pack(self.first) if order["order_id"] in wanted]

    def case_of(self, name: str) -> dict[str, Any]:
        """The open case about a named order's parcel."""
        parcel = self.parcel(name)
        cases = self.house.get("orders", "parcels/cases", tab="open", limit=200)["rows"]
        return next(case for case in cases if case["parcel_id"] == parcel["id"])

    def follow_up_of(self, name: str) -> dict[str, Any]:
        """The open follow-up about a named order."""
        rows = self.house.get("service", "settlement/followups", limit=200)["items"]
        return next(row for row in rows if row["order_id"] == self.orders[name])

    def day(self, number: int, hour: int, minute: int = 0) -> datetime:
        """A clock time in the story."""
        return self.steps.day(number, hour, minute)

    def place(self, name: str, sku: str, quantity: int = 1, **more: Any) -> None:
        """A shopper of shop one orders; the name is the story's."""
        order = self.shoppers.order(SHOPFRONTS[0]) | {"lines": [line_of(BY_CODE[sku], quantity)], "post_fee": "0"}
        order.pop("discount_fee", None)
        line_more = more.pop("line", {})
        order["lines"][0] |= line_more
        trade = self.outside.place([order | more])[0]
        self.tids[name] = trade["tid"]
        self.steps.settle()
        self.tell("下单", name, f"{sku} ×{quantity} {trade['payment']} 元")


def play_story(steps: Steps, seed: int, progress: Progress) -> dict[str, Any]:
    """Play it; answers the named SKU, order, buyer, and the scenes as they happened."""
    from shopkeeper.simulator import story_after, story_before, story_warehouse

    cast = Cast(steps, seed)
    _routine(cast)
    chapters: tuple[tuple[Callable[[Cast], None], datetime], ...] = (
        (story_before.rules_of_the_house, cast.day(0, 8, 2)),
        (story_before.orders_arrive, cast.day(0, 8, 20)),
        (story_before.before_the_session, cast.day(0, 8, 50)),
        (story_before.the_session, cast.day(0, 9, 10)),
        (story_warehouse.the_wave, cast.day(0, 9, 30)),
        (story_warehouse.the_packing, cast.day(0, 10, 10)),
        (story_warehouse.the_hand_over, cast.day(0, 11, 0)),
        (story_warehouse.late_ship_by, cast.day(0, 13, 0)),
        (story_before.stock_arrives, cast.day(0, 13, 30)),
        (story_before.late_session, cast.day(0, 15, 30)),
        (story_warehouse.slow_wave, cast.day(0, 15, 40)),
        (story_warehouse.slow_wave_picked, cast.day(0, 18, 5)),
        (story_warehouse.slow_wave_packed, cast.day(0, 20, 30)),
        (story_after.quick_ones_confirm, cast.day(2, 10)),
        (story_after.stalled, cast.day(3, 9, 30)),
        (story_after.moving_again, cast.day(3, 15)),
        (story_after.finance_looks_late, cast.day(4, 9)),
        (story_after.hero_signed, cast.day(5, 10)),
        (story_after.first_follow_up_late, cast.day(10, 16)),
        (story_after.hero_follow_up, cast.day(12, 14)),
        (story_after.hero_answers, cast.day(13, 13, 30)),
        (story_after.hero_confirms, cast.day(14, 10)),
        (story_after.curtain, cast.day(15, 9)),
    )
    for number, (chapter, when) in enumerate(chapters, start=1):
        steps.run_until(when)
        chapter(cast)
        progress(number, len(chapters))
    return _told(cast)


def _routine(cast: Cast) -> None:
    """What happens every day beside the story: both shops sign their sessions in time."""
    for day in range(DAYS):
        for hour in (9, 14, 18):
            for team in (cast.first, cast.second):
                in_story = day == 0 and hour < 18 and team is cast.first
                if not in_story:
                    cast.steps.at(cast.day(day, hour) + timedelta(minutes=15), _signing(cast, team))


def _signing(cast: Cast, team: Any) -> Callable[[], None]:
    def sign() -> None:
        cast.staff.sign(team)

    return sign


def _told(cast: Cast) -> dict[str, Any]:
    hero = cast.row("hero")
    return {
        "sku": BY_CODE["CUP-1"].code,
        "goods": f"{BY_CODE['CUP-1'].title} {BY_CODE['CUP-1'].spec}",
        "buyer": HERO["name"],
        "order": hero["number"],
        "platform_no": hero["platform_no"],
        "state": hero["state"],
        "scenes": cast.scenes,
    }

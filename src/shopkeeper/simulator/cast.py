"""Who is in the story: the named order, the orders around it, the colleagues; and the log of its scenes."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shopkeeper.simulator.buyers import Buyers
from shopkeeper.simulator.catalogue import BY_CODE, PEOPLE, SHOPFRONTS
from shopkeeper.simulator.days import teams
from shopkeeper.simulator.house import Outcome
from shopkeeper.simulator.service_desk import ServiceDesk
from shopkeeper.simulator.shoppers import Shoppers, line_of
from shopkeeper.simulator.shopping import Shopping
from shopkeeper.simulator.staff import EYES, Staff
from shopkeeper.simulator.stepping import CHINA, Steps

HERO = {
    "name": "沈若兰",
    "mobile": "13957120088",
    "state": "浙江省",
    "city": "杭州市",
    "district": "拱墅区",
    "address": "湖墅南路288号锦绣公寓3幢1201室",
}
HERO_UID = "AAH-shenruolan"  # by what the platform names her to us, in the chat as in her orders
LEAD_DAYS = 4  # what is sold is chosen, entered and put up before the first order


class StoryBroke(Exception):
    """The house answered otherwise than the procedure says."""


class Cast:
    """Who is in the story: the named order, the orders around it, and the colleagues; with the log of scenes.

    `orders`, `tids` (the platforms' numbers) and `made` (whatever else was made) are ids by the story's own names.
    """

    def __init__(self, steps: Steps, seed: int) -> None:
        self.steps = steps
        self.house = steps.house
        self.outside = steps.outside
        self.staff = Staff(steps)
        self.desk = ServiceDesk(steps)
        self.first, self.second = teams()
        self.shoppers = Shoppers(random.Random(f"story {seed}"))  # noqa: S311 (a story, not a secret)
        self.orders: dict[str, int] = {}
        self.tids: dict[str, int] = {}
        self.made: dict[str, int] = {}
        self.scenes: list[dict[str, str]] = []
        self.buyers = Buyers(self.house.address)
        self.shopping = Shopping(steps)
        self.people = {one.username: number for number, one in enumerate(PEOPLE, start=1)}  # as they were furnished
        self._lines_said = 0

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

    def next_line(self) -> int:
        """A number for the next line an agent says; no two lines share one."""
        self._lines_said += 1
        return self._lines_said

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

    def note_orders(self, *names: str) -> None:
        """Named orders have reached the house: which they are there."""
        known = {row["platform_no"]: row["id"] for row in self.house.all_rows(EYES, "audit/orders")}
        self.orders |= {name: known[str(self.tids[name])] for name in names}

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
        """A clock time in the story; day 0 is the day on which the orders come."""
        return self.steps.day(LEAD_DAYS + number, hour, minute)

    def place(self, name: str, sku: str, quantity: int = 1, shop: int = 1, **more: Any) -> None:
        """A shopper orders in a shop; the name is the story's."""
        front = SHOPFRONTS[shop - 1]
        order = self.shoppers.order(front) | {"lines": [line_of(BY_CODE[sku], quantity)], "post_fee": "0"}
        order.pop("discount_fee", None)
        line_more, at_once = more.pop("line", {}), more.pop("at_once", False)
        order["lines"][0] |= line_more
        trade = self.outside.place([order | more])[0]
        self.tids[name] = trade["tid"]
        if not at_once:
            self.steps.settle()
        self.tell("下单", name, f"{sku} ×{quantity} {trade['payment']} 元")

"""Product people in the living demo: a platform shows a price wrong and it is put right, rivals are noted."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from shopkeeper.simulator.catalogue import SHOPFRONTS, SOLD
from shopkeeper.simulator.house import House
from shopkeeper.simulator.products.chosen import COMPETITORS
from shopkeeper.simulator.sandboxes.running import ControlDoor
from shopkeeper.simulator.stepping import CHINA

Pace = tuple[Callable[[], None], float, float]
SECOND = 2  # the shop that goes on by itself
PRODUCTS = sorted({goods.product for goods in SOLD})


class ProductsLiving:
    """What happens at the product desks again and again, each at its own pace in seconds."""

    def __init__(self, house: House, outside: ControlDoor, rng: random.Random) -> None:
        self.house = house
        self.outside = outside
        self.rng = rng
        self.paces: tuple[Pace, ...] = (
            (self.a_price_is_shown_wrong, 420, 720),
            (self.differences_are_fixed, 500, 800),
            (self.a_rival_is_noted, 240, 480),
        )

    def a_price_is_shown_wrong(self) -> None:
        """Something changes on the platform behind our back; the specialist checks the goods and finds it."""
        code = self.rng.choice(PRODUCTS)
        by = self.rng.choice((-500, -300, 200, 800))
        self.outside.spoil(SHOPFRONTS[SECOND - 1].session, code, "wrong_price", by=by)
        rows = self.house.get("products", "publishing/listings", shop_id=SECOND, limit=100)["items"]
        items = [{"listing_id": row["id"]} for row in rows if row["code"] == code]
        self.house.do("products", "publishing/check-listings", items)

    def differences_are_fixed(self) -> None:
        """The second shop's oldest difference is put right; the other shops' wait for the visitor."""
        cases = self.house.get("products", "publishing/mismatches")["items"]
        mine = [{"case_id": case["id"]} for case in cases if case["shop_id"] == SECOND]
        self.house.do("products", "publishing/fix-mismatches", mine[:1])

    def a_rival_is_noted(self) -> None:
        """The market's colleague saw a competitor's price somewhere."""
        name, category, rival, price, sold = self.rng.choice(COMPETITORS)
        line: dict[str, Any] = {
            "name": name,
            "category": category,
            "competitor": rival,
            "price_minor": price + self.rng.randrange(-9, 10) * 100,
            "monthly_sales": sold + self.rng.randrange(-40, 60),
        }
        today = datetime.now(UTC).astimezone(CHINA).date().isoformat()
        note = {"kind": "competitor", "source": "巡店记录", "period_from": today, "period_to": today, "lines": [line]}
        self.house.do("market", "research/take-in-research", [note])

"""The demo shop in machine time: shoppers order and ask, parcels move, one shop's staff works; the other is the
visitor's.

Everything is small and slow enough that somebody who watches sees single things happen.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.days import teams
from shopkeeper.simulator.house import House, HouseBroke
from shopkeeper.simulator.products.living import ProductsLiving
from shopkeeper.simulator.sandboxes.running import ControlDoor, ControlRefused
from shopkeeper.simulator.service.living import ServiceLiving
from shopkeeper.simulator.shoppers import ODD_KINDS, Shoppers
from shopkeeper.simulator.staff import Staff

NEXT_MOVE = {"": "picked", "103": "transit", "1002": "arrived", "1001": "delivering", "5": "signed"}
PLATFORM_WORD_S = 4.0  # how long the worker may take to ask the platform about an opened order


class RealTime:
    """Stands in for stepped time: the worker does what has to be done by itself, so one only waits."""

    def __init__(self, house: House, outside: ControlDoor) -> None:
        self.house = house
        self.outside = outside

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def settle(self) -> None:
        """Give the worker its moment."""
        time.sleep(PLATFORM_WORD_S)


class Living:
    """What happens again and again, each at its own pace in seconds."""

    def __init__(self, house: House, outside: ControlDoor, seed: int) -> None:
        self.house = house
        self.outside = outside
        self.rng = random.Random(f"live {seed} {time.time_ns()}")  # noqa: S311 (no secret)
        self.shoppers = Shoppers(self.rng)
        self.staff = Staff(RealTime(house, outside), scans=time.time_ns())  # scan keys unlike any before
        self.visitors, self.automatic = teams()
        self.service = ServiceLiving(house, outside, self.rng, self.staff.steps, (self.visitors, self.automatic))
        self.products = ProductsLiving(house, outside, self.rng)
        self.paces: tuple[tuple[Callable[[], None], float, float], ...] = (
            (self.somebody_orders, 10, 45),
            (self.a_parcel_moves, 6, 20),
            (self.somebody_confirms, 50, 120),
            (self.second_shop_works, 60, 100),
            *self.service.paces,
            *self.products.paces,
        )

    def somebody_orders(self) -> None:
        """One order, now and then an odd one."""
        kinds = [kind for kind, often in ODD_KINDS for _ in range(often)]
        kind = self.rng.choice(kinds) if self.rng.random() < 0.25 else "plain"
        self.outside.place([self.shoppers.order(self.rng.choices(SHOPFRONTS, weights=(3, 2, 2))[0], kind)])

    def a_parcel_moves(self) -> None:
        """Some parcel on its way gets its next scan; one in twenty is left alone for ever."""
        parcels = [
            parcel
            for parcel in self.outside.get("/courier/parcels")["parcels"]
            if parcel["subscription"] and parcel["watch"] == "polling" and int(parcel["number"][-2:]) >= 5
        ]
        if parcels:
            parcel = self.rng.choice(parcels)
            code = parcel["events"][-1]["code"] if parcel["events"] else ""
            move = {"number": parcel["number"], "to": NEXT_MOVE.get(code, "delivering")}
            self.outside.post("/courier/moves", {"moves": [move]})

    def somebody_confirms(self) -> None:
        """A buyer whose parcel was signed for confirms receipt."""
        parcels = self.outside.get("/courier/parcels")["parcels"]
        signed = {parcel["number"] for parcel in parcels if parcel["watch"] == "shutdown"}
        trades = self.outside.get("/platform/orders", status="WAIT_BUYER_CONFIRM_GOODS")["orders"]
        ready = [trade for trade in trades if trade["orders"][0]["invoice_no"] in signed]
        if ready:
            self.outside.act(self.rng.choice(ready)["tid"], "confirm")

    def second_shop_works(self) -> None:
        """The second shop's staff: exceptions, a wave, packing, hand-over. The first shop waits for the visitor."""
        team, staff = self.automatic, self.staff
        staff.decide(team)
        waves = staff.release(team) and staff.waves.pop(team.depot_id, [])
        if waves:
            staff.finish(team, waves)
        orders = staff.to_pack(team)[:6]
        if orders:
            staff.pack(team, staff.open_packing(team, orders))
        staff.hand_over(team)
        staff.put_back(team)

    def run(self) -> None:
        """For ever; what goes wrong once (a restart, a night's sleep) is tried again at its next turn."""
        due: list[tuple[float, int]] = [
            (time.monotonic() + self.rng.uniform(1, low), place) for place, (_, low, _) in enumerate(self.paces)
        ]
        while True:
            when, place = min(due)
            time.sleep(max(0.0, when - time.monotonic()))
            deed, low, high = self.paces[place]
            self._try(deed)
            due[due.index((when, place))] = (time.monotonic() + self.rng.uniform(low, high), place)

    @staticmethod
    def _try(deed: Callable[[], Any]) -> None:
        try:
            deed()
        except (httpx.HTTPError, HouseBroke, ControlRefused, KeyError) as error:
            print(f"{deed.__name__}: {error}", flush=True)  # noqa: T201 (the simulator's own log)
            time.sleep(2)


def keep_alive(house: House, outside: ControlDoor, seed: int) -> None:
    """Live until the process is stopped."""
    Living(house, outside, seed).run()

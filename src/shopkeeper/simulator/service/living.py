"""Customer service in the living demo: somebody writes every minute or two, the second shops' agent answers.

The first shop is the visitor's: there one customer always waits, and nobody waits for ever.
"""

import random
import time
import uuid
from collections.abc import Callable, Sequence

import httpx

from shopkeeper.simulator.buyers import Buyers
from shopkeeper.simulator.catalogue import SHOPFRONTS, Shopfront
from shopkeeper.simulator.house import House
from shopkeeper.simulator.sandboxes.running import ControlDoor
from shopkeeper.simulator.service.addresses import Addresses
from shopkeeper.simulator.service.front import CHATTING, Counter, Customer, Customers, Row
from shopkeeper.simulator.service.lines import FORM_TALKS, NICKS, TALKS, Talk
from shopkeeper.simulator.service_desk import ServiceDesk
from shopkeeper.simulator.staff import Team, Time

Pace = tuple[Callable[[], None], float, float]
WAIT_MOST = 3  # in the first shop, before its agent helps out
SLOW = 0.15  # of the second shop's customers are not answered at once
REASONS = ("七天无理由", "与描述不符", "商品破损", "拍错了")


class ServiceLiving:
    """What happens at the desks again and again, each at its own pace in seconds."""

    def __init__(
        self, house: House, outside: ControlDoor, rng: random.Random, clock: Time, teams: Sequence[Team]
    ) -> None:
        self.house = house
        self.outside = outside
        self.rng = rng
        self.clock = clock
        self.first, self.second = teams
        self.buyers = Buyers(house.address)
        self.customers = Customers(outside, self.buyers, house.address, asked=rng.randrange(9), rated=rng.randrange(9))
        self.counter = Counter(house, said=time.time_ns())  # keys of lines unlike any before
        self.desk = ServiceDesk(clock)
        self.addresses = Addresses(house, outside, teams)
        self.answered: set[int] = set()  # talks nobody but us has in hand
        self.paces: tuple[Pace, ...] = (
            (self.somebody_writes, 60, 120),
            (self.talks_go_on, 40, 80),
            (self.second_desk_works, 25, 45),
            (self.first_desk_helps_out, 50, 90),
            (self.addresses.console_shows_them, 15, 30),
            (self.somebody_rates, 150, 260),
            (self.somebody_wants_money_back, 300, 540),
            (self.second_team_settles, 900, 1_500),
        )

    # customers --------------------------------------------------------------------------------------------

    def somebody_writes(self) -> None:
        """A customer with a matter of their own: in a platform's chat, now and then in our chat or on our form."""
        if self.rng.random() < 0.2:
            self._writes_to_us(self.rng.choice(SHOPFRONTS))
            return
        front = self.rng.choice(CHATTING)
        talk = self.rng.choice(TALKS)
        self.customers.begin([(self._customer(front, talk), talk)])
        if front != CHATTING[0] and self.rng.random() > SLOW:
            self.clock.settle()  # the moment it takes to read and answer
            self._answer(self.second)

    def _customer(self, front: Shopfront, talk: Talk) -> Customer:
        """Who writes from an order is its buyer."""
        stranger = Customer(front, f"AAH-{uuid.uuid4().hex[:12]}", self.rng.choice(NICKS))
        return self.customers.buyer(front, stranger, self.rng) if talk.is_about_order else stranger

    def _writes_to_us(self, front: Shopfront) -> None:
        text, _ = self.rng.choice(FORM_TALKS)
        if self.rng.random() < 0.4:
            contact = f"13{self.rng.randrange(10**9):09d}"
            name = self.rng.choice(("何先生", "许女士", "吕经理"))
            self.buyers.leave_form(front.code, key=uuid.uuid4().hex, contact=contact, name=name, text=text)
            return
        door = f"{self.house.address}/widget/{front.code}"
        with httpx.Client(timeout=30, trust_env=False) as browser:
            session = browser.post(f"{door}/session/", json={}).raise_for_status().json()["session"]
            line = {"client_id": uuid.uuid4().hex, "text": self.rng.choice(TALKS).asks}
            browser.post(f"{door}/lines/", json=line, headers={"Authorization": f"Bearer {session}"}).raise_for_status()

    def talks_go_on(self) -> None:
        """Somebody who was answered says one thing more."""
        self.customers.go_on(most=1)

    def somebody_rates(self) -> None:
        """Who was asked to rates."""
        self.customers.rate(most=3)

    def somebody_wants_money_back(self) -> None:
        """A buyer whose parcel has come asks for the money on the platform."""
        trades = self.outside.get("/platform/orders", status="WAIT_BUYER_CONFIRM_GOODS")["orders"]
        if trades:
            self.outside.act(self.rng.choice(trades)["tid"], "refund", reason=self.rng.choice(REASONS))

    # agents -----------------------------------------------------------------------------------------------

    def second_desk_works(self) -> None:
        """The second team's agent answers who was left waiting, and ends what is done with."""
        self._end(self.second, self.counter.open_talks(self.second))
        self._answer(self.second, sorry=True)

    def first_desk_helps_out(self) -> None:
        """The first shop's customers wait for the visitor; when there are too many, the longest waiting is answered."""
        rows = self.counter.open_talks(self.first)
        self._end(self.first, rows)
        waiting = [row for row in rows if row["open_since"]]
        if len(waiting) > WAIT_MOST:
            self._answer(self.first, waiting[: len(waiting) - WAIT_MOST], sorry=True)

    def _answer(self, team: Team, rows: Sequence[Row] | None = None, *, sorry: bool = False) -> None:
        found = self.counter.waiting(team) if rows is None else rows
        self.counter.answer(team, found, sorry=sorry, first=self.addresses.passed_on)
        self.answered |= {row["id"] for row in found}

    def _end(self, team: Team, rows: Sequence[Row]) -> None:
        """End what we answered and nobody went on with: the customers still to be heard are left alone."""
        quiet = [row for row in rows if row["id"] in self.answered and not row["open_since"]]
        going = quiet[:-1]  # the latest may have something more to say
        self.counter.end(team, going)
        self.answered -= {row["id"] for row in going}

    def second_team_settles(self) -> None:
        """Matters whose address is changed are settled; cases of the second shops get what the policy owes; parcels
        back are graded; low scores are called."""
        self.addresses.settle(self.second)
        self.desk.settle_cases(self.second)
        self.desk.take_returns(self.second)
        self.desk.win_back(self.second)

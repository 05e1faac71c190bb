"""Both sides of the counter: customers who write, agents who read and answer. Platform chat, form, telephone."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from shopkeeper.simulator.buyers import Buyers, survey_link
from shopkeeper.simulator.catalogue import BY_CODE, SHOPFRONTS, Shopfront
from shopkeeper.simulator.house import House, Outcome
from shopkeeper.simulator.sandboxes.running import ControlDoor
from shopkeeper.simulator.service.lines import FORM_TALKS, LATE_WORDS, MOVING, RATINGS, TALKS, Talk
from shopkeeper.simulator.staff import EYES, Team

REPLY, END = "conversations/send-replies", "conversations/end-conversations"
OTHERWISE = "您好，在的，我马上帮您看一下。"
Row = dict[str, Any]
_ANSWERS: dict[str, tuple[str, str]] = {
    **{talk.asks: (talk.answer, talk.sku) for talk in TALKS},
    **{talk.goes_on: (talk.closing, "") for talk in TALKS if talk.goes_on},
    **{asked: (answer, "") for asked, answer in FORM_TALKS},
}
_ASKS_TO_MOVE = next(talk.asks for talk in TALKS if talk.goes_on == MOVING)
CHATTING = [front for front in SHOPFRONTS if front.platform == "taobao"]  # the other's chat is not connected


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody in a platform's chat with a shop. `tid` is the order they write from."""

    front: Shopfront
    uid: str
    nick: str
    tid: str = ""


@dataclass
class Customers:
    """Who is talking with us, and what they will say next."""

    outside: ControlDoor
    buyers: Buyers
    address: str  # where the house is now: what it sent in its past names a place that is gone
    talking: dict[str, tuple[Customer, Talk]] = field(default_factory=dict)
    rated: int = 0
    asked: int = 0
    seen: set[str] = field(default_factory=set)

    def buyer(self, front: Shopfront, stranger: Customer, rng: random.Random) -> Customer:
        """Somebody whose order the shop has not sent yet; the stranger where there is none."""
        trades = self.outside.get("/platform/orders", session=front.session, status="WAIT_SELLER_SEND_GOODS")["orders"]
        known = [trade for trade in trades if trade["buyer_open_uid"] and trade["buyer_open_uid"] not in self.talking]
        if not known:
            return stranger
        trade = rng.choice(known[-40:])
        return Customer(front, trade["buyer_open_uid"], stranger.nick, str(trade["tid"]))

    def write(self, lines: Sequence[tuple[Customer, str]]) -> None:
        """Write lines, all at once."""
        for session in dict.fromkeys(customer.front.session for customer, _ in lines):
            said = [
                {"from": who.uid, "nick": who.nick, "text": text, "tid": who.tid, "session": session}
                for who, text in lines
                if who.front.session == session
            ]
            self.outside.post("/platform/chats", {"lines": said})

    def begin(self, matters: Sequence[tuple[Customer, Talk]]) -> None:
        """Customers come with their matters."""
        self.talking |= {customer.uid: (customer, talk) for customer, talk in matters}
        self.write([(customer, talk.asks) for customer, talk in matters])

    def go_on(self, most: int = 100) -> None:
        """Those who were answered say one thing more."""
        going = [one for one in self.talking.values() if self._is_answered(one[0])][:most]
        self.write([(customer, talk.goes_on) for customer, talk in going if talk.goes_on])
        for customer, _ in going:
            del self.talking[customer.uid]

    def _is_answered(self, customer: Customer) -> bool:
        return any(
            line["to_open_uid"] == customer.uid and line["content"] in _OUR_FIRST
            for line in self._shown(customer.front)
        )

    def _shown(self, front: Shopfront) -> list[Row]:
        lines: list[Row] = self.outside.get("/platform/chats", session=front.session)["lines"]
        return lines

    def rate(self, most: int = 20) -> None:
        """Those who were asked rate, four in five."""
        links = {survey_link(line["content"]) for front in CHATTING for line in self._shown(front)}
        fresh = sorted(links - self.seen - {""})[:most]
        self.seen |= set(fresh)
        for link in fresh:
            self.asked += 1
            if self.asked % 5 == 0:
                continue
            score, comment = RATINGS[self.rated % len(RATINGS)]
            self.buyers.rate(f"{self.address}{urlsplit(link).path}", score, comment)
            self.rated += 1


Before = Callable[[Team, Row, str], str | None]


def nothing_before(team: Team, row: Row, heard: str) -> str | None:
    """Nothing is done before the answer."""
    return None


_OUR_FIRST = {talk.answer for talk in TALKS} | {f"{LATE_WORDS}{talk.answer}" for talk in TALKS}


@dataclass
class Counter:
    """What agents do. `said` numbers their lines, so that no two share a key."""

    house: House
    said: int = 0
    skus: dict[str, int] = field(default_factory=dict)

    def open_talks(self, team: Team) -> list[Row]:
        """Conversations in writing that are open in the team's shops, the oldest first."""
        found: list[Row] = []
        for shop_id in team.shop_ids:
            page = self.house.get(EYES, "conversations/conversations", tab="open", shop_id=shop_id, limit=100)
            found += [row for row in page["items"] if row["channel"] != "phone"]
        return sorted(found, key=lambda row: int(row["id"]))

    def waiting(self, team: Team) -> list[Row]:
        """Those of them in which a customer waits for a word of ours."""
        return [row for row in self.open_talks(team) if row["open_since"]]

    def heard(self, row: Row) -> str:
        """What the customer said last."""
        lines = self.house.get(EYES, f"conversations/conversations/{row['id']}/lines")
        return next((str(line["text"]) for line in reversed(lines) if line["sender"] == "customer"), "")

    def answer(
        self, team: Team, rows: Sequence[Row], *, sorry: bool = False, first: Before = nothing_before
    ) -> list[Outcome]:
        """Answer what customers said, each with what fits; with what `first` says where it did something."""
        items = []
        for row in rows:
            heard = self.heard(row)
            text, sku = _ANSWERS.get(heard, (OTHERWISE, ""))
            text = first(team, row, heard) or text
            self.said += 1
            item = {"conversation_id": row["id"], "client_id": f"front-{self.said}-{row['id']}"}
            item["text"] = f"{LATE_WORDS}{text}" if sorry else text
            items.append({**item, "sku_id": self.sku(sku)} if sku else item)
        return self.house.do(team.service, REPLY, items)

    def end(self, team: Team, rows: Sequence[Row], *, resolves: bool = True) -> list[Outcome]:
        """End what was answered; the matter is settled with it, or goes on; another address never by words."""
        items = [
            {
                "conversation_id": row["id"],
                "ending": "solved",
                "resolves_ticket": resolves and self.heard(row) not in (_ASKS_TO_MOVE, MOVING),
            }
            for row in rows
            if not row["open_since"]
        ]
        return self.house.do(team.service, END, items)

    def sku(self, code: str) -> int:
        """Our number of a SKU."""
        if not self.skus:
            rows = self.house.all_rows(EYES, "audit/skus")
            self.skus = {row["code"]: row["id"] for row in rows if row["code"] in BY_CODE}
        return self.skus[code]

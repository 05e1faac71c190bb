"""After-sale in the demo's past: nine buyers with named goods, each case in a state of its own when one comes in."""

from dataclasses import dataclass, field
from typing import Any

from shopkeeper.simulator.buyers import Buyers
from shopkeeper.simulator.catalogue import BY_CODE, SHOPFRONTS
from shopkeeper.simulator.drawings.evidence import photograph
from shopkeeper.simulator.house import House, Outcome
from shopkeeper.simulator.sandboxes.running import ControlDoor
from shopkeeper.simulator.service.front import Customer
from shopkeeper.simulator.shoppers import Shoppers, line_of
from shopkeeper.simulator.staff import EYES

LATER = 5  # the day on which the second half buys
BIN = {1: "A-01-01", 2: "A-01-01"}
FAN_BACK, SHIRT_BACK, WOK_BACK, NOBODYS = "YT7410000000118", "YT7410000000225", "ZTO741000000332", "YT7419999990001"


@dataclass(frozen=True, slots=True)
class Bought:
    """What a buyer bought, in which shop; by what name the chat shows them, and what they write about it."""

    shop: int
    sku: str
    quantity: int
    nick: str
    words: str = ""
    day: int = 0


BOUGHT: dict[str, Bought] = {
    "pot": Bought(1, "POT-1", 2, "秦女士", "收到两把壶，有一把壶嘴破了，要退款", day=LATER),
    "shirt": Bought(1, "TEE-1", 1, "丁一舟", "T恤偏小了，想换大一码"),
    "scarf": Bought(1, "SLK-1", 1, "月下听泉", "", day=LATER),
    "tea": Bought(1, "GRN-1", 1, "苏小满", "刚买就降价了，能退差价吗"),
    "honey": Bought(1, "HNY-1", 2, "平安是福", "蜂蜜漏了一瓶，盒子都湿了"),
    "ink": Bought(1, "INK-1", 1, "墨池客", "墨条颜色不够黑，要赔偿"),
    "fan": Bought(1, "FAN-1", 1, "江南阿婆", "团扇不太喜欢这个图案，想退货"),
    "socks": Bought(1, "SOX-1", 3, "跑步的老王", "买了三盒袜子只收到两盒，少发了", day=LATER),
    "nuts": Bought(2, "NUT-1", 2, "暖阳", "核桃有好几个是黑的坏的"),
    "wok": Bought(2, "WOK-1", 1, "厨房小白", "铁锅太重了拿不动，能退吗", day=LATER),
}


@dataclass
class Cases:
    """The buyers' orders and what became of them; ids by the names above."""

    house: House
    outside: ControlDoor
    buyers: Buyers
    shoppers: Shoppers
    tids: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    # buying -----------------------------------------------------------------------------------------------

    def place(self, day: int) -> None:
        """Those who buy on a day do so in its morning."""
        wanted = {}
        for name, bought in BOUGHT.items():
            if bought.day == day:
                order = self.shoppers.order(SHOPFRONTS[bought.shop - 1])
                order.pop("discount_fee", None)
                line = line_of(BY_CODE[bought.sku], bought.quantity)
                who = {"buyer_nick": bought.nick, "buyer_open_uid": self.customer(name).uid}
                wanted[name] = {**order, **who, "lines": [line], "post_fee": "0", "ship_within_h": 72}
        made = self.outside.place(list(wanted.values()))
        self.tids.update(zip(wanted, (trade["tid"] for trade in made), strict=True))

    def carried_quickly(self) -> None:
        """Their parcels are on the way and arrive soon."""
        known = {row["platform_no"]: row["id"] for row in self.house.all_rows(EYES, "audit/orders")}
        self.orders = {name: known[str(tid)] for name, tid in self.tids.items() if str(tid) in known}
        names = {order_id: name for name, order_id in self.orders.items()}
        for parcel in self.house.all_rows(EYES, "audit/parcels"):
            if parcel["order_id"] in names and parcel["number"]:
                self.outside.post("/courier/script", {"number": parcel["number"], "script": "quick"})

    def customer(self, name: str) -> Customer:
        """A buyer as the chat knows them."""
        bought = BOUGHT[name]
        tid = str(self.tids.get(name, ""))
        return Customer(SHOPFRONTS[bought.shop - 1], f"AAH-demo-{name}", bought.nick, tid)

    # what the agents do -----------------------------------------------------------------------------------

    def open(self, name: str, reason: str, ticket_id: int | None = None, **more: Any) -> bool:
        """Open a case; False where the order did not come so far."""
        item = {"order_id": self.orders[name], "reason": reason, "words": BOUGHT[name].words, **more}
        opened = self.house.do(self._agent(name), "aftersale/open-aftersale", [{**item, "ticket_id": ticket_id}])[0]
        if opened["id"] and opened["result"] != "refused":
            self.ids[name] = opened["id"]
        return name in self.ids

    def found(self, name: str) -> bool:
        """The case that opened by itself when the buyer asked on the platform."""
        rows = self.house.get(EYES, "aftersale/cases", order_id=self.orders[name])["items"]
        if rows:
            self.ids[name] = rows[0]["id"]
        return name in self.ids

    def case(self, name: str) -> dict[str, Any]:
        whole: dict[str, Any] = self.house.get(EYES, f"aftersale/cases/{self.ids[name]}")
        return whole

    def piece(self, name: str, quantity: int = 1) -> dict[str, Any]:
        """A line of the order as commands name it."""
        lines = self.house.get(EYES, f"intake/orders/{self.orders[name]}")["lines"]
        return {"order_line_id": lines[0]["id"], "quantity": quantity}

    def ask(self, name: str, **shots: str) -> None:
        """Ask for pictures by link; the buyer sends them."""
        self.house.do(self._agent(name), "aftersale/ask-evidence", [{"case_id": self.ids[name]}])
        link = self.case(name)["evidence_url"]
        if link and shots:
            self.buyers.hand_in(link, {shot: photograph(picture) for shot, picture in shots.items()})

    def receive_pictures(self, name: str, **shots: str) -> None:
        """Put pictures on a case that the buyer sent in the chat."""
        address = f"aftersale/cases/{self.ids[name]}/evidence-files"
        files = [
            {**self.house.upload(self._agent(name), address, f"{shot}.jpg", photograph(picture)), "shot": shot}
            for shot, picture in shots.items()
        ]
        self.house.do(self._agent(name), "aftersale/add-evidence", [{"case_id": self.ids[name], "files": files}])

    def judge(self, name: str, bad: str = "") -> None:
        """Look at what was sent; `bad` names a shot that shows nothing."""
        items = []
        for one in self.case(name)["evidence"]:
            if one["verdict"] == "pending":
                is_bad = one["shot"] == bad
                verdict = {"verdict": "bad", "reason": "看不清，请近拍"} if is_bad else {"verdict": "good"}
                items.append({"evidence_id": one["id"], **verdict})
        self.house.do(self._agent(name), "aftersale/judge-evidence", items)

    def offer(self, name: str, solution: str, *, answer: str = "accepted", **more: Any) -> None:
        """Offer a solution; the buyer says yes, or nothing yet."""
        number = self.case(name)["next_offer"]
        item = {"case_id": self.ids[name], "solution": solution, "number": number, **more}
        offered = self.house.do(self._agent(name), "aftersale/offer-solution", [item])[0]
        if answer and offered["result"] != "refused":
            said = {"case_id": self.ids[name], "number": number, "answer": answer}
            self.house.do(self._agent(name), "aftersale/answer-offer", [said])

    def scan_return(self, depot: str, warehouse_id: int, code: str) -> Outcome:
        """A parcel is scanned at the door of a warehouse."""
        item = {"warehouse_id": warehouse_id, "code": code}
        return self.house.do(depot, "aftersale/receive-return", [item])[0]

    def _agent(self, name: str) -> str:
        return "service" if BOUGHT[name].shop == 1 else "service2"

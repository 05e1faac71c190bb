"""Customer service around the orders of some days: people ask, want their money, send things back, rate; all in
modest numbers, in batches, and answered within ten seconds but for one slow afternoon.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator import catalogue
from shopkeeper.simulator.buyers import Buyers, survey_link
from shopkeeper.simulator.service_desk import ServiceDesk
from shopkeeper.simulator.staff import Team
from shopkeeper.simulator.stepping import Steps

CHAT_ROUNDS = ((9, 50), (11, 25), (15, 10), (20, 20))
SLOW_ROUND = 2  # of the second day
STRANGERS, BUYERS_ASKING = 2, 3  # in one round, of both shops together
REFUNDS_A_DAY = 3
ANSWERED_AFTER_S, SLOWLY_S = 6, 40
ENDED_AFTER = timedelta(minutes=12)
ASKED_BEFORE = ("这个有现货吗？什么材质", "平时穿 L，拍多大码", "有优惠券吗", "Is this in stock? What material?")
ASKED_AFTER = ("什么时候发货？", "物流怎么不更新，到哪了", "能开发票吗，抬头是公司", "想退货怎么操作", "谢谢")
RATED = ((5, "很好"), (5, ""), (4, ""), (5, "回复快"), (3, "一般"), (2, "等太久"))
TAOBAO = [front for front in catalogue.SHOPFRONTS if front.platform == "taobao"]
Day = Callable[[int, int, int], datetime]


class ServiceDays:
    """What is planned of customer service for each day. `day` answers a clock time of one of the days."""

    def __init__(self, steps: Steps, teams: tuple[Team, ...], seed: int, day: Day) -> None:
        self.steps = steps
        self.teams = teams
        self.rng = random.Random(f"service {seed}")  # noqa: S311 (a story, not a secret)
        self.desk = ServiceDesk(steps)
        self.buyers = Buyers(steps.house.address)
        self.day = day
        self.strangers = 0
        self.returns = 0
        self.rated: set[str] = set()

    def plan(self, day: int) -> None:
        """Put one day's deeds on the agenda."""
        for number, (hour, minute) in enumerate(CHAT_ROUNDS):
            slow = day == 1 and number == SLOW_ROUND
            self.steps.at(self.day(day, hour, minute), self._chats(SLOWLY_S if slow else ANSWERED_AFTER_S))
        self.steps.at(self.day(day, 8, 45), self._buyers_ask_for_money)
        self.steps.at(self.day(day, 13, 30), self._buyers_send_back)
        self.steps.at(self.day(day, 21, 10), self._buyers_rate)
        duties = (
            (9, 40, self.desk.complete_papers),
            (10, 40, self.desk.sign_papers),
            (11, 40, self.desk.settle_cases),
            (16, 20, self.desk.take_returns),
            (16, 50, self.desk.approve_refunds),
            (17, 40, self.desk.win_back),
        )
        for hour, minute, deed in duties:
            self.steps.at(self.day(day, hour, minute), self._by_all(deed))

    def _by_all(self, deed: Callable[[Team], object]) -> Callable[[], None]:
        def run() -> None:
            for team in self.teams:
                deed(team)

        return run

    # chats ------------------------------------------------------------------------------------------------

    def _chats(self, after_s: int) -> Callable[[], None]:
        def write() -> None:
            self.steps.outside.post("/platform/chats", {"lines": [*self._before_buying(), *self._about_orders()]})
            self.steps.after(self._by_all(self.desk.answer_chats), seconds=after_s)
            self.steps.at(self.steps.now + ENDED_AFTER, self._by_all(self.desk.end_chats))

        return write

    def _before_buying(self) -> list[dict[str, Any]]:
        lines = []
        for _ in range(STRANGERS):
            self.strangers += 1
            front = self.rng.choice(TAOBAO)
            who = f"AAHS{self.strangers:07d}"
            lines.append(self._line(front.session, who, f"访客{self.strangers}", self.rng.choice(ASKED_BEFORE)))
        return lines

    def _about_orders(self) -> list[dict[str, Any]]:
        trades = [t for front in TAOBAO for t in self._trades(front.session) if t["status"].startswith("WAIT_")]
        asking = self.rng.sample(trades, k=min(BUYERS_ASKING, len(trades)))
        return [
            self._line(
                trade["session"],
                str(trade["buyer_open_uid"]),
                str(trade["buyer_nick"]),
                self.rng.choice(ASKED_AFTER),
                str(trade["tid"]),
            )
            for trade in asking
        ]

    def _trades(self, session: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.steps.outside.get("/platform/orders", session=session)["orders"]
        return found

    @staticmethod
    def _line(session: str, who: str, nick: str, text: str, tid: str = "") -> dict[str, Any]:
        return {"session": session, "from": who, "nick": nick, "text": text, "tid": tid}

    # after the sale ----------------------------------------------------------------------------------------

    def _buyers_ask_for_money(self) -> None:
        """Some who have their goods, and one whose order has not left, ask on the platform."""
        arrived = self._whole("WAIT_BUYER_CONFIRM_GOODS")
        waiting = self._whole("WAIT_SELLER_SEND_GOODS")
        asking = [*self.rng.sample(arrived, k=min(REFUNDS_A_DAY - 1, len(arrived))), *waiting[:1]]
        reasons = ("七天无理由", "质量问题", "不想要了")
        actions = [
            {"tid": trade["tid"], "do": "refund", "reason": reason}
            for trade, reason in zip(asking, reasons, strict=False)
        ]
        self.steps.outside.post("/platform/actions", {"actions": actions})

    def _whole(self, status: str) -> list[dict[str, Any]]:
        """Orders of one line in a status on which no refund was ever asked for."""
        trades = [trade for front in TAOBAO for trade in self._trades(front.session) if trade["status"] == status]
        return [t for t in trades if len(t["orders"]) == 1 and t["orders"][0]["refund_status"] == "NO_REFUND"]

    def _buyers_send_back(self) -> None:
        """What was agreed to come back is given to a courier; the platform is told the number."""
        refunds = self.steps.outside.get("/platform/refunds")["refunds"]
        actions = []
        for tid in sorted({str(one["tid"]) for one in refunds if one["status"] == "WAIT_BUYER_RETURN_GOODS"}):
            self.returns += 1
            number = f"YT88{self.returns:011d}"
            actions.append({"tid": int(tid), "do": "refund_return", "company": "圆通速递", "number": number})
        self.steps.outside.post("/platform/actions", {"actions": actions})

    def _buyers_rate(self) -> None:
        """Half of those who were asked today say what they thought of it."""
        for front in TAOBAO:
            lines = self.steps.outside.get("/platform/chats", session=front.session)["lines"]
            for link in filter(None, (survey_link(line["content"]) for line in lines)):
                if link not in self.rated:
                    self.rated.add(link)
                    if self.rng.random() < 0.5:
                        self.buyers.rate(link, *self.rng.choice(RATED))

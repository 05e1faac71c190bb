"""Customer service at work through the API: who is there, chats answered, wishes settled, parcels back, papers signed.

What waits is read off the lists; nobody answers what they were not shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopkeeper.simulator.catalogue import PEOPLE
from shopkeeper.simulator.house import House, Outcome
from shopkeeper.simulator.pictures import drawn
from shopkeeper.simulator.staff import EYES, Team, Time

BIN = "A-01-01"
SHOP_NUMBERS = (1, 2, 3)
# What is said to a matter of a kind; what is not listed gets the last.
ANSWERS = {
    "product": "您好，都是产地直发的正品，现货当天发。",
    "size": "您好，按平时的码拍就可以。",
    "shipping": "您好，今天的单今天发，请放心。",
    "logistics": "您好，已经帮您催快递了，有消息马上告诉您。",
    "quality": "非常抱歉，我马上给您处理。",
    "": "您好，在的，请说。",
}
OTHERWISE = "您好，我来帮您看一下。"


def opened(house: House) -> None:
    """Channels and agents of a shop that has none yet: once, before anybody speaks."""
    pull = {"key": "chat_pull_minutes", "value": 240, "reason": "平台有消息推送，补拉作兜底"}
    house.do(EYES, "sop/set-policy", [pull])
    house.do(EYES, "conversations/open-channels", [{"shop_id": shop_id} for shop_id in SHOP_NUMBERS])
    hands = {"capacity": 40, "chat_capacity": 10, "languages": ["zh", "en"]}
    people = {one.username: number for number, one in enumerate(PEOPLE, start=1)}
    agents = [
        {**hands, "person_id": people["service"], "shop_ids": [1]},
        {**hands, "person_id": people["service2"], "shop_ids": [2, 3]},
    ]
    house.do(EYES, "tickets/set-agents", agents)
    for who in ("service", "service2"):
        house.do(who, "tickets/set-presence", [{"presence": "available"}])


@dataclass
class ServiceDesk:
    """Everything customer service does, batch by batch. `lines` numbers what is said, so that no two share a key."""

    steps: Time
    lines: int = 0

    @property
    def house(self) -> House:
        return self.steps.house

    # S1.1, S1.2 ------------------------------------------------------------------------------------------

    def answer_chats(self, team: Team) -> list[Outcome]:
        """Answer who waits."""
        waiting = [row for row in self._open_chats(team) if row["open_since"]]
        items = []
        for row in waiting:
            self.lines += 1
            text = ANSWERS.get(row["kind"], OTHERWISE)
            items.append({"conversation_id": row["id"], "client_id": f"desk-{self.lines}", "text": text})
        return self.house.do(team.service, "conversations/send-replies", items)

    def end_chats(self, team: Team) -> list[Outcome]:
        """End what is answered; the matter is settled with it unless a case goes on."""
        cases = {row["ticket_id"] for row in self.cases(team)}
        items = [
            {"conversation_id": row["id"], "ending": "solved", "resolves_ticket": row["ticket_id"] not in cases}
            for row in self._open_chats(team)
            if not row["open_since"]
        ]
        return self.house.do(team.service, "conversations/end-conversations", items)

    def _open_chats(self, team: Team) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for shop_id in team.shop_ids:
            page = self.house.get(team.service, "conversations/conversations", tab="open", shop_id=shop_id, limit=200)
            found += [row for row in page["items"] if row["channel"] != "phone"]
        return found

    # S2.3 ------------------------------------------------------------------------------------------------

    def cases(self, team: Team, state: str = "") -> list[dict[str, Any]]:
        """After-sale cases of the team's shops that go on."""
        found: list[dict[str, Any]] = []
        for shop_id in team.shop_ids:
            after = ""
            while True:
                query: dict[str, Any] = {"shop_id": shop_id, "state": state, "limit": 200, "after": after}
                page = self.house.get(team.service, "aftersale/cases", **query)
                found += [row for row in page["items"] if not row["ended_at"]]
                after = page["next"]
                if not after:
                    break
        return found

    def settle_cases(self, team: Team) -> None:
        """Offer what the policy owes, and have it accepted; a wanted picture was sent in the chat."""
        for row in [*self.cases(team, "opened"), *self.cases(team, "evidence")]:
            case = self._case(row)
            if not case["proposal"]["eligible"]:
                self.house.do(EYES, "aftersale/refuse-aftersale", [{"case_id": row["id"], "reason": "不符合售后条件"}])
                continue
            for shot in case["proposal"]["missing_shots"]:
                self._prove(team, case, shot)
            offer = {"case_id": row["id"], "solution": case["proposal"]["solution"], "number": case["next_offer"]}
            self.house.do(team.service, "aftersale/offer-solution", [offer])
            answer = {"case_id": row["id"], "number": case["next_offer"], "answer": "accepted"}
            self.house.do(team.service, "aftersale/answer-offer", [answer])
        self.steps.settle()
        self.approve_refunds(team)

    def _case(self, row: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.house.get(EYES, f"aftersale/cases/{row['id']}")
        return found

    def _prove(self, team: Team, case: Mapping[str, Any], shot: str) -> None:
        address = f"aftersale/cases/{case['id']}/evidence-files"
        number = int(case["id"]) * 1_000 + sum(map(ord, shot)) % 1_000  # no two pictures are the same
        sealed = self.house.upload(team.service, address, f"{shot}.jpg", drawn(number))
        item = {"case_id": case["id"], "files": [{**sealed, "shot": shot}]}
        self.house.do(team.service, "aftersale/add-evidence", [item])
        pending = [one for one in self._case(case)["evidence"] if one["verdict"] == "pending"]
        verdicts = [{"evidence_id": one["id"], "verdict": "good"} for one in pending]
        self.house.do(team.service, "aftersale/judge-evidence", verdicts)

    def approve_refunds(self, team: Team) -> None:
        """The manager agrees to what is above the limit."""
        for shop_id in team.shop_ids:
            page = self.house.get(EYES, "aftersale/refunds", state="proposed", shop_id=shop_id, limit=200)
            items = [{"refund_id": row["id"], "amount_minor": row["amount_minor"]} for row in page["items"]]
            self.house.do("manager", "aftersale/approve-refunds", items)

    def take_returns(self, team: Team) -> None:
        """What is on its way back arrives: scanned, found good, put on the shelf."""
        depot = {"warehouse_id": team.depot_id}
        coming = self.house.get(team.picker, "aftersale/returns", state="on_the_way", **depot, limit=200)["items"]
        scans = [{**depot, "code": row["number"]} for row in coming]
        self.house.do(team.picker, "aftersale/receive-return", scans)
        here = self.house.get(team.picker, "aftersale/returns", state="received", **depot, limit=200)["items"]
        items = []
        for row in here:
            pieces = self.house.get(team.picker, f"aftersale/returns/{row['id']}")["pieces"]
            graded = [
                {"order_line_id": one["order_line_id"], "grade": "good", "quantity": one["quantity"]} for one in pieces
            ]
            items.append({"return_id": row["id"], "pieces": graded, "bin_code": BIN})
        self.house.do(team.picker, "aftersale/grade-return", items)

    # S3.1, S3.2 ------------------------------------------------------------------------------------------

    def win_back(self, team: Team) -> list[Outcome]:
        """Speak to who gave a low score."""
        items = [
            {
                "recovery_id": row["id"],
                "attempt": row["next_attempt"],
                "outcome": "explained",
                "note": "已致电说明，客户理解",
            }
            for shop_id in team.shop_ids
            for row in self.house.get(team.service, "feedback/recoveries", state="open", shop_id=shop_id)["items"]
        ]
        return self.house.do(team.service, "feedback/record-recovery", items)

    def complete_papers(self, team: Team) -> list[Outcome]:
        """Remarks on yesterday's summary."""
        items = [
            {"summary_id": row["id"], "remarks": f"接待 {row['figures']['opened']} 单，无积压"}
            for row in self._papers(team, "draft")
        ]
        return self.house.do(team.service, "feedback/complete-summaries", items)

    def sign_papers(self, team: Team) -> list[Outcome]:
        """The supervisor signs what is completed."""
        items = [{"summary_id": row["id"]} for row in self._papers(team, "completed")]
        return self.house.do(EYES, "feedback/sign-summaries", items)

    def _papers(self, team: Team, state: str) -> list[dict[str, Any]]:
        return [
            row
            for shop_id in team.shop_ids
            for row in self.house.get(EYES, "feedback/summaries", state=state, shop_id=shop_id, limit=100)["items"]
        ]

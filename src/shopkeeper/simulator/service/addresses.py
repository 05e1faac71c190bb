"""Other addresses in the living demo: a customer's wish is filed as a change, and what a colleague has made by hand in
a platform's console comes about there. Everything over HTTP: the house's API and the sandboxes' control door."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.simulator.house import House
from shopkeeper.simulator.sandboxes.running import ControlDoor, ControlRefused
from shopkeeper.simulator.service.lines import MOVES_TO, MOVING, PASSED_ON
from shopkeeper.simulator.staff import EYES, Team

Row = dict[str, Any]
CHANGE = "tickets/request-changes"
REVEAL = "foundation/reveal-personal-data"
KIND = "tickets.orderchange"
WHY = "到平台后台照着改地址"
# Parts of a receiver, ours and the platforms'.
PARTS = {"name": "name", "phone": "mobile", "province": "state", "city": "city", "district": "district",
         "address": "address"}  # fmt: skip


class Addresses:
    """What becomes of wishes for another address."""

    def __init__(self, house: House, outside: ControlDoor, teams: Sequence[Team]) -> None:
        self.house = house
        self.outside = outside
        self.teams = teams
        self.made: set[int] = set()  # changes that are on the platform already, or never will be

    def passed_on(self, team: Team, row: Row, heard: str) -> str | None:
        """File the change that a customer has just named; what may truly be said then, None where nothing was filed."""
        if heard != MOVING or not row["ticket_id"]:
            return None
        order_id = self.house.get(EYES, f"tickets/tickets/{row['ticket_id']}")["order_id"]
        if order_id is None:
            return None
        tid = self.house.get(EYES, f"intake/orders/{order_id}")["platform_no"]
        there = self.outside.order(tid)["receiver"]  # the colleague sees it in the platform's console
        wish = {
            "order_id": order_id,
            "kind": "address",
            "reason": "wrong_address",
            "ticket_id": row["ticket_id"],
            "receiver": {"name": there["name"], "phone": there["mobile"], **MOVES_TO},
        }
        return PASSED_ON if self.house.do(team.service, CHANGE, [wish])[0]["result"] != "refused" else None

    def settle(self, team: Team) -> None:
        """A team's matters whose change is made are settled; the others stay open for its people."""
        page = self.house.get(EYES, "tickets/tickets", kind="address_change", state="assigned", limit=100)
        made = [
            {"ticket_id": row["id"], "resolution": "changed"}
            for row in page["items"]
            if row["shop_id"] in team.shop_ids and row["order_id"] and row["first_reply_at"]
            if self.house.get(EYES, "tickets/changes", state="done", kind="address", order_id=row["order_id"])["items"]
        ]
        self.house.do(team.service, "tickets/resolve-tickets", made)

    def console_shows_them(self) -> None:
        """What was said to be made by hand is made: the platform's order gets the address that the change asks for."""
        page = self.house.get(EYES, "tickets/changes", state="acknowledged", kind="address", limit=100)
        for change in page["items"]:
            if change["answer_code"] == "by_hand" and change["id"] not in self.made:
                self._make(change)
                self.made.add(change["id"])

    def _make(self, change: Row) -> None:
        order = self.house.get(EYES, f"intake/orders/{change['order_id']}")
        team = next(team for team in self.teams if order["shop_id"] in team.shop_ids)
        look = {"kind": KIND, "record_id": change["id"], "reason": WHY}
        if self.house.do(team.service, REVEAL, [look])[0]["result"] == "refused":
            return
        plain = self.house.get(team.service, f"foundation/personal/{KIND}/{change['id']}")
        receiver = {theirs: plain[ours] for ours, theirs in PARTS.items() if plain.get(ours)}
        try:
            self.outside.act(order["platform_no"], "address", receiver=receiver)
        except ControlRefused as refusal:  # it has left meanwhile: the platform would not either
            print(f"console: {refusal}", flush=True)  # noqa: T201 (the simulator's own log)

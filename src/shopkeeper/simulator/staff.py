"""The staff at work, through the API with their own tokens: check, pick, pack, hand over, ask, settle.

What somebody has to do is read off the work list and the auditor's door; how it is done is the same as on screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from shopkeeper.simulator.house import House, Outcome
from shopkeeper.simulator.stepping import CHINA

TARE_G = 80
EYES = "supervisor"  # reads for all; acts for nobody
# What a specialist may let pass after asking the buyer, and what is better cancelled.
PASSED = {
    *("buyer_remark", "odd_quantity", "odd_price", "odd_amount", "repeat_order", "address_changed", "by_hand"),
    "price_unlike_promotions",
}
GIVEN_UP = {
    "suspected_test": "测试订单",
    "address_unreachable": "地区不可达，已与买家协商退款",
    "unknown_sku": "商品已停售",
}


@dataclass(frozen=True, slots=True)
class Team:
    """Who does what in one shop and its warehouse."""

    shop_id: int
    depot_id: int
    session: str
    orders: str
    picker: str
    packer: str
    service: str
    finance: str = "finance"
    further_shops: tuple[int, ...] = ()  # looked after by the same people, sent from the same warehouse

    @property
    def shop_ids(self) -> tuple[int, ...]:
        return (self.shop_id, *self.further_shops)


class Time(Protocol):
    """Stepped time, or the machine's: what the staff needs of it."""

    house: House

    @property
    def now(self) -> datetime: ...
    def settle(self) -> None: ...


@dataclass
class Staff:
    """Everything colleagues do, batch by batch. `scans` numbers the scans, so that no two share a key."""

    steps: Time
    scans: int = 0
    waves: dict[int, list[int]] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.steps.house

    # O1.2, O1.3 ------------------------------------------------------------------------------------------

    def held_orders(self, team: Team) -> list[dict[str, Any]]:
        """Orders of the team's shops that wait with exceptions."""
        rows = self.house.all_rows(EYES, "audit/orders", state="to_check")
        return [row for row in rows if row["shop_id"] in team.shop_ids and row["open_holds"]]

    def decide(self, team: Team) -> list[dict[str, Any]]:
        """Pass what may pass, cancel what cannot be; returns the orders cancelled."""
        held = self.held_orders(team)
        passing = [row for row in held if set(row["open_holds"]) <= PASSED]
        self.house.do(
            team.orders,
            "intake/decide-holds",
            [{"order_id": row["id"], "code": "*", "reason": "已电话与买家核实"} for row in passing],
        )
        cancelled = []
        items = []
        for row in held:
            reason = next((GIVEN_UP[code] for code in sorted(row["open_holds"]) if code in GIVEN_UP), "")
            if reason:
                items.append({"order_id": row["id"], "reason": reason})
                cancelled.append(row)
        self.house.do(team.orders, "intake/cancel-orders", items)
        return cancelled

    def open_session(self, team: Team, shop_id: int | None = None) -> int | None:
        """The check session that waits to be signed in a shop, else in the team's first."""
        wanted = shop_id or team.shop_id
        work = self.house.work(team.orders)
        found = [w for w in work if w["kind"] == "sign_check_session" and w["shop_id"] == wanted]
        return found[0]["subject_id"] if found else None

    def confirm(self, team: Team) -> list[Outcome]:
        """Confirm the clean set of each shop's open session."""
        sessions = [session for shop_id in team.shop_ids if (session := self.open_session(team, shop_id))]
        return self.house.do(team.orders, "intake/confirm-session", [{"session_id": one} for one in sessions])

    def sign(self, team: Team) -> list[Outcome]:
        """Sign the sessions, shop by shop; the oldest first, all that are open."""
        outcomes = []
        for shop_id in team.shop_ids:
            while session := self.open_session(team, shop_id):
                self.house.do(team.orders, "intake/confirm-session", [{"session_id": session}])
                signed = self.house.do(team.orders, "intake/sign-session", [{"session_id": session}])
                outcomes += signed
                if signed[0]["result"] == "refused":
                    break
        return outcomes

    # O2.1 ------------------------------------------------------------------------------------------------

    def release(self, team: Team, orders: Sequence[int] = ()) -> list[int]:
        """Release waves of the orders named, or of everything that waits, and claim them; returns their ids."""
        item = {"warehouse_id": team.depot_id, "order_ids": list(orders)}
        released = self.house.do(team.picker, "warehouse/release-waves", [item])
        waves = [wave["id"] for wave in released[0]["facts"].get("waves", [])]
        self.house.do(team.picker, "warehouse/claim-wave", [{"wave_id": wave} for wave in waves])
        self.waves.setdefault(team.depot_id, []).extend(waves)
        return waves

    def lists(self, waves: Sequence[int]) -> list[dict[str, Any]]:
        """The open lines of waves, in walking order."""
        if not waves:
            return []
        found = self.house.get(EYES, "audit/waves", ids=",".join(map(str, waves)))
        return [line for wave in found for line in wave["lines"] if line["state"] == "open"]

    def scan_lines(self, team: Team, lines: Sequence[dict[str, Any]]) -> list[Outcome]:
        """Scan what lines still ask for, each at its bin."""
        return self.house.do(team.picker, "warehouse/scan-pick", [self.pick(line) for line in lines])

    def pick(self, line: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One scan of all a line still asks for."""
        self.scans += 1
        left = line["quantity"] - line["picked"]
        scan = {"wave_id": line["wave_id"], "code": line["barcode"], "quantity": left, "bin_code": line["bin_code"]}
        return {**scan, "key": f"pick-{self.scans}", **more}

    def report_short(self, team: Team, line: dict[str, Any]) -> Outcome:
        """The pieces are not at their bin."""
        item = {"pick_line_id": line["id"], "reason": "货位上没有找到"}
        return self.house.do(team.picker, "warehouse/report-short-pick", [item])[0]

    def finish(self, team: Team, waves: Sequence[int]) -> list[Outcome]:
        """Fetch what is still open and close the picking."""
        while lines := self.lists(waves):
            if not any(outcome["result"] == "done" for outcome in self.scan_lines(team, lines)):
                break
        return self.house.do(team.picker, "warehouse/finish-wave", [{"wave_id": wave} for wave in waves])

    def put_back(self, team: Team) -> None:
        """Pieces of orders that left their waves go back to the shelf."""
        work = self.house.work(team.picker)
        items = [{"wave_order_id": w["subject_id"]} for w in work if w["kind"] == "shelf_return"]
        self.house.do(team.picker, "warehouse/return-to-shelf", items)

    # O2.2 ------------------------------------------------------------------------------------------------

    def to_pack(self, team: Team) -> list[dict[str, Any]]:
        """Orders that wait at the packing stations, with their pieces."""
        work = [w for w in self.house.work(team.packer) if w["kind"] == "order_pack"]
        ids = [str(w["subject_id"]) for w in work if w["warehouse_id"] == team.depot_id]
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), 200):
            found += self.house.get(EYES, "audit/packing", ids=",".join(ids[start : start + 200]))
        return found

    def open_packing(self, team: Team, orders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Open orders at the station and wait for the platform's word; returns those that may be packed."""
        items = [{"warehouse_id": team.depot_id, "code": order["tote"]} for order in orders]
        opened = self.house.do(team.packer, "warehouse/open-packing", items)
        self.steps.settle()
        return [order for order, outcome in zip(orders, opened, strict=True) if outcome["result"] != "refused"]

    def check(self, line: dict[str, Any], **more: Any) -> dict[str, Any]:
        """One scan of all pieces of a packing line."""
        self.scans += 1
        scan = {"wave_order_id": line["wave_order_id"], "code": line["barcode"], "key": f"pack-{self.scans}"}
        return {**scan, "quantity": line["quantity"] - line["checked"], **more}

    def weight_of(self, order: dict[str, Any]) -> int:
        """What the scale shows: goods, box, and a little."""
        goods = sum(int(line["weight_g"]) * int(line["quantity"]) for line in order["lines"])
        return goods + TARE_G + int(order["id"]) % 7

    def pack(self, team: Team, orders: Sequence[dict[str, Any]]) -> list[Outcome]:
        """Check every piece of open orders, weigh and close them."""
        scans = [self.check(line) for order in orders for line in order["lines"] if line["quantity"] > line["checked"]]
        self.house.do(team.packer, "warehouse/scan-pack", scans)
        closing = [{"wave_order_id": order["id"], "weight_g": self.weight_of(order)} for order in orders]
        return self.house.do(team.packer, "warehouse/close-packing", closing)

    def fail_piece(self, team: Team, order: dict[str, Any]) -> Outcome:
        """One piece of an open order is damaged; it goes to quarantine and is fetched anew where there is one."""
        scan = self.check(order["lines"][0], verdict="damaged", quantity=1)
        failed = self.house.do(team.packer, "warehouse/scan-pack", [scan])[0]
        if failed["facts"].get("repick"):
            again = [line for line in self.lists([order["wave_id"]]) if line["wave_order_id"] == order["id"]]
            self.scan_lines(team, again)
        return failed

    # O3 --------------------------------------------------------------------------------------------------

    def parcels(self, team: Team, state: str) -> list[dict[str, Any]]:
        """Parcels of the team's warehouse in a state."""
        rows = self.house.all_rows(EYES, "audit/parcels", state=state)
        return [row for row in rows if row["warehouse_id"] == team.depot_id]

    def hand_over(self, team: Team) -> list[dict[str, Any]]:
        """Print the labels of packed parcels and give them to the courier; returns what left."""
        parcels = self.parcels(team, "packed")
        ids = [{"parcel_id": row["id"]} for row in parcels]
        self.house.do(team.packer, "parcels/print-labels", ids)
        given = self.house.do(team.packer, "parcels/hand-over-parcels", ids)
        return [row for row, outcome in zip(parcels, given, strict=True) if outcome["result"] == "done"]

    def open_cases(self, team: Team, state: str = "") -> list[dict[str, Any]]:
        """The cases on the specialist's work list."""
        rows: list[dict[str, Any]] = self.house.get(team.orders, "parcels/cases", tab="open", limit=200)["rows"]
        return [row for row in rows if not state or row["state"] == state]

    def contact_couriers(self, team: Team) -> list[Outcome]:
        """Ask the courier about every case nobody asked about yet."""
        items = [
            {"case_id": row["id"], "channel": "phone", "note": "已电话催查，网点答应今天答复", "answer_hours": 24}
            for row in self.open_cases(team, "open")
        ]
        return self.house.do(team.orders, "parcels/contact-couriers", items)

    def close_contacted(self, team: Team) -> list[Outcome]:
        """Close the cases the courier has answered, by what they were about."""
        endings = {
            "no_number": "settled",
            "not_acknowledged": "settled",
            "returning": "returned",
            "refused": "returned",
        }
        items = [
            {"case_id": row["id"], "outcome": endings.get(row["kind"], "moving_again"), "note": "快递已答复"}
            for row in self.open_cases(team, "contacted")
        ]
        return self.house.do(team.orders, "parcels/close-cases", items)

    # O4 --------------------------------------------------------------------------------------------------

    def ask_buyers(self, team: Team, outcome: str = "will_confirm", note: str = "") -> list[Outcome]:
        """Call the buyers who have not confirmed."""
        rows = self.house.get(team.service, "settlement/followups", limit=200)["items"]
        items = [
            {"followup_id": row["id"], "attempt": row["attempts"] + 1, "outcome": outcome, "note": note} for row in rows
        ]
        return self.house.do(team.service, "settlement/record-follow-up", items)

    def approve(self, team: Team) -> list[Outcome]:
        """Finance passes what waits for a look, with the reason."""
        rows = self.house.get(team.finance, "settlement/settlements", state="review", limit=200)["items"]
        items = [{"order_id": row["order_id"], "doubt": row["doubt"], "reason": "清仓价，亏损在预算内"} for row in rows]
        return self.house.do(team.finance, "settlement/approve-settlements", items)

    def close_yesterday(self, shop_ids: Sequence[int]) -> list[Outcome]:
        """Finance signs the day before, shop by shop."""
        day = (self.steps.now.astimezone(CHINA) - timedelta(days=1)).date().isoformat()
        items = [{"shop_id": shop_id, "day": day} for shop_id in shop_ids]
        return self.house.do("finance", "settlement/close-days", items)

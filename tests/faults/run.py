"""One seed's business: orders come in through every door at once, then they are picked, packed and handed over."""

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder, ShopAccess
from shopkeeper.integrations.outside_http import OutsideHttp
from shopkeeper.integrations.platforms.taobao import TaobaoOrders
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.simulator.catalogue import SHOPFRONTS
from shopkeeper.simulator.days import teams
from shopkeeper.simulator.house import Outcome
from shopkeeper.simulator.sandboxes import accounts
from shopkeeper.simulator.shoppers import Shoppers
from shopkeeper.simulator.staff import EYES, TARE_G
from tests.faults.clients import GaveUp, Progress, StubbornHouse
from tests.faults.shop import KillableShop

FRONT = SHOPFRONTS[0]
TEAM = teams()[0]
TOLD = 4  # orders the platform tells of; those it keeps quiet about come by pull and by the intake client
QUIET = 3
WAITING = {"refund_check_pending", "number_not_there_yet", "no_number"}  # the worker is still asking outside
PATIENCE_S = 40.0
AT_ONCE = 3


@dataclass
class Run:
    """What one seed sent, for the reckoning afterwards."""

    shop: KillableShop
    seed: int
    careless_picking: bool = False
    intake: Progress = field(default_factory=Progress)
    pack: Progress = field(default_factory=Progress)
    handed: Progress = field(default_factory=Progress)  # steps when parcels have just been handed over
    tids: list[str] = field(default_factory=list)
    order_ids: list[int] = field(default_factory=list)
    scans: dict[str, set[str]] = field(default_factory=lambda: {"pick": set(), "pack": set()})
    _houses: list[StubbornHouse] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.luck = random.Random(f"business {self.seed}")
        self.name = f"s{self.seed}-{time.time_ns():x}"

    # intake ----------------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Shoppers order; messages, the pull and the intake client bring the same orders side by side."""
        outside = self.shop.sandboxes.control
        shoppers = Shoppers(self.luck)
        forms = [self._plain(shoppers.order(FRONT)) for _ in range(TOLD + QUIET)]
        for form in forms[::3]:
            form["buyer_message"] = "请帮忙写张生日贺卡，谢谢"
        forms[0]["lines"][0]["num"] = 2  # a line that is scanned twice is in every seed
        outside.misbehave("messages", "lost", next=QUIET)
        quiet = [str(trade["tid"]) for trade in outside.place(forms[:QUIET])]
        outside.misbehave("messages", "twice", next=1)
        with ThreadPoolExecutor(2) as clients:
            program = clients.submit(self._deliver, quiet)
            self.tids = quiet + [str(trade["tid"]) for form in forms[QUIET:] for trade in outside.place([form])]
            second = clients.submit(self._deliver, list(reversed(self.tids)))
            program.result(2 * PATIENCE_S)
            second.result(2 * PATIENCE_S)
        outside.behave()
        staff = self._house("checker", self.intake)
        staff.do(TEAM.orders, "intake/pull-now", [{"shop_id": TEAM.shop_id}])
        rows = self._until(lambda: self._known(staff), lambda found: len(found) >= len(self.tids), "orders come in")
        self.order_ids = [row["id"] for row in rows]
        self._release(staff, rows)

    @staticmethod
    def _plain(order: dict[str, Any]) -> dict[str, Any]:
        """Nothing a specialist would look at twice, whatever was ordered before."""
        order.pop("discount_fee", None)
        return order

    def _deliver(self, tids: Sequence[str]) -> None:
        """A program reads orders at the platform and hands them to the house, two at a time."""
        house = self._house(f"program{len(tids)}", self.intake)
        http = OutsideHttp(timeout_s=5)
        gateway = TopGateway(http)
        sandbox = self.shop.sandboxes.platform_url
        access = ShopAccess(TEAM.shop_id, "taobao", sandbox, accounts.APP_KEY, accounts.APP_SECRET, FRONT.session)
        try:
            orders = TaobaoOrders(gateway).fetch(access, list(tids))
            for start in range(0, len(orders), 2):
                pair = [as_item(order) for order in orders[start : start + 2]]
                answers = house.do(TEAM.orders, "intake/take-in-orders", pair)
                assert all(answer["result"] != "refused" for answer in answers), answers
        finally:
            gateway.close()

    def _known(self, house: StubbornHouse) -> list[dict[str, Any]]:
        wanted = set(self.tids)
        return [row for row in house.all_rows(EYES, "audit/orders") if row["platform_no"] in wanted]

    def _release(self, staff: StubbornHouse, rows: Sequence[dict[str, Any]]) -> None:
        """What is held is looked at and passed; what is checked goes to the warehouse."""
        held = [row for row in rows if row["open_holds"]]
        deciding = [{"order_id": row["id"], "code": "*", "reason": "已电话与买家核实"} for row in held]
        if deciding:
            staff.do(TEAM.orders, "intake/decide-holds", deciding)
        waiting = [{"order_id": row["id"]} for row in rows if row["state"] == "to_check"]
        for item in waiting:
            (answer,) = staff.do(TEAM.orders, "intake/release-orders", [item])
            assert answer["result"] != "refused", answer

    # warehouse -------------------------------------------------------------------------------------------

    def send_out(self) -> None:
        """Waves, picking piece by piece, then packing and hand-over, a few orders at a time."""
        staff = self._house("staff", self.pack)
        for where, method in (("platform", "taobao.logistics.offline.send"), ("courier", "/label/order")):
            self.shop.sandboxes.control.misbehave(where, "slow", probability=0.6, method=method, delay_ms=400)
        staff.do(TEAM.picker, "warehouse/release-waves", [{"warehouse_id": TEAM.depot_id}])
        waves = [row["id"] for row in staff.get(EYES, "warehouse/waves", tab="open", warehouse=TEAM.depot_id)["rows"]]
        staff.do(TEAM.picker, "warehouse/claim-wave", [{"wave_id": wave} for wave in waves])
        self._pick(waves)
        finished = staff.do(TEAM.picker, "warehouse/finish-wave", [{"wave_id": wave} for wave in waves])
        assert all(one["result"] != "refused" for one in finished), finished
        orders = self._to_pack(staff)
        for start in range(0, len(orders), AT_ONCE):
            self._pack(staff, orders[start : start + AT_ONCE])

    def _pick(self, waves: Sequence[int]) -> None:
        """Every piece is one scan with one key, whatever becomes of its answer."""
        loses, at_once = (1.0, 1) if self.careless_picking else (0.15, AT_ONCE)
        house = self._house("picker", self.pack, loses=loses, careless=self.careless_picking)
        found = house.get(EYES, "audit/waves", ids=",".join(map(str, waves)))
        pieces = [line for wave in found for line in wave["lines"] for _ in range(line["quantity"])]
        scans = []
        for number, line in enumerate(pieces):
            scan = {"wave_id": line["wave_id"], "code": line["barcode"], "bin_code": line["bin_code"], "quantity": 1}
            scans.append({**scan, "key": f"{self.name}-pick-{number}"})
        self.scans["pick"] = {scan["key"] for scan in scans}
        self._scan(house, TEAM.picker, "warehouse/scan-pick", scans, at_once)

    def _scan(
        self, house: StubbornHouse, who: str, address: str, scans: Sequence[dict[str, Any]], at_once: int = AT_ONCE
    ) -> None:
        for start in range(0, len(scans), at_once):
            answers = house.do(who, address, scans[start : start + at_once])
            if not self.careless_picking:
                assert all(answer["result"] != "refused" for answer in answers), answers

    def _to_pack(self, staff: StubbornHouse) -> list[dict[str, Any]]:
        work = [one for one in staff.work(TEAM.packer) if one["kind"] == "order_pack"]
        ids = ",".join(str(one["subject_id"]) for one in work if one["warehouse_id"] == TEAM.depot_id)
        found = staff.get(EYES, "audit/packing", ids=ids) if ids else []
        return [order for order in found if order["order_id"] in set(self.order_ids)]

    def _pack(self, staff: StubbornHouse, orders: Sequence[dict[str, Any]]) -> None:
        items = [{"warehouse_id": TEAM.depot_id, "code": order["tote"]} for order in orders]
        staff.do(TEAM.packer, "warehouse/open-packing", items)
        scans = []
        for order in orders:
            for line in order["lines"]:
                scan = {"wave_order_id": order["id"], "code": line["barcode"], "quantity": 1}
                base = f"{self.name}-pack-{order['id']}-{line['id']}"
                scans += [{**scan, "key": f"{base}-{piece}"} for piece in range(line["quantity"])]
        self.scans["pack"] |= {scan["key"] for scan in scans}
        self._scan(self._house(f"packer{orders[0]['id']}", self.pack), TEAM.packer, "warehouse/scan-pack", scans)
        closing = [{"wave_order_id": order["id"], "weight_g": _weight(order)} for order in orders]
        self._until_taken(staff, "warehouse/close-packing", closing)
        ids = {order["order_id"] for order in orders}
        found = [row for row in staff.all_rows(EYES, "audit/parcels") if row["order_id"] in ids]
        parcels = [{"parcel_id": row["id"]} for row in found if row["state"] == "packed"]
        staff.do(TEAM.packer, "parcels/print-labels", parcels)
        self._until_taken(staff, "parcels/hand-over-parcels", parcels)
        self.handed.step()

    def _until_taken(self, staff: StubbornHouse, address: str, items: list[dict[str, Any]]) -> None:
        """Again for those whose answer from outside is still awaited; any other refusal is a fault."""

        def ask() -> list[Outcome]:
            return staff.do(TEAM.packer, address, items)

        answers = self._until(ask, lambda found: not any(one["code"] in WAITING for one in found), address)
        assert all(answer["result"] != "refused" for answer in answers), answers

    # ways of asking --------------------------------------------------------------------------------------

    def _house(self, what: str, progress: Progress, **more: Any) -> StubbornHouse:
        address, tokens = self.shop.shop.address, self.shop.tokens
        house = StubbornHouse(address, tokens, f"{self.name}-{what}", progress, **more)
        self._houses.append(house)
        return house

    @property
    def repeats(self) -> int:
        """How many requests had to be sent again."""
        return sum(house.repeats for house in self._houses)

    def close(self) -> None:
        """Let go of every client's connections."""
        for house in self._houses:
            house.close()

    @staticmethod
    def _until(ask: Callable[[], Any], enough: Callable[[Any], bool], what: str) -> Any:
        end = time.monotonic() + PATIENCE_S
        while not enough(found := ask()):
            if time.monotonic() > end:
                raise GaveUp(f"{what}: {found}")
            time.sleep(0.2)
        return found


def as_item(order: ReceivedOrder) -> dict[str, Any]:
    """An order of the port as the API takes it."""
    item = asdict(order)
    moments = ("placed_at", "paid_at", "modified_at", "ship_by_at", "ended_at")
    for name in moments:
        item[name] = item[name].isoformat() if item[name] else None
    item["raw"] = order.raw.decode()
    return item


def _weight(order: dict[str, Any]) -> int:
    return sum(int(line["weight_g"]) * int(line["quantity"]) for line in order["lines"]) + TARE_G

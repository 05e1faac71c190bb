"""A shop of hundreds of orders a day: shoppers all day, three checks, three shifts, parcels on the way."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.simulator import catalogue, service_desk
from shopkeeper.simulator.days_figures import FigureDays, no_daily_reports
from shopkeeper.simulator.days_service import ServiceDays
from shopkeeper.simulator.shoppers import ODD_KINDS, Shoppers
from shopkeeper.simulator.staff import EYES, Staff, Team
from shopkeeper.simulator.stepping import CHINA, Steps

Progress = Callable[[int, int | None], None]
MIX = {"quick": 6.0, "normal": 5.0, "locker": 1.0, "late": 0.3, "refused": 0.3, "damaged": 0.2, "returning": 0.2}
SHIFTS = ((9, 0), (14, 0), (18, 0))
SLOT_MINUTES = 30
FRONT_WEIGHTS = (4, 2, 1)
PRODUCTS = len({goods.product for goods in catalogue.SOLD})  # furnished first, so numbered from 1


def teams() -> tuple[Team, Team]:
    """Who works for which shop; ids follow from the order of furnishing. The third shop is the second team's, too."""
    first, second, _ = catalogue.SHOPFRONTS
    return (
        Team(1, 1, first.session, "orders", "depot", "packer", "service"),
        Team(2, 2, second.session, "orders2", "depot2", "packer2", "service2", further_shops=(3,)),
    )


def takes_its_time(trade: dict[str, Any]) -> bool:
    """One buyer in five does not confirm by himself."""
    number = int(str(trade["tid"]).replace("-", ""))
    return number // 1000 % 5 == 0


class Days:
    """The plan of some days, put on the agenda before time moves."""

    pull_minutes = 60

    def __init__(self, steps: Steps, orders_per_day: Sequence[int], seed: int, first_day: int = 0) -> None:
        self.steps = steps
        self.first_day = first_day
        self.orders_per_day = orders_per_day
        self.rng = random.Random(f"days {seed}")  # noqa: S311 (a story, not a secret)
        self.shoppers = Shoppers(self.rng)
        self.staff = Staff(steps)
        self.teams = teams()
        self.placed: list[dict[str, Any]] = []
        self.service = ServiceDays(steps, self.teams, seed, self.day)
        self.figures = FigureDays(steps, self.shoppers, self.day, first_day)

    def plan(self) -> None:
        """Put every day's deeds on the agenda."""
        self.steps.outside.post("/courier/mix", {"mix": MIX})
        settings = [
            {"key": "pull_minutes", "value": self.pull_minutes, "reason": "平台有消息推送，拉单作兜底"},
            {"key": "stock_sweep_minutes", "value": 60, "reason": "每小时读回一次货架，与可售核对"},
        ]
        self.steps.house.do("supervisor", "sop/set-policy", [*settings, *no_daily_reports(self.teams[1].shop_ids)])
        service_desk.opened(self.steps.house)
        for day, orders in enumerate(self.orders_per_day):
            self._plan_orders(day, orders)
            is_quiet = not any(self.orders_per_day[max(day - 1, 0) : day + 1])
            for team in self.teams:
                self._plan_duties(day, team)
                for number, (hour, minute) in enumerate(SHIFTS):
                    if is_quiet:
                        self.steps.at(self.day(day, hour, minute + 20), self._bound(self._sign, team))
                    else:
                        self._plan_shift(day, team, number, self.day(day, hour, minute))
            for hour in (12, 21):
                self.steps.at(self.day(day, hour, 5), self._shoppers_confirm)
            if not is_quiet:
                self.steps.at(self.day(day, 21, 30), self._after_sale)
                self._serve(day)
            self.steps.at(self.day(day, 10), self._finance)

    def day(self, number: int, hour: int, minute: int = 0) -> datetime:
        """A clock time of one of these days."""
        return self.steps.day(self.first_day + number, hour, minute)

    def _serve(self, day: int) -> None:
        """Put a day at the service desk on the agenda."""
        self.service.plan(day)

    # shoppers ---------------------------------------------------------------------------------------------

    def _plan_orders(self, day: int, count: int) -> None:
        slots: dict[int, list[dict[str, Any]]] = {}
        kinds = [kind for kind, often in ODD_KINDS for _ in range(often)]
        self.rng.shuffle(kinds)
        kinds = [*kinds[: count // 3], *["plain"] * (count - min(len(kinds), count // 3))]
        self.rng.shuffle(kinds)
        for kind in kinds:
            front = self.rng.choices(catalogue.SHOPFRONTS, weights=FRONT_WEIGHTS)[0]
            minute = self.rng.randrange(8 * 60 + 30, 22 * 60, SLOT_MINUTES)
            slots.setdefault(minute, []).append(self.shoppers.order(front, kind))
        for minute, orders in sorted(slots.items()):
            self.steps.at(self.day(day, minute // 60, minute % 60), self.placing(orders))

    def placing(self, orders: Sequence[dict[str, Any]]) -> Callable[[], None]:
        def place() -> None:
            made = self.steps.outside.post("/platform/orders", {"orders": list(orders)})["orders"]
            self.placed += made
            for trade in made:
                if trade["status"] == "WAIT_BUYER_PAY":
                    deed = "pay" if self.rng.random() < 0.7 else "cancel"
                    self.steps.after(self._acting(trade["tid"], deed), minutes=35)
                elif trade["status"] == "PAID_FORBID_CONSIGN":
                    self.steps.after(self._acting(trade["tid"], "release"), hours=2)
            if self.rng.random() < 0.12:  # somebody orders the same again
                again = dict(orders[0])
                self.steps.after(self.placing([again]), minutes=20)

        return place

    def _acting(self, tid: int | str, deed: str, **details: Any) -> Callable[[], None]:
        def act() -> None:
            self.steps.outside.post("/platform/actions", {"actions": [{"tid": tid, "do": deed, **details}]})

        return act

    def _signed(self) -> list[dict[str, Any]]:
        """Orders whose parcel was signed for and whose buyer has not confirmed."""
        parcels = self.steps.outside.get("/courier/parcels")["parcels"]
        signed = {parcel["number"] for parcel in parcels if parcel["watch"] == "shutdown"}
        trades = self.steps.outside.get("/platform/orders", status="WAIT_BUYER_CONFIRM_GOODS")["orders"]
        return [trade for trade in trades if trade["orders"][0]["invoice_no"] in signed]

    def _acts_by_himself(self, trade: dict[str, Any]) -> bool:
        """Whether a buyer confirms, or wants the money back, unasked."""
        return not takes_its_time(trade)

    def _shoppers_confirm(self) -> None:
        ready = [t for t in self._signed() if self._acts_by_himself(t)]
        actions = [{"tid": t["tid"], "do": "confirm"} for t in ready if self.rng.random() < 0.7]
        self.steps.outside.post("/platform/actions", {"actions": actions})

    def _after_sale(self) -> None:
        """One buyer who has the goods wants the money back; the platform agrees an hour later."""
        trades = self.steps.outside.get("/platform/orders", status="WAIT_BUYER_CONFIRM_GOODS")["orders"]
        tids = [trade["tid"] for trade in trades if self._acts_by_himself(trade)]
        if tids:
            tid = tids[0]
            self._acting(tid, "refund", reason="与描述不符")()
            self.steps.after(self._acting(tid, "refund_agree"), hours=1)

    # staff ------------------------------------------------------------------------------------------------

    def put_goods_up(self, most: int = PRODUCTS) -> None:
        """The second team's shops, one on each platform, sell what stands on the shelf from now on; the first shop's
        goods were put up by hand, before the house did such things."""
        items = [{"product_id": id_, "shop_id": shop} for shop in self.teams[1].shop_ids for id_ in range(1, most + 1)]
        self.steps.house.do("supervisor", "publishing/publish-products", items)

    def _plan_shift(self, day: int, team: Team, number: int, begin: datetime) -> None:
        """Check, sign, pick, pack, hand over; the second shop's second afternoon is a bad one."""
        at, bound = self.steps.at, self._bound
        slow = day == 1 and number == 1 and team is self.teams[1]
        at(begin + timedelta(minutes=10), bound(self._check, team))
        at(begin + timedelta(minutes=100 if slow else 20), bound(self._sign, team))
        at(begin + timedelta(minutes=30), bound(self._release, team, day, number))
        at(begin + timedelta(minutes=170 if slow else 60), bound(self._finish, team))
        at(begin + timedelta(minutes=180 if slow else 70), bound(self._pack, team, day, number))
        at(begin + timedelta(minutes=190 if slow else 90), bound(self._pack, team, day, -1))
        at(begin + timedelta(minutes=200 if slow else 120), bound(self._leave, team, day, number))

    def _plan_duties(self, day: int, team: Team) -> None:
        """What is done once a day: cases, calls."""
        at, bound = self.day, self._bound
        self.steps.at(at(day, 10, 30), bound(self._cases, team))
        self.steps.at(at(day, 16, 45), bound(self.staff.close_contacted, team))
        self.steps.at(at(day, 17, 0), bound(self._ask, team))

    @staticmethod
    def _bound(deed: Callable[..., object], *arguments: Any) -> Callable[[], None]:
        def run() -> None:
            deed(*arguments)

        return run

    def _check(self, team: Team) -> None:
        """Decide exceptions, try to sign too early (refused), confirm the clean set."""
        cancelled = self.staff.decide(team)
        for row in cancelled:  # the platform gives the money back
            self._acting(row["platform_no"], "refund", reason="协商一致退款")()
            self.steps.after(self._acting(row["platform_no"], "refund_agree"), minutes=5)
        session = self.staff.open_session(team)
        if session:
            self.steps.house.do(team.orders, "intake/sign-session", [{"session_id": session}])
        self.staff.confirm(team)
        self._buyers_correct(team)

    def _buyers_correct(self, team: Team) -> None:
        """Asked by the specialist, buyers mend their address or phone on the platform."""
        for row in self.staff.held_orders(team):
            mended = {}
            if "address_incomplete" in row["open_holds"]:
                mended["address"] = f"人民路{row['id']}号5幢302室"
            if "bad_phone" in row["open_holds"]:
                mended["mobile"] = f"139{row['id']:08d}"
            if mended:
                tid = row["platform_no"]
                self.steps.after(self._acting(tid, "address", receiver=mended), minutes=40)

    def _sign(self, team: Team) -> None:
        self.staff.decide(team)
        self.staff.sign(team)

    def _release(self, team: Team, day: int, shift: int) -> None:
        """Waves; the picker takes a wrong piece once (refused), and on two shifts a bin is empty."""
        waves = self.staff.release(team)
        lines = self.staff.lists(waves)
        if not lines:
            return
        wrong = self.staff.pick(lines[0], code="6900000000000", quantity=1)
        self.steps.house.do(team.picker, "warehouse/scan-pick", [wrong])
        half = lines[: len(lines) // 2]
        if shift == 1:
            self.staff.report_short(team, lines[-1])
        self.staff.scan_lines(team, half)

    def _finish(self, team: Team) -> None:
        waves = self.staff.waves.pop(team.depot_id, [])
        if waves:
            self.staff.finish(team, waves)

    def _pack(self, team: Team, day: int, shift: int) -> None:
        """Pack what was picked. At noon's end of a shift one buyer asks for the money, and one piece is damaged."""
        orders = self.staff.to_pack(team)
        if shift == 0 and len(orders) > 3:
            self._refund_while_packing(orders[-1])
        opened = self.staff.open_packing(team, orders)
        if shift == 0 and len(opened) > 2:
            self.staff.fail_piece(team, opened[0])
            opened = opened[1:]
        self.staff.pack(team, opened)
        self.staff.put_back(team)

    def _refund_while_packing(self, order: dict[str, Any]) -> None:
        """The platform takes the request but its message does not arrive in time: the last check finds it."""
        rows = {row["id"]: row for row in self.steps.house.all_rows(EYES, "audit/orders", state="to_pack")}
        if order["order_id"] in rows:
            tid = rows[order["order_id"]]["platform_no"]
            self._acting(tid, "refund", reason="拍错了", quiet=True)()
            self.steps.after(self._acting(tid, "refund_agree"), hours=3)

    def _leave(self, team: Team, day: int, shift: int) -> None:
        left = self.staff.hand_over(team)
        self.steps.settle()
        if day == 0 and shift == 0:  # parcels of which nobody ever hears again
            for parcel in left[:3]:
                self.steps.outside.post("/courier/script", {"number": parcel["number"], "script": "silent"})

    def _cases(self, team: Team) -> None:
        self.staff.contact_couriers(team)

    def _ask(self, team: Team) -> None:
        self.staff.ask_buyers(team)

    def _finance(self) -> None:
        self.staff.approve(self.teams[0])
        self.staff.close_yesterday([shop_id for team in self.teams for shop_id in team.shop_ids])


def play_days(steps: Steps, days: int, seed: int, orders_per_day: int, progress: Progress) -> None:
    """Run whole days from the present one on (from tomorrow, where a story was told before), to the last midnight."""
    passed = (steps.now.astimezone(CHINA).date() - steps.start.astimezone(CHINA).date()).days
    plan = Days(steps, [orders_per_day] * days, seed, passed + 1 if steps.now > steps.start else 0)
    plan.plan()
    steps.at(plan.day(0, 8, 10), plan.put_goods_up)
    plan.figures.plan(days)
    for hour in range(1, days * 24 + 1):
        steps.run_until(plan.day(0, 0) + timedelta(hours=hour))
        progress(hour, days * 24)

"""Parcels at every stage of their way, an outside that does as told, and a clock to move."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake.commands.advance_orders import AdvanceOrder, advance_orders
from shopkeeper.flows.fulfilment.intake.ports import ShopAccess
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.commands.enter_numbers import EnterNumber, enter_numbers
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.flows.fulfilment.parcels.commands.mark_packed import MarkPacked, mark_packed
from shopkeeper.flows.fulfilment.parcels.commands.open_parcels import OpenParcel, open_parcels
from shopkeeper.flows.fulfilment.parcels.commands.take_in_tracking import (
    HeardScan,
    TakeInTracking,
    take_in_tracking,
)
from shopkeeper.flows.fulfilment.parcels.models import Parcel
from shopkeeper.flows.fulfilment.parcels.performers import CourierAccount, Gateways
from shopkeeper.flows.fulfilment.parcels.ports import (
    Ack,
    OutsideError,
    ShipNotice,
    TrackResult,
    Waybill,
    WaybillRequest,
)
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.products.stock.commands.allot_lots import AllotLine, allot_lots
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import ErrandRow
from shopkeeper.foundation.models import Shop
from tests import factories

WORDS = {
    "1": "picked", "103": "picked", "0": "transit", "1001": "transit", "1002": "transit", "5": "delivering",
    "301": "signed", "14": "refused", "203": "refused", "6": "returning", "4": "returned", "204": "problem",
    "209": "problem", "101": "ordered",
}  # fmt: skip


def number_of(parcel_id: int) -> str:
    return f"YT{parcel_id:013d}"


def later(**span: int) -> datetime:
    """Move business time on."""
    moment = business_time.now() + timedelta(**span)
    business_time.set_simulated(moment)
    return moment


def open_parcel(shop: Shop | None = None, sku: Sku | None = None, quantity: int = 1, **order: object) -> Parcel:
    """A parcel awaiting its number; the order is being picked, its pieces are allotted."""
    shop = shop or factories.make_shop()
    warehouse = shop.default_warehouse
    assert warehouse is not None
    sku = sku or factories.make_sku()
    factories.stock_up(sku, warehouse, quantity)
    order.setdefault("modified_at", business_time.now())
    order_id = factories.make_released_order(shop, factories.received_line(sku, quantity), **order)
    lines = _lines(order_id)
    assert all(o.ok for o in allot_lots(SYSTEM, [AllotLine(line, order_id) for line in lines]))
    advance(order_id, OrderState.PICKING)
    outcome = open_parcels.one(SYSTEM, OpenParcel(order_id, warehouse.pk))
    assert outcome.ok, outcome
    return Parcel.objects.get(id=outcome.id)


def _lines(order_id: int) -> list[int]:
    from shopkeeper.flows.fulfilment.intake.models import OrderLine

    return list(OrderLine.objects.filter(order_id=order_id).order_by("id").values_list("id", flat=True))


def advance(order_id: int, *states: OrderState) -> None:
    for state in states:
        outcome = advance_orders.one(SYSTEM, AdvanceOrder(order_id, state))
        assert outcome.ok, (state, outcome)


def numbered_parcel(**fields: object) -> Parcel:
    parcel = open_parcel(**fields)  # type: ignore[arg-type]
    outcome = enter_numbers.one(SYSTEM, EnterNumber(parcel.pk, number_of(parcel.pk), "yuantong", "021-A1-03", "杭州集"))
    assert outcome.ok, outcome
    return again(parcel)


def packed_parcel(**fields: object) -> Parcel:
    parcel = numbered_parcel(**fields)
    advance(parcel.order_id, OrderState.TO_PACK)
    outcome = mark_packed.one(SYSTEM, MarkPacked(parcel.pk, 350))
    assert outcome.ok, outcome
    advance(parcel.order_id, OrderState.PACKED)
    return again(parcel)


def sent_parcel(**fields: object) -> Parcel:
    parcel = packed_parcel(**fields)
    outcome = hand_over_parcels.one(SYSTEM, HandOver(parcel.pk))
    assert outcome.ok, outcome
    return again(parcel)


def again(parcel: Parcel) -> Parcel:
    return Parcel.objects.get(id=parcel.pk)


def scan(code: str, at: datetime, text: str = "", place: str = "杭州") -> HeardScan:
    return HeardScan(at, code, WORDS[code], text or f"扫描 {code}", place)


def hear(parcel: Parcel, *scans: HeardScan, watch: str = "") -> str:
    """Tell what was scanned; returns the outcome's code."""
    item = TakeInTracking(parcel.courier, parcel.number or "", tuple(scans), watch)
    return take_in_tracking.one(SYSTEM, item).code


def errand(kind: str, parcel_id: int, attempts: int = 1) -> ErrandRow:
    return ErrandRow(1, kind, parcel_id, None, {}, attempts)


@dataclass
class FakeCourier:
    """A courier service that remembers what it was asked. `trouble` is raised as long as it is set."""

    trouble: OutsideError | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    requests: list[WaybillRequest] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    subscribed: list[tuple[str, str, str]] = field(default_factory=list)
    results: dict[str, TrackResult] = field(default_factory=dict)

    def _perhaps(self) -> None:
        if self.trouble:
            raise self.trouble

    def order_waybill(self, request: WaybillRequest) -> Waybill:
        self._perhaps()
        self.requests.append(request)
        number = self.numbers.setdefault(request.order_ref, f"YT{len(self.numbers) + 1:013d}")
        return Waybill(request.order_ref, "yuantong", number, "571-02-118", "杭州集", None)

    def cancel_waybill(self, order_ref: str, courier_code: str, number: str, reason: str) -> None:
        self._perhaps()
        self.cancelled.append(number)

    def subscribe(self, number: str, courier_code: str, callback_url: str, phone_tail: str = "") -> None:
        self._perhaps()
        self.subscribed.append((number, courier_code, phone_tail))

    def query(self, number: str, courier_code: str, phone_tail: str = "") -> TrackResult:
        self._perhaps()
        return self.results.get(number) or TrackResult(number, courier_code, "ordered", "", (), "")

    def parse_push(self, form: object) -> TrackResult:
        raise NotImplementedError


@dataclass
class FakePlatform:
    """A platform that takes each number once and says so when it comes again."""

    trouble: OutsideError | None = None
    taken: dict[str, str] = field(default_factory=dict)
    calls: list[ShipNotice] = field(default_factory=list)

    def send(self, shop: ShopAccess, notice: ShipNotice) -> Ack:
        if self.trouble:
            raise self.trouble
        self.calls.append(notice)
        repeated = self.taken.get(notice.platform_no) == notice.number
        self.taken[notice.platform_no] = notice.number
        return Ack(notice.platform_no, notice.number, repeated)


def gateways(courier: FakeCourier | None = None, platform: FakePlatform | None = None) -> Gateways:
    def shops(ids: object) -> dict[int, ShopAccess]:
        return {shop_id: ShopAccess(shop_id, "taobao", "", "", "", "") for shop_id in ids}  # type: ignore[attr-defined]

    return Gateways(
        courier or FakeCourier(),
        lambda code: CourierAccount(f"acct-{code}"),
        {"taobao": platform or FakePlatform()},
        shops,
        "https://example.invalid/hook",
    )


def codes(outcomes: Sequence[object]) -> list[str]:
    return [outcome.code for outcome in outcomes]  # type: ignore[attr-defined]

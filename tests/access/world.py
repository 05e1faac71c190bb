"""Two shops in two warehouses, each with work in every state, and one item per command naming its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.flows.fulfilment.parcels.models import Parcel, ParcelCase
from shopkeeper.flows.fulfilment.settlement.models import FollowUp
from shopkeeper.flows.fulfilment.warehouse.models import PickLine, Wave, WaveOrder
from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.models import ApiToken, Person, Shop, Warehouse
from shopkeeper.sop.models import Deadline
from tests import factories as make


@dataclass
class Place:
    """One shop with its warehouse and one row of everything."""

    shop: Shop
    warehouse: Warehouse
    sku: Sku
    waiting_order: int
    held_order: int
    picking_order: int
    session: CheckSession
    wave: Wave
    wave_order: WaveOrder
    pick_line: PickLine
    parcel: Parcel
    case: ParcelCase
    follow_up: FollowUp
    deadline: Deadline
    person: Person
    token: ApiToken


def build() -> Place:
    """Make a place through the commands the product uses itself."""
    warehouse = make.make_warehouse()
    shop = make.make_shop(warehouse)
    sku = make.make_sku()
    make.stock_up(sku, warehouse, 50)
    picking = make.make_released_order(shop, make.received_line(sku))
    run("release_waves", warehouse_id=warehouse.pk, order_ids=(picking,))
    waiting = make.make_order(shop, make.received_line(sku))
    held = make.make_order(shop, make.received_line(sku), buyer_remark="请尽快")
    parcel = Parcel.objects.get(order_id=picking)
    person = make.make_person("order_specialist", shops=[shop])
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return Place(
        shop=shop,
        warehouse=warehouse,
        sku=sku,
        waiting_order=waiting,
        held_order=held,
        picking_order=picking,
        session=make.open_session(shop),
        wave=Wave.objects.get(warehouse=warehouse),
        wave_order=WaveOrder.objects.get(order_id=picking),
        pick_line=PickLine.objects.filter(order_id=picking).first(),
        parcel=parcel,
        case=ParcelCase.objects.create(
            parcel=parcel, shop_id=shop.pk, kind="lost", state="open", state_at=now, opened_at=now, opened_by=0
        ),
        follow_up=FollowUp.objects.create(
            order_id=picking, shop=shop, state="open", state_at=now, opened_at=now, due_at=now
        ),
        deadline=Deadline.objects.get(kind="decide_holds", subject_id=held),
        person=person,
        token=ApiToken.objects.create(person=person, name="t", token_hash=f"{person.pk}".encode(), made_at=now),
    )


def run(name: str, **fields: Any) -> Any:
    outcome = COMMANDS[name].one(SYSTEM, COMMANDS[name].item(**fields))
    assert outcome.ok, (name, outcome)
    return outcome


def item(_command: str, /, **fields: Any) -> Callable[[Place], Any]:
    return lambda place: COMMANDS[_command].item(
        **{field: value(place) if callable(value) else value for field, value in fields.items()}
    )


def shop(p: Place) -> int:
    return p.shop.pk


def warehouse(p: Place) -> int:
    return p.warehouse.pk


def waiting(p: Place) -> int:
    return p.waiting_order


def held(p: Place) -> int:
    return p.held_order


def picking(p: Place) -> int:
    return p.picking_order


def parcel(p: Place) -> int:
    return p.parcel.pk


def wave(p: Place) -> int:
    return p.wave.pk


def wave_order(p: Place) -> int:
    return p.wave_order.pk


ITEMS: dict[str, Callable[[Place], Any]] = {
    "approve_settlements": item("approve_settlements", order_id=picking, doubt="negative_margin", reason="ok"),
    "cancel_orders": item("cancel_orders", order_id=waiting, reason="买家不要了"),
    "cancel_parcels": item("cancel_parcels", parcel_id=parcel, reason="重开"),
    "claim_wave": item("claim_wave", wave_id=wave),
    "claim_work": item("claim_work", deadline_id=lambda p: p.deadline.pk),
    "close_cases": item("close_cases", case_id=lambda p: p.case.pk, outcome="lost", note="ok"),
    "close_days": item("close_days", shop_id=shop, day=date(2026, 6, 1)),
    "close_packing": item("close_packing", wave_order_id=wave_order, weight_g=200),
    "complete_orders": item("complete_orders", order_id=picking),
    "confirm_session": item("confirm_session", session_id=lambda p: p.session.pk),
    "confirm_ship_backs": item("confirm_ship_backs", parcel_id=parcel, evidence="平台截图可见"),
    "contact_couriers": item(
        "contact_couriers", case_id=lambda p: p.case.pk, channel="phone", note="已催", answer_hours=24
    ),
    "decide_holds": item("decide_holds", order_id=held, code="*", reason="已联系"),
    "enter_numbers": item("enter_numbers", parcel_id=parcel, number="YT1234567890123", courier="yuantong"),
    "erase_person": item("erase_person", kind="intake.order", record_id=waiting, reason="本人要求"),
    "escalate_work": item("escalate_work", deadline_id=lambda p: p.deadline.pk),
    "finish_wave": item("finish_wave", wave_id=wave),
    "force_packing": item("force_packing", wave_order_id=wave_order, weight_g=1, reason="秤坏了"),
    "hand_over_parcels": item("hand_over_parcels", parcel_id=parcel),
    "hand_over_work": item("hand_over_work", deadline_id=lambda p: p.deadline.pk, reason="下班"),
    "hold_orders": item("hold_orders", order_id=waiting, code="by_hand"),
    "import_skus": item("import_skus", code="NEW", name="新品", category="", weight_g=1, currency="CNY"),
    "make_api_token": item("make_api_token", name="erp", permissions=(), days=30),
    "note_hint": item("note_hint", shop_id=shop, platform_no="T1", message_id="m1"),
    "open_cases": item("open_cases", parcel_id=parcel, kind="damaged", note="破了"),
    "open_check_sessions": item("open_check_sessions", shop_id=shop),
    "open_follow_ups": item("open_follow_ups", order_id=picking),
    "open_packing": item("open_packing", warehouse_id=warehouse, code="T1"),
    "open_parcels": item("open_parcels", order_id=picking, warehouse_id=warehouse),
    "print_labels": item("print_labels", parcel_id=parcel),
    "pull_now": item("pull_now", shop_id=shop),
    "receive_stock": item(
        "receive_stock",
        sku_id=lambda p: p.sku.pk,
        warehouse_id=warehouse,
        bin_code="A-01-01",
        lot_code="N1",
        quantity=5,
    ),
    "record_follow_up": item(
        "record_follow_up", followup_id=lambda p: p.follow_up.pk, attempt=1, outcome="will_confirm"
    ),
    "release_orders": item("release_orders", order_id=waiting),
    "release_waves": item("release_waves", warehouse_id=warehouse),
    "report_short_pick": item("report_short_pick", pick_line_id=lambda p: p.pick_line.pk, reason="not_found"),
    "request_numbers": item("request_numbers", parcel_id=parcel),
    "retry_ship_backs": item("retry_ship_backs", parcel_id=parcel),
    "return_to_shelf": item("return_to_shelf", wave_order_id=wave_order),
    "reveal_personal_data": item("reveal_personal_data", kind="intake.order", record_id=waiting, reason="买家来电"),
    "revoke_api_token": item("revoke_api_token", token_id=lambda p: p.token.pk),
    "scan_pack": item("scan_pack", wave_order_id=wave_order, code=lambda p: p.sku.barcode, key="k1"),
    "scan_pick": item("scan_pick", wave_id=wave, code=lambda p: p.sku.barcode, key="k1"),
    "set_clause_owner": item("set_clause_owner", clause="O2.1", shop_id=shop, owner_id=lambda p: p.person.pk),
    "set_policy": item("set_policy", key="session_minutes", value=45, reason="试行", shop_id=shop),
    "settle_orders": item("settle_orders", order_id=picking),
    "settle_unreadable": item("settle_unreadable", shop_id=shop, platform_no="T1"),
    "sign_session": item("sign_session", session_id=lambda p: p.session.pk),
    "start_bulk": item("start_bulk", action="release", order_ids=lambda p: (p.waiting_order,), reason=""),
    "start_import": item(
        "start_import", shop_id=shop, profile="taobao_csv", digest="0" * 64, name="a.csv", history=False
    ),
    "start_shop": item("start_shop", shop_id=shop),
    "take_in_orders": lambda p: make.received_order(p.shop, make.received_line(p.sku)),
}

# What a run may write wherever it ends: its own record, and answers remembered for repeated requests.
ALWAYS_WRITTEN = ("foundation_commandrun", "foundation_idempotencykey", "procrastinate", "django_", "axes_")


def fingerprint() -> dict[str, str]:
    """A checksum per business table: what 'nothing changed' means."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall() if not name.startswith(ALWAYS_WRITTEN)]
        sums = ", ".join(f"(SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {name} AS t)" for name in tables)
        cursor.execute(f"SELECT {sums}")
        return dict(zip(tables, cursor.fetchone(), strict=True))

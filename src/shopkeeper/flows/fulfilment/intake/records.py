"""Turning received orders into the values we store: sealed, masked, indexed, bounded in length."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.rules import KnownSku, refund_of
from shopkeeper.flows.fulfilment.intake.sql.take_in import ORDER_COLUMNS
from shopkeeper.foundation import masking
from shopkeeper.foundation.personal import SubjectKeys, blind_index


def subject_reference(order: ReceivedOrder) -> str:
    """Who the data subject is: the platform's own name for the buyer, within the shop."""
    return f"buyer:{order.shop_id}:{order.buyer_ref or order.platform_no}"


def order_row(
    order: ReceivedOrder, *, id: int, state: str, warehouse_id: int | None, keys: SubjectKeys, place: bytes
) -> dict[str, Any]:
    """One order's columns as `sql.take_in` takes them; `place` is its `place_of`."""
    reference = subject_reference(order)
    receiver = order.receiver
    sealed = keys.seal_json(
        reference,
        {"receiver": asdict(receiver), "buyer_remark": order.buyer_remark, "seller_memo": order.seller_memo},
    )
    region = " ".join(part for part in (receiver.province, receiver.city, receiver.district) if part)
    digits = "".join(c for c in receiver.phone if c.isdigit())
    findable = bool(digits) and "*" not in receiver.phone
    erased = keys.is_erased(reference)
    return {
        "id": id,
        "shop_id": order.shop_id,
        "platform_no": order.platform_no,
        "platform_state": order.platform_state[:40],
        "state": state,
        "placed_at": order.placed_at,
        "paid_at": order.paid_at,
        "modified_at": order.modified_at,
        "ship_by_at": order.ship_by_at,
        "shipped_at": None,
        "signed_at": None,
        "completed_at": None,
        "warehouse_id": warehouse_id,
        "subject_id": keys.id_of(reference),
        "receiver_token": order.receiver_token[:200],
        "receiver_sealed": sealed,
        "receiver_name_masked": "" if erased else masking.mask_name(receiver.name)[:60],
        "receiver_phone_masked": "" if erased else masking.mask_phone(receiver.phone)[:40],
        "receiver_address_masked": "" if erased else masking.mask_address(receiver.address, region)[:200],
        "province": receiver.province[:40],
        "city": receiver.city[:40],
        "phone_index": blind_index("phone", digits[-11:]) if findable and not erased else None,
        "phone_tail_index": blind_index("phone-tail", digits[-4:]) if len(digits) >= 4 and not erased else None,
        "address_index": None if erased else place,
        "currency": order.currency,
        "goods_minor": order.goods_minor,
        "freight_minor": order.freight_minor,
        "discount_minor": order.discount_minor,
        "paid_minor": order.paid_minor,
        "has_remark": bool(order.buyer_remark.strip()),
        "seller_flag": order.seller_flag[:10],
        "refund_state": refund_of(order),
    }


def place_of(order: ReceivedOrder) -> bytes:
    """Same shop, same receiver: the platform's token where it gives one, else the address itself."""
    receiver = order.receiver
    named = "|".join((receiver.name, receiver.phone, receiver.province, receiver.city, receiver.address))
    return blind_index("address", f"{order.shop_id}|{order.receiver_token or named}")


def as_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as one list per column, the shape `unnest` takes."""
    return {name: [row[name] for row in rows] for name in ORDER_COLUMNS}


def line_columns(
    orders: Sequence[tuple[int, ReceivedOrder, Sequence[int]]], skus: Mapping[str, KnownSku]
) -> dict[str, list[Any]]:
    """The lines of (order id, order, line ids) as one list per column."""
    given = [(i, o, line) for i, order, ids in orders for o, line in zip(ids, order.lines, strict=True)]
    return {
        "line_ids": [line_id for _, line_id, _ in given],
        "line_orders": [order_id for order_id, _, _ in given],
        "line_numbers": [line.platform_line_no for _, _, line in given],
        "line_skus": [sku.id if (sku := skus.get(line.outer_code)) else None for _, _, line in given],
        "line_codes": [line.outer_code[:60] for _, _, line in given],
        "line_titles": [line.title[:200] for _, _, line in given],
        "line_specs": [line.spec[:100] for _, _, line in given],
        "line_quantities": [line.quantity for _, _, line in given],
        "line_prices": [line.price_minor for _, _, line in given],
        "line_discounts": [line.discount_minor for _, _, line in given],
        "line_paids": [line.paid_minor for _, _, line in given],
        "line_refunds": [line.refund_state for _, _, line in given],
        "line_gifts": [line.is_gift for _, _, line in given],
    }

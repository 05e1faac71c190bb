"""Turning received orders into the values we store: sealed, masked, indexed, bounded in length."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder, Receiver
from shopkeeper.flows.fulfilment.intake.rules import KnownSku, refund_of
from shopkeeper.foundation import masking
from shopkeeper.foundation.personal import SubjectKeys, blind_index

_RECEIVER_FIELDS = tuple(field.name for field in fields(Receiver))


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
        {
            "receiver": {name: getattr(receiver, name) for name in _RECEIVER_FIELDS},
            "buyer_remark": order.buyer_remark,
            "seller_memo": order.seller_memo,
        },
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


def line_rows(
    orders: Sequence[tuple[int, ReceivedOrder, Sequence[int]]], skus: Mapping[str, KnownSku]
) -> list[dict[str, Any]]:
    """The lines of (order id, order, line ids) as `sql.take_in` takes them."""
    return [
        {
            "id": line_id,
            "order_id": order_id,
            "platform_line_no": line.platform_line_no,
            "sku_id": sku.id if (sku := skus.get(line.outer_code)) else None,
            "outer_code": line.outer_code[:60],
            "title": line.title[:200],
            "spec": line.spec[:100],
            "quantity": line.quantity,
            "price_minor": line.price_minor,
            "discount_minor": line.discount_minor,
            "paid_minor": line.paid_minor,
            "refund_state": line.refund_state,
            "is_gift": line.is_gift,
        }
        for order_id, order, ids in orders
        for line_id, line in zip(ids, order.lines, strict=True)
    ]

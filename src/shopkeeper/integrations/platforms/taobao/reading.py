"""The platform's trade as our received order. What makes no sense is named, not guessed."""

from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import (
    PlatformState,
    ReceivedLine,
    ReceivedOrder,
    Receiver,
    RefundState,
    ShopAccess,
)
from shopkeeper.integrations.texts import MAX_MINOR, china_moment, clean_text, minor_from_yuan

STATES: dict[str, PlatformState] = {
    "TRADE_NO_CREATE_PAY": "unpaid",
    "WAIT_BUYER_PAY": "unpaid",
    "PAY_PENDING": "unpaid",
    "WAIT_PRE_AUTH_CONFIRM": "unpaid",
    "PAID_FORBID_CONSIGN": "held_by_platform",
    "WAIT_SELLER_SEND_GOODS": "to_ship",
    "SELLER_CONSIGNED_PART": "part_shipped",
    "WAIT_BUYER_CONFIRM_GOODS": "shipped",
    "TRADE_BUYER_SIGNED": "shipped",
    "TRADE_FINISHED": "done",
    "TRADE_CLOSED": "closed",
    "TRADE_CLOSED_BY_TAOBAO": "closed",
}
# A refusal by the seller leaves the case open: the buyer may change it or call the platform in.
REFUNDS: dict[str, RefundState] = {
    "": "",
    "NO_REFUND": "",
    "WAIT_SELLER_AGREE": "requested",
    "SELLER_REFUSE_BUYER": "requested",
    "WAIT_BUYER_RETURN_GOODS": "refunding",
    "WAIT_SELLER_CONFIRM_GOODS": "refunding",
    "SUCCESS": "refunded",
    "CLOSED": "closed",
}
# 0 is gray and also what an order has before anyone set a flag, so it reads as none.
FLAGS = {0: "", 1: "red", 2: "yellow", 3: "green", 4: "blue", 5: "purple"}
FLAG_NUMBERS = {"gray": 0, "red": 1, "yellow": 2, "green": 3, "blue": 4, "purple": 5}

FIELDS = (
    "tid,status,created,pay_time,modified,end_time,payment,post_fee,total_fee,discount_fee,buyer_nick,buyer_open_uid,"
    "buyer_message,seller_memo,seller_flag,delivery_time,receiver_name,receiver_mobile,receiver_phone,receiver_state,"
    "receiver_city,receiver_district,receiver_town,receiver_address,receiver_zip,oaid,promotion_details,orders"
)
_MAX_LINES = 1000
MAX_WHOLE = 2 * 10**9


class MakesNoSense(ValueError):
    """A trade we cannot read; the argument names the field."""


def platform_no_of(trade: Any) -> str:
    """The order number of a trade, '' when there is none."""
    number = trade.get("tid", "") if isinstance(trade, dict) else ""
    text = clean_text(number, 64)
    return text if text.isalnum() else ""


def received_order(shop: ShopAccess, trade: Any, raw: bytes) -> ReceivedOrder:
    """One trade with all its fields. Raises `MakesNoSense`."""
    field = "trade"
    try:
        if not isinstance(trade, dict):
            raise ValueError("not an object")
        lines = tuple(_line(line, _gift_items(trade)) for line in _listed(trade, "orders", "order"))
        if not lines:
            raise MakesNoSense("orders")
        field = "status"
        state = STATES[trade["status"]]
        field = "times"
        placed_at, modified_at = china_moment(trade["created"]), china_moment(trade["modified"])
        if placed_at is None or modified_at is None:
            raise ValueError("a moment is missing")
        field = "amounts"
        goods = sum(line.price_minor * line.quantity for line in lines)
        if abs(goods) > MAX_MINOR:
            raise ValueError("out of all bounds")
        freight, paid = minor_from_yuan(trade.get("post_fee")), minor_from_yuan(trade.get("payment"))
        field = "order"
        return ReceivedOrder(
            shop_id=shop.shop_id,
            platform_no=_required(platform_no_of(trade), "tid"),
            platform_state=trade["status"],
            state=state,
            placed_at=placed_at,
            paid_at=china_moment(trade.get("pay_time")),
            modified_at=modified_at,
            ship_by_at=china_moment(trade.get("delivery_time")),
            ended_at=china_moment(trade.get("end_time")),
            currency="CNY",
            goods_minor=goods,
            freight_minor=freight,
            discount_minor=goods + freight - paid,
            paid_minor=paid,
            buyer_ref=clean_text(trade.get("buyer_open_uid") or trade.get("buyer_nick"), 200),
            receiver_token=clean_text(trade.get("oaid"), 500),
            receiver=_receiver(trade),
            buyer_remark=clean_text(trade.get("buyer_message")),
            seller_memo=clean_text(trade.get("seller_memo")),
            seller_flag=FLAGS.get(_whole(trade.get("seller_flag", 0)), ""),
            lines=lines,
            raw=raw,
        )
    except MakesNoSense:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise MakesNoSense(field) from None


def _required(value: str, name: str) -> str:
    if not value:
        raise MakesNoSense(name)
    return value


def _listed(inside: dict[str, Any], plural: str, singular: str) -> list[Any]:
    found = (inside.get(plural) or {}).get(singular) or []
    if not isinstance(found, list) or len(found) > _MAX_LINES:
        raise MakesNoSense(plural)
    return found


def _gift_items(trade: dict[str, Any]) -> set[str]:
    details = _listed(trade, "promotion_details", "promotion_detail")
    return {str(detail["gift_item_id"]) for detail in details if detail.get("gift_item_id")}


def _whole(value: Any) -> int:
    """A whole number, as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not a whole number")
    number = int(value)
    if abs(number) > MAX_WHOLE:
        raise ValueError("out of all bounds")
    return number


def _line(line: Any, gifts: set[str]) -> ReceivedLine:
    """One line; its discount is what lies between price times quantity and the line's share of what was
    paid."""
    number = "?"
    try:
        number = clean_text(line.get("oid"), 40)
        quantity, price = _whole(line["num"]), minor_from_yuan(line["price"])
        share = line.get("divide_order_fee")
        paid = minor_from_yuan(line.get("payment") if share in (None, "") else share)
        item = clean_text(line.get("num_iid"), 64)
        return ReceivedLine(
            platform_line_no=_required(number, "orders.oid"),
            platform_item_no=item,
            platform_sku_no=clean_text(line.get("sku_id"), 64),
            outer_code=clean_text(line.get("outer_sku_id") or line.get("outer_iid"), 200),
            title=clean_text(line.get("title"), 500),
            spec=clean_text(line.get("sku_properties_name"), 500),
            quantity=quantity,
            price_minor=price,
            discount_minor=price * quantity - paid,
            paid_minor=paid,
            refund_state=_refund_state(line),
            is_gift=item in gifts and paid == 0,
        )
    except MakesNoSense:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise MakesNoSense(f"line {number}") from None


def _refund_state(line: Any) -> RefundState:
    """A line of which only a part of the money went back is not closed: it goes on."""
    state = REFUNDS[line.get("refund_status") or ""]
    return "" if state == "refunded" and line.get("status") not in (None, "", "TRADE_CLOSED") else state


def _receiver(trade: dict[str, Any]) -> Receiver:
    name = clean_text(trade.get("receiver_name"), 200)
    phone = clean_text(trade.get("receiver_mobile") or trade.get("receiver_phone"), 60)
    address = clean_text(trade.get("receiver_address"), 500)
    return Receiver(
        name=name,
        phone=phone,
        province=clean_text(trade.get("receiver_state"), 60),
        city=clean_text(trade.get("receiver_city"), 60),
        district=clean_text(trade.get("receiver_district"), 60),
        town=clean_text(trade.get("receiver_town"), 60),
        address=address,
        zip=clean_text(trade.get("receiver_zip"), 20),
        masked=bool(trade.get("oaid")) or any("*" in part for part in (name, phone, address)),
    )

"""The platform's order as our received order. What makes no sense is named, not guessed."""

import re
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

SHIPPING: dict[int, PlatformState] = {1: "to_ship", 2: "shipped", 3: "done"}
REFUNDS: dict[int, RefundState] = {1: "", 2: "requested", 3: "refunding", 4: "refunded"}
# Where the case stands tells more than the order's own figure; what is not here is left to that.
CASES: dict[int, RefundState] = {
    **dict.fromkeys((2, 3, 6, 8), "requested"),
    **dict.fromkeys((4, 5, 7), "refunding"),
    10: "refunded",
    **dict.fromkeys((9, 11, 12, 13), "closed"),
}
FLAGS = {0: "", 1: "red", 2: "yellow", 3: "green", 4: "blue", 5: "purple"}
# Our colour -> the platform's number and the name it wants beside it.
FLAG_NUMBERS = {"red": (1, "红"), "yellow": (2, "黄"), "green": (3, "绿"), "blue": (4, "蓝"), "purple": (5, "紫")}
_NUMBER = re.compile(r"[0-9A-Za-z]+(-[0-9A-Za-z]+)?")
_MAX_LINES = 1000
_MAX_WHOLE = 2 * 10**9


class MakesNoSense(ValueError):
    """An order we cannot read; the argument names the field."""


def order_number(value: Any) -> str:
    """An order's number, '' when it is none."""
    text = clean_text(value, 64) if isinstance(value, str) else ""
    return text if _NUMBER.fullmatch(text) else ""


def received_order(shop: ShopAccess, info: Any, raw: bytes) -> ReceivedOrder:
    """One order with all its fields. Raises `MakesNoSense`. The platform tells nothing of who bought."""
    field = "order_info"
    try:
        if not isinstance(info, dict):
            raise ValueError("not an object")
        field = "order_sn"
        number = _required(order_number(info.get("order_sn")), field)
        field = "status"
        refund = refund_state(info)
        state = platform_state(info, refund)
        field = "times"
        placed_at, modified_at = china_moment(info["created_time"]), china_moment(info["updated_at"])
        if placed_at is None or modified_at is None:
            raise ValueError("a moment is missing")
        received_at = china_moment(info.get("receive_time"))
        field = "amounts"
        freight, paid = minor_from_yuan(info.get("postage")), minor_from_yuan(info["pay_amount"])
        lines = _lines(info, paid - freight, refund)
        goods = sum(line.price_minor * line.quantity for line in lines)
        if abs(goods) > MAX_MINOR:
            raise ValueError("out of all bounds")
        field = "order"
        return ReceivedOrder(
            shop_id=shop.shop_id,
            platform_no=number,
            platform_state=_words(info),
            state=state,
            placed_at=placed_at,
            paid_at=china_moment(info.get("pay_time")),
            modified_at=modified_at,
            ship_by_at=china_moment(info.get("last_ship_time")),
            ended_at=modified_at if state == "closed" else received_at,
            currency="CNY",
            goods_minor=goods,
            freight_minor=freight,
            discount_minor=goods + freight - paid,
            paid_minor=paid,
            buyer_ref="",
            receiver_token=clean_text(info.get("open_address_id"), 500),
            receiver=_receiver(info),
            buyer_remark=clean_text(info.get("buyer_memo")),
            seller_memo=clean_text(info.get("remark")),
            seller_flag=FLAGS.get(_whole(info.get("remark_tag") or 0), ""),
            lines=lines,
            raw=raw,
        )
    except MakesNoSense:
        raise
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise MakesNoSense(field) from None


def refund_state(info: dict[str, Any]) -> RefundState:
    """Where a refund of the order stands. Raises `KeyError` for a figure nobody knows."""
    whole = REFUNDS[_whole(info["refund_status"])]
    case = CASES.get(_whole(info.get("after_sales_status") or 0), whole)
    return case if whole or case == "closed" else whole


def platform_state(info: dict[str, Any], refund: RefundState) -> PlatformState:
    """The order's state in our words. A refunded order is over; one under review or not yet joined is held."""
    if _whole(info.get("confirm_status", 1)) == 2 or refund == "refunded":
        return "closed"
    state = SHIPPING[_whole(info["order_status"])]
    is_held = bool(_whole(info.get("risk_control_status") or 0)) or _whole(info.get("group_status", 1)) != 1
    if state == "to_ship" and (is_held or _whole(info.get("confirm_status", 1)) == 0):
        return "held_by_platform"
    return state


def _words(info: dict[str, Any]) -> str:
    """The figures that make the state, as one text for whoever asks later."""
    named = ("order_status", "refund_status", "risk_control_status", "group_status", "confirm_status")
    return "/".join(str(_whole(info.get(name, 0) or 0)) for name in named)


def _required(value: str, name: str) -> str:
    if not value:
        raise MakesNoSense(name)
    return value


def _whole(value: Any) -> int:
    """A whole number, as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("not a whole number")
    number = int(value)
    if abs(number) > _MAX_WHOLE:
        raise ValueError("out of all bounds")
    return number


def _listed(info: dict[str, Any], name: str) -> list[Any]:
    found = info.get(name) or []
    if not isinstance(found, list) or len(found) > _MAX_LINES:
        raise MakesNoSense(name)
    return found


def _lines(info: dict[str, Any], paid_minor: int, refund: RefundState) -> tuple[ReceivedLine, ...]:
    """Goods and gifts. Lines have no numbers here: the variant's stands for them. What was paid is shared out by
    price, the last line takes the rest (almost every order has one line)."""
    bought, gifts = _listed(info, "item_list"), _listed(info, "gift_list")
    if not bought:
        raise MakesNoSense("item_list")
    worth = [_price(item) * _count(item) for item in bought]
    total, left = sum(worth), paid_minor
    lines: list[ReceivedLine] = []
    taken: set[str] = set()
    for place, item in enumerate(bought):
        share = left if place == len(bought) - 1 else (paid_minor * worth[place] // total if total else 0)
        left -= share
        lines.append(_line(item, "", share, refund, taken))
    lines += [_line(gift, "g", 0, refund, taken) for gift in gifts]
    return tuple(lines)


def _price(item: Any) -> int:
    try:
        return minor_from_yuan(item["goods_price"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise MakesNoSense("goods_price") from None


def _count(item: Any) -> int:
    try:
        return _whole(item["goods_count"])
    except (KeyError, TypeError, ValueError):
        raise MakesNoSense("goods_count") from None


def _line(item: Any, kind: str, paid: int, refund: RefundState, taken: set[str]) -> ReceivedLine:
    number = f"{kind}{clean_text(item.get('sku_id') or item.get('outer_id') or item.get('goods_id'), 40)}"
    while number in taken:
        number += "+"
    taken.add(number)
    price = 0 if kind else _price(item)
    quantity = _count(item)
    return ReceivedLine(
        platform_line_no=_required(number.removeprefix(kind) and number, "item_list.sku_id"),
        platform_item_no=clean_text(item.get("goods_id"), 64),
        platform_sku_no=clean_text(item.get("sku_id"), 64),
        outer_code=clean_text(item.get("outer_id") or item.get("outer_goods_id"), 200),
        title=clean_text(item.get("goods_name"), 500),
        spec=clean_text(item.get("goods_spec"), 500),
        quantity=quantity,
        price_minor=price,
        discount_minor=price * quantity - paid,
        paid_minor=paid,
        refund_state=refund,
        is_gift=bool(kind),
    )


def _receiver(info: dict[str, Any]) -> Receiver:
    """Starred: names, phones and addresses come as ciphers that only the platform's own services open."""
    return Receiver(
        name=clean_text(info.get("receiver_name_mask"), 200),
        phone=clean_text(info.get("receiver_phone_mask"), 60),
        province=clean_text(info.get("province"), 60),
        city=clean_text(info.get("city"), 60),
        district=clean_text(info.get("town"), 60),
        town="",
        address=clean_text(info.get("receiver_address_mask"), 500),
        masked=True,
    )

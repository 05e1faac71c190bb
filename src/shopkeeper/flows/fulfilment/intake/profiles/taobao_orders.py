"""Rows of a Taobao export made into one received order: states, amounts, address."""

import re
from typing import Any

from shopkeeper.flows.fulfilment.intake.ports import (
    PlatformState,
    ReceivedLine,
    ReceivedOrder,
    Receiver,
    RefundState,
)
from shopkeeper.flows.fulfilment.intake.profiles.cells import CellWrong, bare
from shopkeeper.flows.fulfilment.intake.profiles.rows import HistoryTimes, ImportRow
from shopkeeper.shared.money import apportion

STATES: dict[str, PlatformState] = {
    "等待买家付款": "unpaid",
    "买家已付款,等待卖家发货": "to_ship",
    "等待卖家发货": "to_ship",
    "待发货": "to_ship",
    "卖家部分发货": "part_shipped",
    "卖家已发货,等待买家确认": "shipped",
    "等待买家确认收货": "shipped",
    "卖家已发货": "shipped",
    "已发货": "shipped",
    "交易成功": "done",
    "交易关闭": "closed",
    "付款以后用户退款成功,交易自动关闭": "closed",
    "付款以前,卖家或买家主动关闭交易": "closed",
    "付款前,卖家或买家主动关闭交易": "closed",
}
REFUNDS: dict[str, RefundState] = {
    "": "",
    "没有申请退款": "",
    "无退款申请": "",
    "退款中": "requested",
    "买家已经申请退款,等待卖家同意": "requested",
    "卖家已经同意退款,等待买家退货": "refunding",
    "买家已经退货,等待卖家确认收货": "refunding",
    "退款成功": "refunded",
    "退款关闭": "closed",
}
_ADDRESS_ZIP = re.compile(r"[（(](\d{6})[)）]$")
_TOWN = re.compile(r"^[\u4e00-\u9fff]{1,12}(?:街道|镇|乡|苏木|地区办事处)$")
_PROVINCE = re.compile(r"^(.{2,8}?(?:省|自治区|特别行政区)|北京市?|天津市?|上海市?|重庆市?)")
_CITY = re.compile(r"^(.{2,10}?(?:市|自治州|地区|盟))")
_DISTRICT = re.compile(r"^(.{1,10}?(?:区|县|旗|市))")


def read_state(text: str) -> str:
    """The platform's own word, known to STATES."""
    word = bare(text).replace("，", ",").replace(" ", "")
    if word and word not in STATES:
        raise CellWrong("unknown_state")
    return word


def split_address(text: str) -> tuple[str, str, str, str, str, str]:
    """Province, city, district, town, rest, postcode of `浙江省 杭州市 余杭区 仓前街道 文一西路9号(310000)`.

    What is not there stays empty; nothing is guessed beyond the words themselves.
    """
    text = re.sub(r"[,，\s]+", " ", text.strip())
    postcode = ""
    if found := _ADDRESS_ZIP.search(text):
        postcode, text = found[1], text[: found.start()].strip()
    parts = text.split(" ")
    if len(parts) >= 4:
        province, city, district, *rest = parts
        town = rest.pop(0) if len(rest) > 1 and _TOWN.match(rest[0]) else ""
        return province, city, district, town, " ".join(rest), postcode
    levels, rest_text = [], text.replace(" ", "")
    for level in (_PROVINCE, _CITY, _DISTRICT):
        hit = level.match(rest_text)
        levels.append(hit[1] if hit else "")
        rest_text = rest_text[len(levels[-1]) :]
    return levels[0], levels[1], levels[2], "", rest_text, postcode


def make_order(
    ref: str, row_no: int, head: dict[str, Any], lines: list[dict[str, Any]], raw: bytes, shop_id: int
) -> ImportRow:
    """One order with its lines; amounts as the export states them, the discount from what they imply."""
    goods = sum(line["quantity"] * line["price"] for line in lines)
    freight = head.get("freight") or 0
    due = head["total"] if head.get("total") is not None else (head.get("goods_due") or 0) + freight
    discount = min(max(goods + freight - due, 0), goods)
    paid_at, shipped_at, received_at = head.get("paid_at"), head.get("shipped_at"), head.get("received_at")
    state = STATES[head["state"]]
    times = [moment for moment in (head["placed_at"], paid_at, shipped_at, received_at) if moment]
    order = ReceivedOrder(
        shop_id=shop_id,
        platform_no=head["platform_no"],
        platform_state=head["state"],
        state=state,
        placed_at=head["placed_at"],
        paid_at=paid_at,
        modified_at=max(times),
        ship_by_at=head.get("promised_at"),
        ended_at=(received_at or max(times)) if state in ("done", "closed") else None,
        currency="CNY",
        goods_minor=goods,
        freight_minor=freight,
        discount_minor=discount,
        paid_minor=head.get("paid") or 0,
        buyer_ref=head.get("buyer", ""),
        receiver_token="",
        receiver=_receiver(head),
        buyer_remark=head.get("remark", ""),
        seller_memo=head.get("memo", ""),
        seller_flag="",
        lines=_lines(head["platform_no"], lines, goods - discount),
        raw=raw,
    )
    history = HistoryTimes(head["placed_at"], paid_at, shipped_at, received_at, head.get("promised_at"))
    return ImportRow(ref, row_no, order.platform_no, order, history, hold=_hold(head, lines), facts=_facts(head))


def _hold(head: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    if not lines:
        return "no_lines"
    said = head.get("pieces")
    return "lines_incomplete" if said and said != sum(line["quantity"] for line in lines) else ""


def _facts(head: dict[str, Any]) -> dict[str, Any]:
    tracking = re.sub(r"^No:?\s*", "", head.get("tracking_no", ""))
    found = {"tracking_no": tracking, "courier": head.get("courier", ""), "shop": head.get("shop", "")}
    return {name: value for name, value in found.items() if value}


def _receiver(head: dict[str, Any]) -> Receiver:
    province, city, district, town, address, postcode = split_address(head.get("address", ""))
    name, phone = head.get("name", ""), head.get("mobile") or head.get("phone", "")
    return Receiver(
        name,
        phone,
        province,
        city,
        district,
        town,
        address,
        postcode,
        "*" in name or "*" in phone or "*" in address,
    )


def _lines(number: str, lines: list[dict[str, Any]], payable: int) -> tuple[ReceivedLine, ...]:
    worth = [line["quantity"] * line["price"] for line in lines]
    shares = apportion(payable, worth, worth) if lines else []
    return tuple(
        ReceivedLine(
            platform_line_no=line.get("line_no") or f"{number}-{position}",
            platform_item_no=line.get("item_no", ""),
            platform_sku_no="",
            outer_code=line["outer_code"],
            title=line["title"],
            spec=line.get("spec", ""),
            quantity=line["quantity"],
            price_minor=line["price"],
            discount_minor=full - share,
            paid_minor=share,
            refund_state=REFUNDS.get(line.get("refund", "").replace("，", ","), ""),
        )
        for position, (line, full, share) in enumerate(zip(lines, worth, shares, strict=True), start=1)
    )

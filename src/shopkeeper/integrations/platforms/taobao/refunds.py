"""Refunds of Taobao/Tmall shops: read with what the buyer said, agreed to, refused, or let come back first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shopkeeper.flows.service.aftersale.ports import (
    RefundDecision,
    RefundStanding,
    ReturnAddress,
    ShopAccess,
    ToldRefund,
)
from shopkeeper.integrations.outside_http import retrying
from shopkeeper.integrations.platforms.taobao.gateway import TopGateway
from shopkeeper.integrations.texts import china_moment, clean_text, minor_from_yuan
from shopkeeper.shared.outside import OutsideError

FIELDS = (
    "refund_id,tid,oid,status,refund_fee,reason,desc,created,modified,refund_version,refund_phase,has_good_return,"
    "company_name,sid"
)
STANDINGS: dict[str, RefundStanding] = {
    "WAIT_SELLER_AGREE": "asked",
    "WAIT_BUYER_RETURN_GOODS": "return_awaited",
    "WAIT_SELLER_CONFIRM_GOODS": "return_sent",
    "SELLER_REFUSE_BUYER": "refused",
    "CLOSED": "closed",
    "SUCCESS": "paid",
}
# The platform's company names -> our courier codes.
COURIERS = {
    "顺丰": "shunfeng",
    "京东": "jd",
    "圆通": "yuantong",
    "中通": "zhongtong",
    "申通": "shentong",
    "韵达": "yunda",
    "极兔": "jtexpress",
    "EMS": "ems",
    "邮政": "youzhengguonei",
    "德邦": "debangkuaidi",
}
_CHANGED = "isv.refund-version-changed"


class TaobaoRefunds:
    """`PlatformRefunds` for Taobao and Tmall."""

    def __init__(self, gateway: TopGateway | None = None) -> None:
        self._gateway = gateway or TopGateway()

    def close(self) -> None:
        """Let go of the connections."""
        self._gateway.close()

    def refunds_of(self, shop: ShopAccess, platform_no: str) -> Sequence[ToldRefund]:
        """See the port. The order names the refund of each of its lines."""
        asked = {"tid": platform_no, "fields": "tid,orders.oid,orders.refund_id"}
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.trade.fullinfo.get", **asked))
        try:
            numbers = [clean_text(line.get("refund_id"), 64) for line in inside["trade"]["orders"]["order"]]
        except (KeyError, TypeError, AttributeError):
            raise OutsideError("transient", "bad_answer", "the order cannot be read") from None
        return [self._one(shop, number) for number in dict.fromkeys(numbers) if number and number != "0"]

    def _one(self, shop: ShopAccess, refund_no: str) -> ToldRefund:
        inside, _ = retrying(lambda: self._gateway.call(shop, "taobao.refund.get", refund_id=refund_no, fields=FIELDS))
        return told_refund(inside.get("refund"))

    def agree(self, shop: ShopAccess, decision: RefundDecision) -> ToldRefund:
        """See the port. What is agreed to is looked at first: where the answer to an earlier try was lost, or the
        buyer has changed the wish, the refund itself tells."""
        now = self._one(shop, decision.refund_no)
        if now.standing == "paid" and now.asked_minor == decision.amount_minor:
            return now
        if now.standing in ("closed", "paid"):
            raise OutsideError("permanent", "refund_closed", now.standing)
        if now.asked_minor != decision.amount_minor:
            raise OutsideError("permanent", "amount_differs", decision.refund_no)
        if now.version != decision.version:
            raise OutsideError("permanent", "refund_changed", decision.refund_no)
        infos = "|".join([decision.refund_no, str(decision.amount_minor), now.version, now.phase])
        try:
            inside, _ = self._gateway.call(shop, "taobao.rp.refunds.agree", refund_infos=infos)
        except OutsideError as error:
            if error.code == _CHANGED:
                raise OutsideError("permanent", "refund_changed", error.message) from None
            raise
        after = self._one(shop, decision.refund_no)
        if after.standing == "paid":
            return after
        code = clean_text(inside.get("msg_code"), 60)
        if code in ("", "OP_SUCC"):  # taken, and not yet to be seen
            raise OutsideError("transient", "not_seen_yet", decision.refund_no)
        raise OutsideError("permanent", code, clean_text(inside.get("message"), 200))

    def refuse(self, shop: ShopAccess, decision: RefundDecision, message: str) -> ToldRefund:
        """See the port."""
        standing = self._one(shop, decision.refund_no)
        if standing.standing in ("refused", "closed", "paid"):
            return standing
        self._gateway.call(
            shop,
            "taobao.refund.refuse",
            refund_id=decision.refund_no,
            tid=decision.platform_no,
            oid=decision.platform_line_no,
            refuse_message=message,
            refund_phase=standing.phase,
            refund_version=standing.version,
        )
        return self._one(shop, decision.refund_no)

    def agree_return(self, shop: ShopAccess, decision: RefundDecision, to: ReturnAddress) -> ToldRefund:
        """See the port."""
        standing = self._one(shop, decision.refund_no)
        if standing.standing not in ("asked", "refused"):
            return standing
        self._gateway.call(
            shop,
            "taobao.rp.returngoods.agree",
            refund_id=decision.refund_no,
            refund_phase=standing.phase,
            refund_version=standing.version,
            name=to.name,
            tel=to.phone,
            address=to.address,
        )
        return self._one(shop, decision.refund_no)


def told_refund(refund: Any) -> ToldRefund:
    """The platform's refund as ours. What makes no sense is a permanent `OutsideError`."""
    try:
        created, modified = _moment(refund["created"]), _moment(refund["modified"])
        company = clean_text(refund.get("company_name"), 60)
        return ToldRefund(
            refund_no=clean_text(refund["refund_id"], 64),
            platform_no=clean_text(refund["tid"], 64),
            platform_line_no=clean_text(refund["oid"], 64),
            standing=STANDINGS[refund["status"]],
            asked_minor=minor_from_yuan(refund["refund_fee"]),
            version=clean_text(refund.get("refund_version"), 40),
            phase=clean_text(refund.get("refund_phase"), 20),
            wants_return=bool(refund.get("has_good_return")),
            created_at=created,
            modified_at=modified,
            courier=next((code for name, code in COURIERS.items() if name in company), ""),
            return_number=clean_text(refund.get("sid"), 60),
            words=" ".join(filter(None, (clean_text(refund.get("reason"), 200), clean_text(refund.get("desc"), 2000)))),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise OutsideError("permanent", "unreadable_refund", "a refund that makes no sense") from None


def _moment(value: object) -> datetime:
    moment = china_moment(value)
    if moment is None:
        raise ValueError("a moment is missing")
    return moment

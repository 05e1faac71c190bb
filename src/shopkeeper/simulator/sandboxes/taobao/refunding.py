"""The platform's methods by which a shop decides about a refund otherwise than by paying it: refuse it, or let the
goods come back first."""

from collections.abc import Callable

from shopkeeper.simulator.sandboxes.misbehaviour import Faults
from shopkeeper.simulator.sandboxes.store import Doc
from shopkeeper.simulator.sandboxes.taobao.errors import invalid, missing, refused
from shopkeeper.simulator.sandboxes.taobao.methods import Params
from shopkeeper.simulator.sandboxes.taobao.refunds import OPEN, Refunds
from shopkeeper.simulator.sandboxes.world import World


class Refunding:
    """The methods, each answering with the inside of its response. `tell` announces what changed."""

    def __init__(self, world: World, refunds: Refunds, tell: Callable[[Doc, Doc, str, str], None]) -> None:
        self.world = world
        self.refunds = refunds
        self.tell = tell
        self.methods: dict[str, Callable[[Doc, Params, Faults], Doc]] = {
            "taobao.refund.refuse": self.refuse,
            "taobao.rp.returngoods.agree": self.agree_return,
        }

    def _own(self, shop: Doc, refund_id: str) -> Doc:
        if not refund_id:
            raise missing("refund_id")
        refund = self.world.store.get("refund", refund_id)
        if refund is None or refund["session"] != shop["session"]:
            raise refused("refund-not-exist", "退款不存在")
        return refund

    def refuse(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Refuse with words; the buyer may change the wish or call the platform in."""
        refund = self._own(shop, params.get("refund_id", ""))
        if not 2 <= len(params.get("refuse_message", "")) <= 200:
            raise invalid("refuse_message", "拒绝说明长度 2-200")
        if refund["status"] not in OPEN:
            raise refused("refund-status-error", f"退款状态 {refund['status']} 不允许拒绝")
        self._move(shop, refund, "SELLER_REFUSE_BUYER", "taobao_refund_RefundSellerRefuseAgreement")
        return {"refund": {"refund_id": refund["refund_id"], "status": "SELLER_REFUSE_BUYER"}, "is_success": True}

    def agree_return(self, shop: Doc, params: Params, faults: Faults) -> Doc:
        """Let the goods come back; where to is told to the buyer."""
        refund = self._own(shop, params.get("refund_id", ""))
        if not params.get("address") or not params.get("name"):
            raise missing("address")
        if refund["status"] == "WAIT_BUYER_RETURN_GOODS":
            return {"is_success": True}
        if refund["status"] not in ("WAIT_SELLER_AGREE", "SELLER_REFUSE_BUYER"):
            raise refused("refund-status-error", f"退款状态 {refund['status']} 不允许同意退货")
        self._move(shop, refund, "WAIT_BUYER_RETURN_GOODS", "taobao_refund_RefundSellerAgreeAgreement")
        return {"is_success": True}

    def _move(self, shop: Doc, refund: Doc, status: str, topic: str) -> None:
        trade = self.refunds.trades.get(refund["tid"])
        assert trade is not None
        self.refunds.move(trade, self.world.now(), [refund["oid"]], status)
        self.tell(shop, trade, topic, refund["refund_id"])

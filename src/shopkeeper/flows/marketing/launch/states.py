"""The states of materials, of their versions' checks, and of the go-live gate."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class MaterialKind(StrEnum):
    POSTER = "poster"  # 海报
    VIDEO = "video"  # 短视频
    COPY = "copy"  # 文案


class MaterialState(StrEnum):
    BRIEFED = "briefed"  # 待设计
    CHECKING = "checking"  # 检查中: the system measures the newest version
    IN_REVIEW = "in_review"  # 待审核
    RETURNED = "returned"  # 待修改: by a reviewer, or by the checks themselves
    APPROVED = "approved"  # 已通过
    DROPPED = "dropped"  # 已取消


MATERIAL_FLOW = Transitions(
    table="launch_material",
    states=MaterialState,
    allowed={
        MaterialState.BRIEFED: {MaterialState.CHECKING, MaterialState.DROPPED},
        MaterialState.CHECKING: {MaterialState.IN_REVIEW, MaterialState.RETURNED, MaterialState.DROPPED},
        MaterialState.IN_REVIEW: {
            MaterialState.APPROVED,
            MaterialState.RETURNED,
            MaterialState.CHECKING,
            MaterialState.DROPPED,
        },
        MaterialState.RETURNED: {MaterialState.CHECKING, MaterialState.DROPPED},
        MaterialState.APPROVED: {MaterialState.CHECKING, MaterialState.DROPPED},
        MaterialState.DROPPED: set(),
    },
)
TO_MAKE = (MaterialState.BRIEFED, MaterialState.RETURNED)


class Verdict(StrEnum):
    """What the checks say of a version."""

    WAITING = "waiting"  # 检查中
    PASSED = "passed"  # 合格
    FAILED = "failed"  # 不合格


class GateState(StrEnum):
    WAITING = "waiting"  # 待测试: never tested, or the last result no longer counts
    RUNNING = "running"  # 测试中
    GREEN = "green"  # 已通过
    RED = "red"  # 未通过
    OVERRIDDEN = "overridden"  # 特批放行
    CLOSED = "closed"  # 已关闭: the campaign is live, or will not take place


GATE_FLOW = Transitions(
    table="launch_gate",
    states=GateState,
    allowed={
        GateState.WAITING: {GateState.RUNNING, GateState.CLOSED},
        GateState.RUNNING: {GateState.GREEN, GateState.RED, GateState.WAITING, GateState.CLOSED},
        GateState.GREEN: {GateState.RUNNING, GateState.WAITING, GateState.CLOSED},
        GateState.RED: {GateState.RUNNING, GateState.OVERRIDDEN, GateState.WAITING, GateState.CLOSED},
        GateState.OVERRIDDEN: {GateState.RUNNING, GateState.WAITING, GateState.CLOSED},
        GateState.CLOSED: {GateState.WAITING},
    },
)
OPEN_GATES = (GateState.GREEN, GateState.OVERRIDDEN)


class CheckKey(StrEnum):
    """What the gate tests, in the order it is tested and shown."""

    RULES = "rules"  # 规则与价格生效
    EXAMPLES = "examples"  # 算价用例
    COUPON_STOCK = "coupon_stock"  # 券库存
    COUPON_CLAIM = "coupon_claim"  # 领券演练
    PRICING = "pricing"  # 结算演练
    STOCK = "stock"  # 备货
    PRICE_LAW = "price_law"  # 价格合规
    MARGIN = "margin"  # 毛利
    MATERIALS = "materials"  # 素材
    LISTING = "listing"  # 商品在售


class CheckVerdict(StrEnum):
    GREEN = "green"
    RED = "red"
    NOT_APPLICABLE = "not_applicable"

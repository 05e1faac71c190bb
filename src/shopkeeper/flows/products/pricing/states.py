"""The states of a price plan."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class PlanState(StrEnum):
    PROPOSED = "proposed"  # 待审批
    SCHEDULED = "scheduled"  # 待生效
    IN_FORCE = "in_force"  # 生效中
    RETURNED = "returned"  # 已退回
    WITHDRAWN = "withdrawn"  # 已撤回
    ENDED = "ended"  # 已结束: its time is over, or a later plan took its place


PLAN_FLOW = Transitions(
    table="pricing_plan",
    states=PlanState,
    allowed={
        PlanState.PROPOSED: {PlanState.SCHEDULED, PlanState.IN_FORCE, PlanState.RETURNED, PlanState.WITHDRAWN},
        PlanState.SCHEDULED: {PlanState.IN_FORCE, PlanState.WITHDRAWN},
        PlanState.IN_FORCE: {PlanState.ENDED},
        PlanState.RETURNED: {PlanState.WITHDRAWN},
        PlanState.WITHDRAWN: set(),
        PlanState.ENDED: set(),
    },
)


class PriceName(StrEnum):
    """The prices of a plan, in the order in which they may only fall; the worst case is what may combine at most."""

    LIST = "list"  # 划线价
    SALE = "sale"  # 售价
    DISCOUNT = "discount"  # 折扣价
    MEMBER = "member"  # 会员价
    WORST = "worst"  # 最低叠加价

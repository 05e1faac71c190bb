"""The states of a selection strategy and of a selection list, and what research and scores are filed under."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class ResearchKind(StrEnum):
    """What a research file is about."""

    KEYWORD = "keyword"  # 关键词: heat and growth of what shoppers search
    COMPETITOR = "competitor"  # 竞品: price and sales of others' goods
    CATEGORY = "category"  # 类目趋势


class StrategyState(StrEnum):
    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 待审批
    APPROVED = "approved"  # 已生效
    RETURNED = "returned"  # 已退回
    REPLACED = "replaced"  # 已被新策略取代


STRATEGY_FLOW = Transitions(
    table="research_strategy",
    states=StrategyState,
    allowed={
        StrategyState.DRAFT: {StrategyState.SUBMITTED},
        # Back to draft: withdrawn by whoever handed it in.
        StrategyState.SUBMITTED: {StrategyState.APPROVED, StrategyState.RETURNED, StrategyState.DRAFT},
        StrategyState.RETURNED: {StrategyState.SUBMITTED},
        StrategyState.APPROVED: {StrategyState.REPLACED},
        StrategyState.REPLACED: set(),
    },
)


class ListState(StrEnum):
    DRAFT = "draft"  # 草稿
    SUBMITTED = "submitted"  # 待审批
    APPROVED = "approved"  # 已批准
    RETURNED = "returned"  # 已退回


LIST_FLOW = Transitions(
    table="research_selectionlist",
    states=ListState,
    allowed={
        ListState.DRAFT: {ListState.SUBMITTED},
        ListState.SUBMITTED: {ListState.APPROVED, ListState.RETURNED, ListState.DRAFT},
        ListState.RETURNED: set(),
        ListState.APPROVED: set(),
    },
)


class Decision(StrEnum):
    """What the approver says of one candidate on the list."""

    TAKE = "take"
    LEAVE = "leave"


class Criterion(StrEnum):
    """What candidates are scored by (P1.2), in the order shown."""

    TARGET_SHARE = "target_share"
    TURNOVER = "turnover"
    POSITIONING = "positioning"
    DEMAND = "demand"
    GROWTH = "growth"
    PRICE_BAND = "price_band"
    MARGIN = "margin"

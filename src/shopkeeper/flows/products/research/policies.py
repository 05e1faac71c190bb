"""The numbers of P1: the weights a list begins with, and the times to decide."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")


def _weight(name: str, default: int, criterion: T) -> PolicyKey:
    return PolicyKey(
        f"score_weight_{name}",
        default=default,
        min=0,
        max=100,
        clause="P1.2",
        label=T(f"选品评分权重：{criterion.zh}", f"Weight in scoring: {criterion.en}"),
    )


WEIGHTS = (
    _weight("target_share", 25, T("目标销售占比", "share of the sales target")),
    _weight("turnover", 15, T("周转天数", "turnover days")),
    _weight("positioning", 10, T("定位契合", "fit with the positioning")),
    _weight("demand", 15, T("需求热度", "demand")),
    _weight("growth", 10, T("增长", "growth")),
    _weight("price_band", 10, T("价格带", "price band")),
    _weight("margin", 15, T("毛利率", "margin")),
)
SLOWEST_TURNOVER = PolicyKey(
    "slowest_turnover_days",
    default=90,
    min=10,
    max=365,
    unit=T("天", "days"),
    clause="P1.2",
    label=T("周转天数超过多少记零分", "Turnover days that score nothing"),
)
STRATEGY_HOURS = PolicyKey(
    "strategy_decision_hours",
    default=48,
    min=1,
    max=240,
    unit=_HOURS,
    clause="P1.1",
    label=T("选品策略审批时限", "Time to decide on a strategy"),
)
SELECTION_HOURS = PolicyKey(
    "selection_decision_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="P1.2",
    label=T("选品清单审批时限", "Time to decide on a selection list"),
)
DRAFT_HOURS = PolicyKey(
    "selection_draft_hours",
    default=48,
    min=1,
    max=240,
    unit=_HOURS,
    clause="P1.2",
    label=T("选品清单批准后建商品草稿的时限", "Time to draft the products of an approved selection list"),
)

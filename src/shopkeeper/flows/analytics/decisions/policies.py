"""The numbers of D3: when a finding is decided on, when figures are taken again, when the effect is concluded."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_DAYS = T("天", "days")

FINDING_DECIDE_DAYS = PolicyKey(
    "finding_decide_days",
    default=3,
    min=1,
    max=60,
    unit=_DAYS,
    clause="D3",
    label=T("发现提出后多少天内决策", "A finding is decided on within"),
)
DECISION_MEASURE_TIME = PolicyKey(
    "decision_measure_time",
    default="09:00",
    clause="D3",
    label=T("效果测算时间（测算日几点）", "The effect is taken at, on its day"),
)
DECISION_CONCLUDE_DAYS = PolicyKey(
    "decision_conclude_days",
    default=3,
    min=1,
    max=60,
    unit=_DAYS,
    clause="D3",
    label=T("效果出来后多少天内下结论", "A conclusion is drawn within, once the effect is known"),
)
DECISION_LEAST_PERCENT = PolicyKey(
    "decision_least_percent",
    default=10,
    min=0,
    max=90,
    unit="%",
    clause="D3",
    label=T("达到预期的多少才算有效果", "Less than this part of what was expected counts as no effect"),
)
DECISION_LONGEST_DAYS = PolicyKey(
    "decision_longest_days",
    default=92,
    min=7,
    max=400,
    unit=_DAYS,
    clause="D3",
    label=T("发现和测算的最长期间", "The longest span of days a finding is about"),
)

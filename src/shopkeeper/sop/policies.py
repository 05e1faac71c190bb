"""Policy values of the procedure itself (G1, G2)."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

ESCALATE_MINUTES = PolicyKey(
    "escalate_minutes",
    default=30,
    min=1,
    max=1_440,
    unit=T("分钟", "min"),
    clause="G2",
    label=T("逾期多久上报主管", "How long overdue until the supervisor is told"),
)

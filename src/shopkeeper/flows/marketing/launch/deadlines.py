"""The clocks of M2.1 and M2.2: a material to make and to review, a gate to pass, a result that grows old."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

MATERIAL = DeadlineKind(
    "material",
    clause="M2.1",
    subject="material",
    role=Role.DESIGN,
    title=T("交付活动素材", "Deliver a material"),
    action=T("去交付", "Deliver"),
    url="/launch/materials/{id}/",
)
MATERIAL_REVIEW = DeadlineKind(
    "material_review",
    clause="M2.1",
    subject="material",
    role=Role.CAMPAIGN_SPECIALIST,
    title=T("审核活动素材", "Review a material"),
    action=T("去审核", "Review"),
    url="/launch/materials/{id}/",
)
GATE = DeadlineKind(
    "go_live_gate",
    clause="M2.2",
    subject="gate",
    role=Role.ENGINEERING,
    title=T("活动上线测试", "Test a campaign before it goes live"),
    action=T("去测试", "Test"),
    url="/launch/gates/{id}/",
)
GATE_EXPIRY = DeadlineKind(
    "go_live_gate_expiry",
    clause="M2.2",
    subject="gate",
    on_due="expire_gates",
    title=T("上线测试结果过期", "A gate's result expires"),
)

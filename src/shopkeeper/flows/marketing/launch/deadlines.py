"""The clocks of M2.1 and M2.2: a material to make and to review, a gate to pass, what holds it up, an old result."""

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
# What a red gate waits for, one duty per campaign and role; the tester's own is the gate's. Where it is mended.
MENDING = {
    role: DeadlineKind(
        f"mend_gate_{role}",
        clause="M2.2",
        subject="gate",
        role=role,
        title=T("处理上线测试未通过的问题", "Mend what keeps the go-live gate red"),
        action=T("去处理", "Mend"),
        url=url,
    )
    for role, url in (
        (Role.CAMPAIGN_SPECIALIST, "/launch/gates/{id}/"),
        (Role.OPERATIONS_SUPERVISOR, "/launch/gates/{id}/"),
        (Role.PRODUCT_SPECIALIST, "/stock/"),
        (Role.DESIGN, "/launch/materials/?tab=all"),
    )
}
GATE_EXPIRY = DeadlineKind(
    "go_live_gate_expiry",
    clause="M2.2",
    subject="gate",
    on_due="expire_gates",
    title=T("上线测试结果过期", "A gate's result expires"),
)

"""The clocks of P1: a strategy and a selection list wait to be decided on, what an approved list takes to be drafted."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

DECIDE_STRATEGY = DeadlineKind(
    "decide_strategy",
    clause="P1.1",
    subject="strategy",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批选品策略", "Decide on the selection strategy"),
    action=T("去审批", "Decide"),
    url="/research/strategies/{id}/",
)
DECIDE_SELECTION = DeadlineKind(
    "decide_selection",
    clause="P1.2",
    subject="selection_list",
    role=Role.OPERATIONS_MANAGER,
    title=T("审批选品清单", "Decide on the selection list"),
    action=T("去审批", "Decide"),
    url="/research/lists/{id}/",
)
DRAFT_SELECTION = DeadlineKind(
    "draft_selection",
    clause="P1.2",
    subject="selection_list",
    role=Role.PRODUCT_SPECIALIST,
    title=T("按选品清单建商品草稿", "Draft the products of an approved selection list"),
    action=T("去建立", "Draft them"),
    url="/research/lists/{id}/",
)

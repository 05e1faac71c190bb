"""The clocks of P2: a draft to complete, a returned product to mend, a failed picture to replace, a product that is new only so long."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

DRAFTED = DeadlineKind(
    "drafted_product",
    clause="P2.1",
    subject="product",
    role=Role.PRODUCT_SPECIALIST,
    title=T("补全选品草稿并提交审核", "Complete a draft from a selection list and submit it"),
    action=T("去补全", "Complete"),
    url="/products/{id}/",
)
RETURNED = DeadlineKind(
    "returned_product",
    clause="P2.1",
    subject="product",
    role=Role.PRODUCT_SPECIALIST,
    title=T("修改被退回的商品", "Mend a returned product"),
    action=T("修改", "Edit"),
    url="/products/{id}/",
)
PICTURE = DeadlineKind(
    "failed_picture",
    clause="P2.2",
    subject="image",
    role=Role.DESIGN,
    title=T("更换不合格的图片", "Replace a failed picture"),
    action=T("更换", "Replace"),
    url="/products/images/{id}/",
)
NEW_TAG = DeadlineKind(
    "new_tag",
    clause="P2.3",
    subject="product",
    role=None,
    on_due="retag_products",
    title=T("“新品”标签到期", "The tag new runs out"),
)

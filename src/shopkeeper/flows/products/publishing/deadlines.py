"""The clocks of P4 and P5: the review, the first publishing, the check after publishing, the difference to settle, the stock sweep."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

REVIEW = DeadlineKind(
    "product_review",
    clause="P4.1",
    subject="review",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("审核商品", "Review the product"),
    action=T("审核", "Review"),
    url="/publishing/reviews/{id}/",
)
PUT_ON_SALE = DeadlineKind(
    "product_publish",
    clause="P4.1",
    subject="product",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("发布已通过的商品", "Publish the approved product"),
    action=T("发布", "Publish"),
    url="/publishing/products/{id}/",
)
PUBLISH = DeadlineKind(
    "listing_publish",
    clause="P4.1",
    subject="listing",
    role=Role.OPERATIONS_SUPERVISOR,
    title=T("商品上架", "Have the product on sale"),
    action=T("查看", "Look"),
    url="/publishing/listings/{id}/",
)
CHECK = DeadlineKind(
    "listing_check",
    clause="P4.2",
    subject="listing",
    role=Role.PRODUCT_SPECIALIST,
    title=T("上架后核验（自动读回，也可立即核验）", "Check the listing (read back by itself, or now)"),
    action=T("核验", "Check"),
    url="/publishing/listings/{id}/",
    waits_for=T("等自动读回，一致就自动办完", "it is read back by itself; if both are equal it ends by itself"),
)
MISMATCH = DeadlineKind(
    "listing_mismatch",
    clause="P4.2",
    subject="mismatch",
    role=Role.PRODUCT_SPECIALIST,
    title=T("处理上架差异", "Settle a difference with the platform"),
    action=T("处理", "Settle"),
    url="/publishing/mismatches/{id}/",
    waits_for=T(
        "已再通知平台，等自动读回，一致就自动关闭",
        "the platform was told again; it is read back by itself, and if both are equal it ends by itself",
    ),
)
STOCK_SWEEP = DeadlineKind(
    "stock_sweep",
    clause="P5",
    subject="shop",
    role=None,
    on_due="sweep_stock",
    title=T("店铺库存对账", "Compare the shop's quantities"),
)

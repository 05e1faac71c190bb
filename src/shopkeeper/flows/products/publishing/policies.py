"""The numbers of P4 and P5: hours of review and check, what a difference sets off, shares and caps of stock."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "hours")
_MINUTES = T("分钟", "minutes")
_PIECES = T("件", "pieces")

REVIEW_HOURS = PolicyKey(
    "review_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="P4.1",
    label=T("商品审核时限", "Time to review a submitted product"),
)
FIRST_PUBLISH_HOURS = PolicyKey(
    "first_publish_hours",
    default=24,
    min=1,
    max=720,
    unit=_HOURS,
    clause="P4.1",
    label=T("审核通过后发布时限", "Time until an approved product that no shop sells is published"),
)
PUBLISH_HOURS = PolicyKey(
    "publish_hours",
    default=4,
    min=1,
    max=240,
    unit=_HOURS,
    clause="P4.1",
    label=T("选定店铺后上架时限", "Time until a chosen shop has the product on sale"),
)
CHECK_HOURS = PolicyKey(
    "check_hours",
    default=24,
    min=1,
    max=72,
    unit=_HOURS,
    clause="P4.2",
    label=T("上架后核验时限", "Time to check a listing after publishing"),
)
CHECK_AFTER_MINUTES = PolicyKey(
    "check_after_minutes",
    default=10,
    min=1,
    max=1_440,
    unit=_MINUTES,
    clause="P4.2",
    label=T("上架多久后自动核验", "Minutes after publishing until the listing is read back"),
)
MISMATCH_HOURS = PolicyKey(
    "mismatch_hours",
    default=4,
    min=1,
    max=72,
    unit=_HOURS,
    clause="P4.2",
    label=T("上架差异处理时限", "Time to settle a difference with the platform"),
)
TAKE_DOWN_ON = PolicyKey(
    "take_down_on",
    default="nothing",
    choices=("nothing", "price", "anything"),
    clause="P4.2",
    label=T("哪种差异自动下架", "Which difference takes a listing down by itself"),
)
STOCK_SHARE_PERCENT = PolicyKey(
    "stock_share_percent",
    default=100,
    min=0,
    max=100,
    unit="%",
    clause="P5",
    label=T("本店可售比例", "Share of the free stock this shop may sell"),
)
STOCK_KEPT_BACK = PolicyKey(
    "stock_kept_back",
    default=0,
    min=0,
    max=100_000,
    unit=_PIECES,
    clause="P5",
    label=T("安全库存", "Pieces kept back as safety stock"),
)
STOCK_MOST = PolicyKey(
    "stock_most",
    default=100_000,
    min=0,
    max=1_000_000,
    unit=_PIECES,
    clause="P5",
    label=T("单个规格最多显示", "Most pieces shown for one variant"),
)
STOCK_SWEEP_MINUTES = PolicyKey(
    "stock_sweep_minutes",
    default=60,
    min=5,
    max=1_440,
    unit=_MINUTES,
    clause="P5",
    label=T("库存对账间隔", "Minutes between reads of every quantity"),
)

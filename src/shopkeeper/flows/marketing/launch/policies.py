"""The numbers of M2.1 and M2.2: what materials and tests have to reach."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")
_MS = T("毫秒", "ms")
_TIMES = T("次", "times")

MATERIAL_REVIEW_HOURS = PolicyKey(
    "material_review_hours",
    default=24,
    min=1,
    max=168,
    unit=_HOURS,
    clause="M2.1",
    label=T("活动素材审核时限", "Time to review a material"),
)
MATERIAL_REWORK_HOURS = PolicyKey(
    "material_rework_hours",
    default=24,
    min=1,
    max=168,
    unit=_HOURS,
    clause="M2.1",
    label=T("退回素材至少留多久修改", "Least time to change a returned material"),
)
MATERIAL_POSTER_KB = PolicyKey(
    "material_poster_kb",
    default=3_072,
    min=50,
    max=10_240,
    unit="KB",
    clause="M2.1",
    label=T("海报文件大小上限", "Largest file of a poster"),
)
MATERIAL_VIDEO_SECONDS = PolicyKey(
    "material_video_seconds",
    default=60,
    min=5,
    max=600,
    unit=T("秒", "s"),
    clause="M2.1",
    label=T("短视频时长上限", "Longest short film"),
)
BRAND_DISTANCE = PolicyKey(
    "brand_colour_distance",
    default=25,
    min=1,
    max=100,
    unit="ΔE",
    clause="M2.1",
    label=T("与品牌色的最大色差", "Largest distance from a brand colour"),
)
BRAND_SHARE = PolicyKey(
    "brand_colour_share_percent",
    default=10,
    min=1,
    max=100,
    unit="%",
    clause="M2.1",
    label=T("品牌色至少占画面的比例", "Least share of a picture in brand colours"),
)
GATE_HOURS_BEFORE = PolicyKey(
    "gate_hours_before_start",
    default=24,
    min=1,
    max=336,
    unit=_HOURS,
    clause="M2.2",
    label=T("活动开始前多久须通过上线测试", "How long before its start a campaign must have passed the gate"),
)
GATE_RETEST_HOURS = PolicyKey(
    "gate_retest_hours",
    default=4,
    min=1,
    max=72,
    unit=_HOURS,
    clause="M2.2",
    label=T("晚批准或结果失效后至少留多久测试", "Least time to test after a late approval or an expired result"),
)
GATE_VALID_HOURS = PolicyKey(
    "gate_valid_hours",
    default=48,
    min=1,
    max=336,
    unit=_HOURS,
    clause="M2.2",
    label=T("上线测试结果有效期", "How long a gate's result counts"),
)
GATE_EXAMPLES = PolicyKey(
    "gate_examples_least",
    default=2,
    min=0,
    max=50,
    unit=T("个", "carts"),
    clause="M2.2",
    label=T("算价用例至少多少个", "Least number of example carts"),
)
GATE_CLAIMS = PolicyKey(
    "gate_claims",
    default=200,
    min=20,
    max=5_000,
    unit=_TIMES,
    clause="M2.2",
    label=T("领券演练次数", "Claims in the coupon rehearsal"),
)
GATE_CARTS = PolicyKey(
    "gate_carts",
    default=60,
    min=10,
    max=5_000,
    unit=_TIMES,
    clause="M2.2",
    label=T("结算演练次数", "Carts in the pricing rehearsal"),
)
GATE_CONCURRENCY = PolicyKey(
    "gate_concurrency",
    default=4,
    min=1,
    max=16,
    unit=T("路", "lanes"),
    clause="M2.2",
    label=T("演练并发数", "Rehearsals side by side"),
)
GATE_CLAIM_P95 = PolicyKey(
    "gate_claim_p95_ms",
    default=2_000,
    min=10,
    max=60_000,
    unit=_MS,
    clause="M2.2",
    label=T("领券 95% 须在多久内完成", "95% of claims done within"),
)
GATE_PRICING_P95 = PolicyKey(
    "gate_pricing_p95_ms",
    default=2_000,
    min=10,
    max=60_000,
    unit=_MS,
    clause="M2.2",
    label=T("算价 95% 须在多久内完成", "95% of carts priced within"),
)
GATE_CLAIM_RATE = PolicyKey(
    "gate_claims_per_second",
    default=20,
    min=1,
    max=20_000,
    unit=T("次/秒", "/s"),
    clause="M2.2",
    label=T("领券每秒至少", "Least claims a second"),
)
GATE_CART_RATE = PolicyKey(
    "gate_carts_per_second",
    default=10,
    min=1,
    max=20_000,
    unit=T("次/秒", "/s"),
    clause="M2.2",
    label=T("算价每秒至少", "Least carts priced a second"),
)
GATE_COUPONS = PolicyKey(
    "gate_coupons_percent_of_visitors",
    default=10,
    min=0,
    max=1_000,
    unit="%",
    clause="M2.2",
    label=T("券库存至少占预计访客的比例", "Coupons left, as a share of expected visitors"),
)
GATE_MATERIALS = PolicyKey(
    "gate_materials_least",
    default=1,
    min=0,
    max=50,
    unit=T("件", "pieces"),
    clause="M2.2",
    label=T("上线前至少多少件素材通过", "Approved materials needed to go live"),
)
GATE_LOWEST_DAYS = PolicyKey(
    "gate_lowest_price_days",
    default=30,
    min=7,
    max=90,
    unit=T("天", "days"),
    clause="M2.2",
    label=T("活动价不得高于最近多少天的最低成交价", "Days whose lowest deal price a campaign's price must not exceed"),
)
GATE_MARGIN = PolicyKey(
    "gate_margin",
    default="cost",
    choices=("cost", "target"),
    clause="M2.2",
    label=T("最低到手价不得低于：cost 成本 / target 目标毛利", "Worst price must cover: cost, or the target margin"),
)
GATE_OVERRIDE_EXAMPLES = PolicyKey(
    "gate_override_examples",
    default=False,
    clause="M2.2",
    label=T("算价用例不符时经理可否特批", "May a manager override wrong example carts"),
)

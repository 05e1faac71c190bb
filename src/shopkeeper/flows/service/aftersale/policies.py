"""The numbers of S2.3: hours, days, and amounts above which a second person must agree."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")
_DAYS = T("天", "days")
_FEN = T("分", "fen")

OFFER_HOURS = PolicyKey(
    "aftersale_offer_hours",
    default=48,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S2.3",
    label=T("给出售后方案时限", "Time to offer a solution"),
)
OFFER_VALID_HOURS = PolicyKey(
    "aftersale_offer_valid_hours",
    default=72,
    min=1,
    max=720,
    unit=_HOURS,
    clause="S2.3",
    label=T("方案等待买家答复多久", "How long an offer waits for the buyer"),
)
LINK_HOURS = PolicyKey(
    "aftersale_link_hours",
    default=48,
    min=1,
    max=720,
    unit=_HOURS,
    clause="S2.3",
    label=T("举证链接有效期", "How long an evidence link is valid"),
)
EVIDENCE_FILES = PolicyKey(
    "aftersale_evidence_files",
    default=20,
    min=1,
    max=100,
    unit=T("个", "files"),
    clause="S2.3",
    label=T("每个售后单最多举证文件", "Most evidence files of a case"),
)
VIDEO_MB = PolicyKey(
    "aftersale_video_mb",
    default=50,
    min=1,
    max=50,
    unit="MB",
    clause="S2.3",
    label=T("举证视频上限", "Largest evidence film"),
)
RETURN_DAYS = PolicyKey(
    "aftersale_return_days",
    default=7,
    min=1,
    max=60,
    unit=_DAYS,
    clause="S2.3",
    label=T("买家寄回期限", "Days for the goods to be sent back"),
)
GRADE_HOURS = PolicyKey(
    "aftersale_grade_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S2.3",
    label=T("退货质检时限", "Time to grade a returned parcel"),
)
APPROVE_HOURS = PolicyKey(
    "aftersale_approve_hours",
    default=24,
    min=1,
    max=240,
    unit=_HOURS,
    clause="S2.3",
    label=T("退款审批时限", "Time to approve a refund"),
)
PAY_HOURS = PolicyKey(
    "aftersale_pay_hours",
    default=48,
    min=1,
    max=168,
    unit=_HOURS,
    clause="S2.3",
    label=T("退款到账时限", "Time for a refund to arrive"),
)
REFUND_LIMIT = PolicyKey(
    "aftersale_refund_limit_minor",
    default=20_000,
    min=0,
    max=10_000_000,
    unit=_FEN,
    clause="S2.3",
    label=T("免审批退款上限", "Refund that needs no second person"),
)
COMPENSATION_LIMIT = PolicyKey(
    "aftersale_compensation_limit_minor",
    default=2_000,
    min=0,
    max=1_000_000,
    unit=_FEN,
    clause="S2.3",
    label=T("免审批补偿上限", "Compensation that needs no second person"),
)
COMPENSATION_MOST = PolicyKey(
    "aftersale_compensation_most_minor",
    default=20_000,
    min=0,
    max=10_000_000,
    unit=_FEN,
    clause="S2.3",
    label=T("单个售后单补偿上限", "Most compensation of one case"),
)
FREIGHT_MOST = PolicyKey(
    "aftersale_freight_most_minor",
    default=2_500,
    min=0,
    max=100_000,
    unit=_FEN,
    clause="S2.3",
    label=T("退货运费补贴上限", "Most return freight paid to a buyer"),
)

"""The numbers of O2.1, O2.2 and of the hand-over (O3.1) that a company sets for itself."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

MINUTES = T("分钟", "min")

WAVE_SIZE_MAX = PolicyKey(
    "wave_size_max", default=50, min=1, max=200, unit=T("单", "orders"), clause="O2.1",
    label=T("每个波次最多订单数", "Orders in a wave at most"),
)  # fmt: skip
WAVE_CALL_MINUTES = PolicyKey(
    "wave_call_minutes", default=60, min=5, max=720, unit=MINUTES, clause="O2.1",
    label=T("推送仓库后多久内生成波次", "Wave released after an order came to the warehouse within"),
)  # fmt: skip
WAVE_PICK_MINUTES = PolicyKey(
    "wave_pick_minutes", default=120, min=10, max=1440, unit=MINUTES, clause="O2.1",
    label=T("波次拣货时限", "A wave is picked within"),
)  # fmt: skip
RETURN_MINUTES = PolicyKey(
    "shelf_return_minutes", default=240, min=10, max=2880, unit=MINUTES, clause="O2.1",
    label=T("剔出订单的商品归位时限", "Pieces of dropped orders are back on the shelf within"),
)  # fmt: skip
PACK_MINUTES = PolicyKey(
    "pack_minutes", default=120, min=10, max=1440, unit=MINUTES, clause="O2.2",
    label=T("拣货完成到打包完成的时限", "Packed after picking within"),
)  # fmt: skip
REFUND_CHECK_REQUIRED = PolicyKey(
    "refund_check_required", default=True, clause="O2.2",
    label=T("封箱前必须收到退款复核结果", "The refund check must be back before a parcel is closed"),
)  # fmt: skip
PACK_TARE_G = PolicyKey(
    "pack_tare_g", default=80, min=0, max=5000, unit="g", clause="O2.2",
    label=T("包材重量估算", "Weight of packaging assumed"),
)  # fmt: skip
WEIGHT_TOLERANCE_G = PolicyKey(
    "weight_tolerance_g", default=60, min=0, max=5000, unit="g", clause="O2.2",
    label=T("称重允差(克)", "Weight may differ by (grams)"),
)  # fmt: skip
WEIGHT_TOLERANCE_PERCENT = PolicyKey(
    "weight_tolerance_percent", default=8, min=0, max=100, unit="%", clause="O2.2",
    label=T("称重允差(百分比,与克数取大)", "Weight may differ by (per cent; the larger counts)"),
)  # fmt: skip
HAND_OVER_HOURS = PolicyKey(
    "hand_over_hours", default=6, min=1, max=72, unit=T("小时", "h"), clause="O3.1",
    label=T("打包完成到交运的时限", "Handed over after packing within"),
)  # fmt: skip

"""The numbers of P2: how much a product must say, how sharp and white its pictures are, how soon things are mended."""

from shopkeeper.shared.words import T
from shopkeeper.sop.policy import PolicyKey

_HOURS = T("小时", "h")
_PERCENT = "%"

SELLING_POINTS = PolicyKey(
    "product_selling_points",
    default=2,
    min=0,
    max=10,
    clause="P2.1",
    unit=T("条", "lines"),
    label=T("最少卖点数", "Least selling points"),
)
SCENARIOS = PolicyKey(
    "product_scenarios",
    default=1,
    min=0,
    max=10,
    clause="P2.1",
    unit=T("条", "lines"),
    label=T("最少使用场景数", "Least usage scenarios"),
)
TITLE_REPEATS = PolicyKey(
    "title_word_repeats",
    default=1,
    min=1,
    max=5,
    clause="P2.1",
    unit=T("次", "times"),
    label=T("标题中同一词最多出现", "How often a title may say one word"),
)
DRAFTED_HOURS = PolicyKey(
    "drafted_product_hours",
    default=72,
    min=1,
    max=720,
    unit=_HOURS,
    clause="P2.1",
    label=T("选品草稿补全时限", "Time to complete a draft from a selection list"),
)
RETURNED_HOURS = PolicyKey(
    "returned_product_hours",
    default=48,
    min=1,
    max=720,
    unit=_HOURS,
    clause="P2.1",
    label=T("退回商品修改时限", "Time to mend a returned product"),
)
PICTURES = PolicyKey(
    "product_pictures",
    default=1,
    min=1,
    max=10,
    clause="P2.2",
    unit=T("张", "pictures"),
    label=T("最少主图数", "Least main pictures"),
)
SHARPNESS = PolicyKey(
    "picture_sharpness",
    default=60,
    min=0,
    max=5_000,
    clause="P2.2",
    label=T("清晰度下限（拉普拉斯方差）", "Least sharpness (variance of the Laplacian)"),
)
WHITE_LEVEL = PolicyKey(
    "picture_white_level",
    default=250,
    min=200,
    max=255,
    clause="P2.2",
    label=T("白底：像素亮度下限", "White background: least level of a pixel"),
)
WHITE_BORDER = PolicyKey(
    "picture_white_border",
    default=98,
    min=50,
    max=100,
    unit=_PERCENT,
    clause="P2.2",
    label=T("白底：边框白色占比下限", "White background: least share of white along the border"),
)
SUBJECT_LEAST = PolicyKey(
    "picture_subject_least",
    default=30,
    min=0,
    max=100,
    unit=_PERCENT,
    clause="P2.2",
    label=T("主体占画面下限", "Least share the goods fill"),
)
OVERLAY_MOST = PolicyKey(
    "picture_text_share",
    default=1,
    min=0,
    max=100,
    unit=_PERCENT,
    clause="P2.2",
    label=T("主图文字占比上限", "Most share of text on a main picture"),
)
PICTURE_HOURS = PolicyKey(
    "failed_picture_hours",
    default=24,
    min=1,
    max=720,
    unit=_HOURS,
    clause="P2.2",
    label=T("不合格图片更换时限", "Time to replace a failed picture"),
)
NEW_TAG_DAYS = PolicyKey(
    "new_tag_days",
    default=30,
    min=1,
    max=365,
    clause="P2.3",
    unit=T("天", "days"),
    label=T("“新品”标签保留天数", "Days a product is tagged new"),
)
DISCOUNT_TAG = PolicyKey(
    "discount_tag_percent",
    default=10,
    min=1,
    max=90,
    unit=_PERCENT,
    clause="P2.3",
    label=T("低于划线价多少打“折扣”标签", "How far below the strike-through price is tagged a discount"),
)
READ_TEXT = PolicyKey(
    "picture_read_text", default=True, clause="P2.2", label=T("识别图片上的文字", "Read text off pictures")
)

"""Words of the desk pricing: states, prices, refusals."""

from enum import StrEnum

from shopkeeper.flows.products.pricing.states import PlanState, PriceName
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    PlanState: {
        PlanState.PROPOSED: Label(T("待审批", "To approve"), "amber"),
        PlanState.SCHEDULED: Label(T("待生效", "Scheduled"), "blue"),
        PlanState.IN_FORCE: Label(T("生效中", "In force"), "green"),
        PlanState.RETURNED: Label(T("已退回", "Returned"), "red"),
        PlanState.WITHDRAWN: Label(T("已撤回", "Withdrawn"), "grey"),
        PlanState.ENDED: Label(T("已结束", "Ended"), "grey"),
    },
    PriceName: {
        PriceName.LIST: Label(T("划线价", "Strike-through price")),
        PriceName.SALE: Label(T("售价", "Sale price")),
        PriceName.DISCOUNT: Label(T("折扣价", "Discount price")),
        PriceName.MEMBER: Label(T("会员价", "Member price")),
        PriceName.WORST: Label(T("最低叠加价", "Worst case of all that may combine")),
    },
}
# Why the system itself ended a plan; people's own reasons are kept as they wrote them.
OWN_REASONS: dict[str, T] = {
    "superseded": T("由新的定价接替", "A later plan took its place"),
    "time_over": T("到期结束", "Its time is over"),
    "sku_delisted_price": T("商品已下架，未能生效", "The SKU was delisted, so it did not begin"),
    "strike_above_lowest": T(
        "到时划线价已高于近日最低价，未能生效",
        "By then its strike-through price was above the lowest of the days before",
    ),
    "strike_without_history": T("没有可比的历史价格，未能生效", "There was no earlier price to strike through"),
}
REFUSALS: dict[str, T] = {
    "sku_unknown": T("没有这个商品。请核对商家编码。", "There is no such SKU. Check its code."),
    "sku_delisted_price": T(
        "商品 {sku} 已下架，不能定价。请先恢复上架。", "SKU {sku} is delisted and gets no price. Relist it first."
    ),
    "price_zero": T(
        "价格不能为 0。没有这一项价格时请留空。", "A price cannot be 0. Leave it empty where there is no such price."
    ),
    "price_negative": T("价格不能为负数。请填大于 0 的金额。", "A price cannot be negative. Enter an amount above 0."),
    "price_too_high": T("金额太大，请核对小数点。", "The amount is too large. Check the decimal point."),
    "price_three_decimals": T(
        "金额最多两位小数。请自行取整到分，系统不会替您四舍五入。",
        "An amount has two decimals at most. Round it yourself: nothing is rounded for you.",
    ),
    "price_unreadable": T("这不是金额。请填数字，例如 12.34。", "This is no amount. Enter a number such as 12.34."),
    "price_below_cost": T(
        "价格低于成本 {limit}。请提高价格，或先核对成本。",
        "The price is below the cost of {limit}. Raise it, or check the cost first.",
    ),
    "price_out_of_order": T(
        "不能高于上一级价格 {limit}（售价 ≥ 折扣价 ≥ 会员价）。请调低。",
        "It must not exceed the price above it, {limit} (sale ≥ discount ≥ member). Lower it.",
    ),
    "cost_unknown_for_price": T(
        "不知道成本，算不出毛利。请填写成本价。", "The cost is unknown, so there is no margin to judge. Enter the cost."
    ),
    "strike_not_above_sale": T(
        "划线价必须高于售价 {limit}。请调高，或不填。",
        "A strike-through price must be above the sale price of {limit}. Raise it or leave it empty.",
    ),
    "strike_above_lowest": T(
        "划线价高于前 {days} 天的最低价 {limit}，属于虚构原价（价格规定第十六条）。请改为不高于 {limit}，或不填。",
        "The strike-through price exceeds {limit}, the lowest price of the {days} days before: a fictitious "
        "original price by law. Make it {limit} at most, or leave it empty.",
    ),
    "strike_without_history": T(
        "该商品还没有卖过，没有可以划掉的原价。请先不填划线价。",
        "This SKU was never sold, so there is no earlier price to strike through. Leave it empty for now.",
    ),
    "price_time_backwards": T(
        "结束时间要晚于开始时间和现在。请改时间。",
        "The end must be after the beginning and after now. Change the time.",
    ),
    "price_too_far_ahead": T("开始时间最多提前一年。", "A plan begins within a year at most."),
    "price_overlaps": T(
        "同一商品在这段时间已有另一个限时价。请错开时间，或先撤回那一个。",
        "Another temporary price of this SKU lies in that time. Choose another time, or withdraw that one first.",
    ),
    "proposal_waits": T(
        "该商品已有一份定价待审批。请等审批完，或先撤回。",
        "A plan for this SKU waits for approval. Wait for the decision, or withdraw it first.",
    ),
    "plan_decided": T(
        "这份定价已经有了结果，不能再办。请刷新查看。", "This plan is decided already. Reload the page to see how."
    ),
    "own_proposal": T(
        "自己提的定价不能自己审批。请找另一位经理；不想要了可以撤回。",
        "Nobody decides on their own proposal. Ask another manager; withdraw it where it is not wanted.",
    ),
    "price_lasts": T(
        "生效中的长期价不能撤回，否则商品没有价格。请提交新的定价接替它。",
        "A lasting price in force cannot be withdrawn: the SKU would have none. Propose the one that follows it.",
    ),
    "row_twice": T("同一商品在文件里出现了两次。请只保留一行。", "The SKU stands in the file twice. Keep one row."),
    "shop_unknown": T("没有这个店铺，或不在您负责的范围内。", "There is no such shop among yours."),
    "time_unreadable": T(
        "时间读不出来。请写成 2026-06-18 00:00。", "The time cannot be read. Write it like 2026-06-18 00:00."
    ),
    "target_out_of_bounds": T("毛利率目标须在 0 到 95% 之间。", "A target margin is between 0 and 95 %."),
    "prices_file_unreadable": T(
        "文件读不出来，或缺少“{missing}”列。请下载模板，按列填写。",
        "The file cannot be read, or the column “{missing}” is missing. Download the template and fill in its columns.",
    ),
}

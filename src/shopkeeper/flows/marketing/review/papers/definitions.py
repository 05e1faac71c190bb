"""How the figures of 《活动复盘报告》 are computed, as page and paper say it."""

from shopkeeper.shared.words import T

DEFINITIONS: tuple[T, ...] = (
    T(
        "支付金额、订单、买家：本店在活动上线（不早于计划开始）到结束之间支付的订单中，活动商品的行；退款不扣减，另列。",
        "Paid amount, orders, buyers: lines of the campaign's goods in orders paid in this shop from its launch (not "
        "before its planned start) to its end; refunds are not deducted but listed.",
    ),
    T(
        "新客：活动首日前（默认 365 天内）没有在本店支付过的买家。",
        "New customers paid nothing in this shop before the first day (within 365 days unless set otherwise).",
    ),
    T(
        "访客为监控表各小时访客之和，同一人跨小时会重复；支付转化率 = 有访客数的各小时支付买家之和 ÷ 访客。",
        "Visitors are the sum of the hours of the monitoring record, a person may count in several; conversion = "
        "buyers of the hours whose visitors are known, added up in the same way ÷ visitors.",
    ),
    T(
        "活动成本 = 已登记费用（不含优惠、赠品两项）+ 商家承担的优惠 + 赠品成本。",
        "Campaign cost = booked spend (without coupons and gifts) + our share of the discounts + gifts at cost.",
    ),
    T(
        "活动毛利 = 优惠前金额 − 退款 − 平台佣金 − 商品成本（退回可再售的不计）；"
        "利润 ROI =（活动毛利 − 活动成本）÷ 活动成本。",
        "Gross profit = amount before discounts − refunds − commission − cost of goods (not of pieces that came back); "
        "profit ROI = (gross profit − cost) ÷ cost.",
    ),
    T(
        "投产比 ROAS = 支付金额 ÷ 推广费（广告、资源位、达人）；净投产比 =（支付金额 − 退款）÷（推广费 + 商家优惠）。",
        "ROAS = paid amount ÷ media spend (ads, slots, influencers); net ROAS = (paid − refunds) ÷ (media spend + our "
        "discounts).",
    ),
    T(
        "增量 = 支付金额 − 同期基准；基准为活动前几周同星期同时段的日均之和，剔除本店有其他活动的时段；"
        "任何一天没有可比时段即不计算。",
        "Increment = paid amount − base: the sum of each day's mean over the same weekday and hours of the weeks "
        "before, without windows in which another campaign of the shop ran; where a day has none, none is given.",
    ),
    T(
        "优惠券：使用率 = 使用 ÷ 领取；拉动支付为用券订单的实付。剩余可售为结束后首次生成报告时的库存。",
        "Coupons: use rate = used ÷ claimed; paid with it = what orders using one paid. Left is the stock when the "
        "report was first drafted.",
    ),
)

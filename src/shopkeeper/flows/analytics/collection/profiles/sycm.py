"""生意参谋: the daily figures of a shop or its goods, and the sheet of traffic sources. One row a period (and source).

The platform's own rules are kept with its figures: adds and favourites count new actions only, the mean stay of
several days is the mean of daily means, visitors of two channels count in both.
"""

from shopkeeper.flows.analytics.collection.profiles.profile import Field, Profile, Reads
from shopkeeper.flows.analytics.collection.states import FigureBreakdown, FigureOrigin
from shopkeeper.shared.words import T

DAY = ("统计日期", "日期", "统计时间", "时间", "Date", "date")
VISITORS = Field(T("访客数", "Visitors"), ("访客数", "商品访客数", "店铺访客数", "Visitors"))
BUYERS = Field(T("支付买家数", "Paying buyers"), ("支付买家数", "支付人数", "Paying buyers"))
PAID = Field(T("支付金额", "Paid amount"), ("支付金额", "成交金额", "支付金额(元)", "Paid amount"), Reads.MINOR)
PAY_CONVERSION = Field(
    T("支付转化率", "Payment conversion"), ("支付转化率", "商品支付转化率", "Payment conversion"), Reads.RATIO
)
ORDER_BUYERS = Field(T("下单买家数", "Ordering buyers"), ("下单买家数", "Ordering buyers"))
ORDER_CONVERSION = Field(
    T("下单转化率", "Order conversion"), ("下单转化率", "商品下单转化率", "Order conversion"), Reads.RATIO
)
CART_VISITORS = Field(T("加购人数", "Visitors who added"), ("加购人数", "商品加购人数", "Visitors who added"))
FAVOURITES = Field(
    T("收藏人数", "Visitors who favourited"), ("收藏人数", "商品收藏人数", "宝贝收藏人数", "Visitors who favourited")
)

PROFILES = (
    Profile(
        "sycm_shop",
        T("生意参谋 · 每日数据", "SYCM: daily figures"),
        FigureOrigin.SYCM,
        FigureBreakdown.SHOP,
        DAY,
        {
            "visitors": VISITORS,
            "page_views": Field(T("浏览量", "Page views"), ("浏览量", "商品浏览量", "Page views")),
            "exposure": Field(T("曝光量", "Exposure"), ("曝光量", "展现量", "曝光人次", "Exposure")),
            "clicks": Field(T("点击量", "Clicks"), ("点击量", "点击次数", "Clicks")),
            "long_visitors": Field(T("微详情访客数", "Visitors of 3 s"), ("商品微详情访客数", "微详情访客数")),
            "stay_mean_seconds": Field(
                T("平均停留时长", "Mean stay"), ("平均停留时长", "商品平均停留时长", "平均停留时长(秒)"), Reads.SECONDS
            ),
            "cart_visitors": CART_VISITORS,
            "cart_pieces": Field(T("加购件数", "Pieces added"), ("加购件数", "商品加购件数")),
            "favourite_visitors": FAVOURITES,
            "order_buyers": ORDER_BUYERS,
            "ordered_minor": Field(T("下单金额", "Ordered amount"), ("下单金额", "下单金额(元)"), Reads.MINOR),
            "buyers": BUYERS,
            "new_buyers": Field(T("支付新买家数", "New buyers"), ("支付新买家数", "新买家数")),
            "old_buyers": Field(T("支付老买家数", "Returning buyers"), ("支付老买家数", "老买家数")),
            "orders": Field(T("支付订单数", "Paid orders"), ("支付订单数", "支付单数", "支付主订单数", "Paid orders")),
            "pieces": Field(T("支付件数", "Pieces paid"), ("支付件数", "支付商品件数")),
            "paid_minor": PAID,
            "old_paid_minor": Field(T("老买家支付金额", "Paid by returning buyers"), ("老买家支付金额",), Reads.MINOR),
            "refunded_minor": Field(
                T("成功退款金额", "Refunded amount"), ("成功退款金额", "成功退货退款金额", "退款金额"), Reads.MINOR
            ),
            "pay_conversion": PAY_CONVERSION,
            "order_conversion": ORDER_CONVERSION,
            "order_pay_conversion": Field(
                T("下单-支付转化率", "Order to payment"), ("下单支付转化率", "下单-支付转化率"), Reads.RATIO
            ),
            "cart_rate": Field(T("访问加购转化率", "Add rate"), ("访问加购转化率", "加购率"), Reads.RATIO),
            "favourite_rate": Field(T("访问收藏转化率", "Favourite rate"), ("访问收藏转化率", "收藏率"), Reads.RATIO),
            "click_rate": Field(T("点击率", "Click rate"), ("点击率",), Reads.RATIO),
        },
    ),
    Profile(
        "sycm_channels",
        T("生意参谋 · 流量来源", "SYCM: traffic sources"),
        FigureOrigin.SYCM,
        FigureBreakdown.CHANNEL,
        DAY,
        {
            "visitors": VISITORS,
            "order_buyers": ORDER_BUYERS,
            "buyers": BUYERS,
            "paid_minor": PAID,
            "cart_visitors": CART_VISITORS,
            "favourite_visitors": FAVOURITES,
            "pay_conversion": PAY_CONVERSION,
            "order_conversion": ORDER_CONVERSION,
        },
        channel=("流量来源", "来源名称", "来源", "渠道", "二级来源", "一级来源", "Traffic source"),
    ),
)

"""D2.4: new and returning buyers, and who buys again."""

from shopkeeper.flows.analytics.reports.rules.metric import Additivity, Dimension, Metric, Unit
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

_DIMS = (Dimension.SHOP, Dimension.PLATFORM)
_PAID = T("支付时间", "time of payment")
_ORDERS = T("订单", "orders")
_BUYER = T("买家", "buyer")

NEW_BUYERS = Metric(
    "new_buyers",
    Block.CUSTOMERS,
    T("新买家", "New buyers"),
    T("期初前的回看天数内没有支付过的买家", "buyers who had not paid in the days before the period's first"),
    ((1, "new_buyers"),),
    Unit.COUNT,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    entity=_BUYER,
    dimensions=_DIMS,
)
RETURNING_BUYERS = Metric(
    "returning_buyers",
    Block.CUSTOMERS,
    T("老买家", "Returning buyers"),
    T("期初前的回看天数内支付过的买家", "buyers who had paid in the days before the period's first"),
    ((1, "returning_buyers"),),
    Unit.COUNT,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    entity=_BUYER,
    dimensions=_DIMS,
)
RETURNING_SHARE = Metric(
    "returning_share",
    Block.CUSTOMERS,
    T("老客占比", "Share of returning buyers"),
    T("老买家 ÷ 支付买家", "returning buyers ÷ buyers"),
    ((1, "returning_buyers"),),
    Unit.SHARE,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    denominator="buyers",
    entity=_BUYER,
    dimensions=_DIMS,
)
RETURNING_AMOUNT = Metric(
    "returning_amount_share",
    Block.CUSTOMERS,
    T("老客金额占比", "Returning buyers' share of sales"),
    T("老买家支付金额 ÷ 买家支付金额", "paid by returning buyers ÷ paid by buyers"),
    ((1, "returning_minor"),),
    Unit.SHARE,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    denominator="buyers_minor",
    entity=_BUYER,
    dimensions=_DIMS,
)
REPURCHASE = Metric(
    "repurchase_rate",
    Block.CUSTOMERS,
    T("复购率", "Repurchase rate"),
    T(
        "窗口内在两个以上不同日子支付的买家 ÷ 窗口内支付的买家（同日拆单不算复购）",
        "buyers who paid on two or more days of the window ÷ its buyers (orders split on one day do not count)",
    ),
    ((1, "window_again"),),
    Unit.SHARE,
    Additivity.NONE,
    T("截至期末的窗口", "window that ends with the period"),
    _ORDERS,
    denominator="window_buyers",
    entity=_BUYER,
    dimensions=_DIMS,
)
UV_VALUE = Metric(
    "visitor_value",
    Block.CUSTOMERS,
    T("访客平均价值", "Value of a visitor"),
    T(
        "支付金额 ÷ 访客数；有买家的店铺没有访客数据时不计算",
        "paid amount ÷ visitors; none where a shop that had buyers has no visitors on record",
    ),
    ((1, "paid_minor"),),
    Unit.MONEY,
    Additivity.NONE,
    _PAID,
    T("订单与流量", "orders and traffic"),
    denominator="visitors",
    dimensions=(Dimension.DAY, Dimension.SHOP),
    version=2,  # both sides of the same shops
)

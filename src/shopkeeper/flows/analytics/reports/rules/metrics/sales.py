"""D2.3: what was sold, to how many, at what margin; what came back; how goods turn."""

from shopkeeper.flows.analytics.reports.rules.metric import Additivity, Dimension, Metric, Unit
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

_PAID_DIMS = (Dimension.DAY, Dimension.SHOP, Dimension.PLATFORM, Dimension.HOUR)
_LINE_DIMS = (Dimension.DAY, Dimension.SHOP, Dimension.CATEGORY, Dimension.SKU)
_WITH_VISITORS = (Dimension.DAY, Dimension.SHOP)
_PAID = T("支付时间（预售按付清尾款日）", "time of payment (presale: of the balance)")
_PLACED = T("下单时间", "time of placing")
_ORDERS = T("订单", "orders")
_BOTH = T("订单与流量", "orders and traffic")
_BUYER = T("买家", "buyer")
_NO_TEST = T("剔除测试、刷单与异常订单", "without test, brushed and impossible orders")

PAID_AMOUNT = Metric(
    "paid_amount",
    Block.SALES,
    T("支付金额", "Paid amount"),
    T("实付金额，之后的退款不扣", "what was paid; later refunds are not deducted"),
    ((1, "paid_minor"),),
    Unit.MONEY,
    Additivity.ADDITIVE,
    _PAID,
    _ORDERS,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
NET_PAID = Metric(
    "net_paid_amount",
    Block.SALES,
    T("净支付金额", "Net paid amount"),
    T("支付金额 − 成功退款金额（各按发生日）", "paid amount − refunds that succeeded, each by its own date"),
    ((1, "paid_minor"), (-1, "refund_minor")),
    Unit.MONEY,
    Additivity.ADDITIVE,
    _PAID,
    _ORDERS,
    filters=_NO_TEST,
    dimensions=(Dimension.DAY, Dimension.SHOP),
)
PAID_ORDERS = Metric(
    "paid_orders",
    Block.SALES,
    T("支付订单数", "Paid orders"),
    T("支付成功的订单", "orders that were paid"),
    ((1, "paid_orders"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _PAID,
    _ORDERS,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
PAID_BUYERS = Metric(
    "paid_buyers",
    Block.SALES,
    T("支付买家数", "Paying buyers"),
    T("支付过的去重买家", "distinct buyers who paid"),
    ((1, "paid_buyers"),),
    Unit.COUNT,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    entity=_BUYER,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
PAY_CONVERSION = Metric(
    "pay_conversion",
    Block.SALES,
    T("支付转化率", "Conversion to payment"),
    T(
        "支付买家数 ÷ 访客数；有买家的店铺没有访客数据时不计算",
        "paying buyers ÷ visitors; none where a shop that had buyers has no visitors on record",
    ),
    ((1, "paid_buyers"),),
    Unit.SHARE,
    Additivity.NONE,
    _PAID,
    _BOTH,
    denominator="visitors",
    entity=_BUYER,
    filters=_NO_TEST,
    dimensions=_WITH_VISITORS,
    version=2,  # both sides of the same shops
)
BUYER_PRICE = Metric(
    "buyer_price",
    Block.SALES,
    T("客单价", "Amount per buyer"),
    T("支付金额 ÷ 支付买家数", "paid amount ÷ paying buyers"),
    ((1, "paid_minor"),),
    Unit.MONEY,
    Additivity.NONE,
    _PAID,
    _ORDERS,
    denominator="paid_buyers",
    entity=_BUYER,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
ORDER_PRICE = Metric(
    "order_price",
    Block.SALES,
    T("笔单价", "Amount per order"),
    T("支付金额 ÷ 支付订单数", "paid amount ÷ paid orders"),
    ((1, "paid_minor"),),
    Unit.MONEY,
    Additivity.PARTS,
    _PAID,
    _ORDERS,
    denominator="paid_orders",
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
PIECE_PRICE = Metric(
    "piece_price",
    Block.SALES,
    T("件单价", "Amount per piece"),
    T("支付金额 ÷ 支付件数", "paid amount ÷ pieces paid for"),
    ((1, "paid_minor"),),
    Unit.MONEY,
    Additivity.PARTS,
    _PAID,
    _ORDERS,
    denominator="paid_pieces",
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
PIECES_PER_ORDER = Metric(
    "pieces_per_order",
    Block.SALES,
    T("连带率", "Pieces per order"),
    T("支付件数 ÷ 支付订单数", "pieces ÷ paid orders"),
    ((1, "paid_pieces"),),
    Unit.RATIO,
    Additivity.PARTS,
    _PAID,
    _ORDERS,
    denominator="paid_orders",
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
GMV = Metric(
    "gmv",
    Block.SALES,
    T("下单金额", "Ordered amount"),
    T("商品金额 + 运费 − 优惠，付与未付都计", "goods + freight − discounts, paid or not"),
    ((1, "placed_minor"),),
    Unit.MONEY,
    Additivity.ADDITIVE,
    _PLACED,
    _ORDERS,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
PLACED_BUYERS = Metric(
    "placed_buyers",
    Block.SALES,
    T("下单买家数", "Ordering buyers"),
    T("下过单的去重买家", "distinct buyers who placed an order"),
    ((1, "placed_buyers"),),
    Unit.COUNT,
    Additivity.NONE,
    _PLACED,
    _ORDERS,
    entity=_BUYER,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
)
ORDER_CONVERSION = Metric(
    "order_conversion",
    Block.SALES,
    T("下单转化率", "Conversion to an order"),
    T(
        "下单买家数 ÷ 访客数；有买家的店铺没有访客数据时不计算",
        "ordering buyers ÷ visitors; none where a shop that had buyers has no visitors on record",
    ),
    ((1, "placed_buyers"),),
    Unit.SHARE,
    Additivity.NONE,
    _PLACED,
    _BOTH,
    denominator="visitors",
    entity=_BUYER,
    filters=_NO_TEST,
    dimensions=_WITH_VISITORS,
    version=2,  # both sides of the same shops
)
CANCELLED_UNPAID = Metric(
    "cancelled_unpaid",
    Block.SALES,
    T("未付取消订单", "Orders cancelled unpaid"),
    T("支付前取消的订单，不计入支付", "orders cancelled before payment; no part of what was paid"),
    ((1, "unpaid_cancelled"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _PLACED,
    _ORDERS,
    filters=_NO_TEST,
    dimensions=_PAID_DIMS,
    more_is_better=False,
)
GROSS_MARGIN = Metric(
    "gross_margin",
    Block.SALES,
    T("毛利", "Gross margin"),
    T(
        "支付商品金额 − 商品成本；成本未知的行两边都不计，未扣佣金与费用",
        "paid for goods − their cost; lines of unknown cost are in neither; before commission and expenses",
    ),
    ((1, "costed_minor"), (-1, "cost_minor")),
    Unit.MONEY,
    Additivity.ADDITIVE,
    _PAID,
    T("订单明细", "order lines"),
    filters=_NO_TEST,
    dimensions=_LINE_DIMS,
)
GROSS_MARGIN_RATE = Metric(
    "gross_margin_rate",
    Block.SALES,
    T("毛利率", "Gross margin rate"),
    T("毛利 ÷ 成本已知的支付商品金额", "gross margin ÷ paid for goods of known cost"),
    ((1, "costed_minor"), (-1, "cost_minor")),
    Unit.SHARE,
    Additivity.PARTS,
    _PAID,
    T("订单明细", "order lines"),
    denominator="costed_minor",
    filters=_NO_TEST,
    dimensions=_LINE_DIMS,
)
REFUND_AMOUNT = Metric(
    "refund_amount",
    Block.SALES,
    T("成功退款金额", "Refunds"),
    T(
        "退款成功的金额，仅退款与退货退款都计，不看申请日",
        "refunds that succeeded, with and without goods, whenever asked for",
    ),
    ((1, "refund_minor"),),
    Unit.MONEY,
    Additivity.ADDITIVE,
    T("退款成功时间", "time the refund succeeded"),
    T("退款", "refunds"),
    filters=_NO_TEST,
    dimensions=(Dimension.DAY, Dimension.SHOP, Dimension.REASON),
    more_is_better=False,
)
REFUND_RATE = Metric(
    "refund_rate",
    Block.SALES,
    T("退款率（同批）", "Refund rate (cohort)"),
    T(
        "同一天支付、已满观察期的订单中退过款的 ÷ 这些订单；不同批次不混算",
        "of the orders paid on a day whose waiting days are over, those refunded ÷ those orders; cohorts are not mixed",
    ),
    ((1, "cohort_refunded"),),
    Unit.SHARE,
    Additivity.PARTS,
    T("支付日 + 观察期", "day of payment + the days waited"),
    T("订单与退款", "orders and refunds"),
    denominator="cohort_orders",
    filters=_NO_TEST,
    dimensions=(Dimension.DAY, Dimension.SHOP, Dimension.PLATFORM),
    more_is_better=False,
)
RETURN_RATE = Metric(
    "return_rate",
    Block.SALES,
    T("退货率（同批）", "Return rate (cohort)"),
    T("同批已发货订单中退回实物的 ÷ 已发货订单", "of a cohort's shipped orders, those sent back ÷ shipped orders"),
    ((1, "cohort_returned"),),
    Unit.SHARE,
    Additivity.PARTS,
    T("支付日 + 观察期", "day of payment + the days waited"),
    T("订单、包裹与退款", "orders, parcels and refunds"),
    denominator="cohort_shipped",
    filters=_NO_TEST,
    dimensions=(Dimension.DAY, Dimension.SHOP, Dimension.PLATFORM),
    more_is_better=False,
)
SELL_THROUGH = Metric(
    "sell_through",
    Block.GOODS,
    T("动销率", "Sell-through"),
    T(
        "窗口内卖出过的在售 SKU ÷ 在售 SKU（全公司）",
        "SKUs on sale that sold in the window ÷ SKUs on sale (whole company)",
    ),
    ((1, "skus_sold"),),
    Unit.SHARE,
    Additivity.NONE,
    T("期末", "end of the period"),
    T("每日库存与订单明细", "daily stock and order lines"),
    denominator="skus_on_sale",
    entity=T("SKU", "SKU"),
    dimensions=(),
)
TURNOVER_DAYS = Metric(
    "turnover_days",
    Block.GOODS,
    T("库存周转天数", "Stock turnover days"),
    T(
        "窗口内有库存记录各日的库存成本之和 ÷ 这些日子的销售成本（全公司）",
        "stock at cost summed over the window's days on record ÷ cost of goods sold on those days (whole company)",
    ),
    ((1, "held_minor"),),
    Unit.DAYS,
    Additivity.NONE,
    T("期末", "end of the period"),
    T("每日库存与订单明细", "daily stock and order lines"),
    denominator="window_cost_minor",
    dimensions=(),
    more_is_better=False,
)
LINE_AMOUNT = Metric(
    "goods_amount",
    Block.GOODS,
    T("商品支付金额", "Paid for goods"),
    T("订单明细的实付金额，不含运费", "what was paid by order line, without freight"),
    ((1, "line_minor"),),
    Unit.MONEY,
    Additivity.ADDITIVE,
    _PAID,
    T("订单明细", "order lines"),
    filters=_NO_TEST,
    dimensions=_LINE_DIMS,
)
LINE_PIECES = Metric(
    "goods_pieces",
    Block.GOODS,
    T("支付件数", "Pieces sold"),
    T("订单明细的件数", "pieces by order line"),
    ((1, "line_pieces"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _PAID,
    T("订单明细", "order lines"),
    filters=_NO_TEST,
    dimensions=_LINE_DIMS,
)

"""D2.4: how customers were answered, and how their parcels came."""

from shopkeeper.flows.analytics.reports.rules.metric import Additivity, Dimension, Metric, Unit
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

_DIMS = (Dimension.DAY, Dimension.SHOP, Dimension.CHANNEL, Dimension.KIND)
_OPENED = T("工单建立时间", "time the ticket was opened")
_TICKETS = T("工单", "tickets")
_RATINGS = T("满意度评价", "ratings")
_SENT = T("邀请时间", "time of the invitation")
_BY_COURIER = (Dimension.DAY, Dimension.SHOP, Dimension.COURIER)

TICKETS = Metric(
    "tickets",
    Block.SERVICE,
    T("工单数", "Tickets"),
    T("新建工单", "tickets opened"),
    ((1, "tickets"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _OPENED,
    _TICKETS,
    dimensions=_DIMS,
    more_is_better=None,
)
QUICK_REPLIES = Metric(
    "quick_reply_share",
    Block.SERVICE,
    T("首次响应达标率", "First replies in time"),
    T(
        "在规定秒数内得到首次人工回复的 ÷ 有首次回复的",
        "first human replies within the seconds of the procedure ÷ first replies",
    ),
    ((1, "quick_tickets"),),
    Unit.SHARE,
    Additivity.PARTS,
    _OPENED,
    _TICKETS,
    denominator="replied_tickets",
    dimensions=_DIMS,
)
OFFERED_IN_TIME = Metric(
    "offered_in_time_share",
    Block.SERVICE,
    T("按时给出方案率", "Solutions in time"),
    T(
        "在规定小时内给出方案的 ÷ 期限在本期届满的工单",
        "offered a solution within the hours of the procedure ÷ tickets whose hours ended in the period",
    ),
    ((1, "offered_in_time"),),
    Unit.SHARE,
    Additivity.PARTS,
    T("工单期限届满日", "day the ticket's hours end"),
    _TICKETS,
    denominator="due_tickets",
    dimensions=_DIMS,
)
CSAT = Metric(
    "csat",
    Block.SERVICE,
    T("满意率", "Satisfied customers"),
    T("4–5 星 ÷ 收到的评价", "4 and 5 stars ÷ ratings given"),
    ((1, "ratings_good"),),
    Unit.SHARE,
    Additivity.PARTS,
    _SENT,
    _RATINGS,
    denominator="ratings_given",
    dimensions=(Dimension.DAY, Dimension.SHOP),
)
RATING_RESPONSE = Metric(
    "rating_response",
    Block.SERVICE,
    T("评价回收率", "Response to surveys"),
    T("收到的评价 ÷ 发出的邀请", "ratings given ÷ invitations sent"),
    ((1, "ratings_given"),),
    Unit.SHARE,
    Additivity.PARTS,
    _SENT,
    _RATINGS,
    denominator="ratings_sent",
    dimensions=(Dimension.DAY, Dimension.SHOP),
)
CONTACT_RATE = Metric(
    "contact_rate",
    Block.SERVICE,
    T("联系率", "Contact rate"),
    T("工单数 ÷ 支付订单数", "tickets ÷ paid orders"),
    ((1, "tickets"),),
    Unit.SHARE,
    Additivity.PARTS,
    _OPENED,
    T("工单与订单", "tickets and orders"),
    denominator="paid_orders",
    dimensions=(Dimension.DAY, Dimension.SHOP),
    more_is_better=False,
)
ON_TIME = Metric(
    "on_time_share",
    Block.FULFILMENT,
    T("按时发货率", "Shipped in time"),
    T(
        "在承诺时间前交运的 ÷ 承诺在本期发出的包裹（未发的算超时）",
        "handed over by the promised time ÷ parcels promised for the period (not sent = late)",
    ),
    ((1, "parcels_on_time"),),
    Unit.SHARE,
    Additivity.PARTS,
    T("承诺发货时间", "promised time"),
    T("包裹", "parcels"),
    denominator="parcels_due",
    dimensions=_BY_COURIER,
)
RECEIPT_HOURS = Metric(
    "receipt_hours",
    Block.FULFILMENT,
    T("支付到签收时长", "Payment to receipt"),
    T("签收时间 − 支付时间的平均", "mean of time signed for − time paid"),
    ((1, "receipt_seconds"),),
    Unit.HOURS,
    Additivity.PARTS,
    T("签收时间", "time signed for"),
    T("包裹与订单", "parcels and orders"),
    denominator="receipts",
    per=3_600,
    dimensions=_BY_COURIER,
    more_is_better=False,
)

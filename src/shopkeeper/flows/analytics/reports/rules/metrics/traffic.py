"""D2.2: who came, from where, and how far they went. Own collector; an import stands in where it is not there."""

from shopkeeper.flows.analytics.reports.rules.metric import Additivity, Dimension, Metric, Unit
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

_DIMS = (Dimension.DAY, Dimension.SHOP, Dimension.CHANNEL)
_BY_HOUR = (*_DIMS, Dimension.HOUR)
_AT = T("事件时间", "time of the event")
_OWN = T(
    "自有采集；没有时用平台导出的同周期数值，并注明来源",
    "own collector; where there is none, a platform's export of the same period, named",
)
_COLLECTOR = T("自有采集", "own collector")
_VALID = T("剔除爬虫、自点击与重复事件", "without bots, own clicks and doubled events")
_VISITOR = T("访客（会员，否则设备）", "visitor (member, else device)")

EXPOSURES = Metric(
    "exposures",
    Block.TRAFFIC,
    T("曝光量", "Impressions"),
    T("展现次数", "times shown"),
    ((1, "exposures"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _AT,
    _OWN,
    filters=_VALID,
    dimensions=_BY_HOUR,
)
CLICK_RATE = Metric(
    "click_rate",
    Block.TRAFFIC,
    T("点击率", "Click rate"),
    T("点击次数 ÷ 曝光次数", "clicks ÷ impressions"),
    ((1, "clicks"),),
    Unit.SHARE,
    Additivity.PARTS,
    _AT,
    _OWN,
    denominator="exposures",
    filters=_VALID,
    dimensions=_BY_HOUR,
)
VISITORS = Metric(
    "visitors",
    Block.TRAFFIC,
    T("访客数", "Visitors"),
    T("浏览过页面的去重访客", "distinct visitors who saw a page"),
    ((1, "visitors"),),
    Unit.COUNT,
    Additivity.NONE,
    _AT,
    _OWN,
    entity=_VISITOR,
    filters=_VALID,
    dimensions=_BY_HOUR,
)
PAGE_VIEWS = Metric(
    "page_views",
    Block.TRAFFIC,
    T("浏览量", "Page views"),
    T("浏览次数，刷新重复计", "pages seen, reloads counted again"),
    ((1, "page_views"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _AT,
    _OWN,
    filters=_VALID,
    dimensions=_BY_HOUR,
)
VISITS = Metric(
    "visits",
    Block.TRAFFIC,
    T("访问次数", "Visits"),
    T("会话数：静默 30 分钟或零点结束", "sessions: 30 minutes idle or midnight ends one"),
    ((1, "visits"),),
    Unit.COUNT,
    Additivity.ADDITIVE,
    _AT,
    _OWN,
    entity=T("会话", "session"),
    filters=_VALID,
    dimensions=_DIMS,
)
BOUNCE_RATE = Metric(
    "bounce_rate",
    Block.TRAFFIC,
    T("跳失率", "Bounce rate"),
    T("只看一页的访问 ÷ 全部访问", "visits of one page ÷ visits"),
    ((1, "bounced_visits"),),
    Unit.SHARE,
    Additivity.PARTS,
    _AT,
    _OWN,
    denominator="visits",
    entity=T("会话", "session"),
    filters=_VALID,
    dimensions=_DIMS,
    more_is_better=False,
)
DWELL = Metric(
    "dwell",
    Block.TRAFFIC,
    T("平均停留时长", "Mean stay"),
    T(
        "总停留时长 ÷ 有停留记录的访客；停留未知的（如只看一页）两边都不计",
        "total stay ÷ visitors whose stay is known; unknown stays (single pages) are left out of both",
    ),
    ((1, "stay_ms"),),
    Unit.SECONDS,
    Additivity.NONE,
    _AT,
    _COLLECTOR,
    denominator="stay_visitors",
    per=1_000,
    entity=_VISITOR,
    filters=_VALID,
    dimensions=_DIMS,
)
DEPTH = Metric(
    "depth",
    Block.TRAFFIC,
    T("访问深度", "Pages per visit"),
    T("访问中的浏览量 ÷ 访问次数", "pages in visits ÷ visits"),
    ((1, "visit_pages"),),
    Unit.RATIO,
    Additivity.PARTS,
    _AT,
    _COLLECTOR,
    denominator="visits",
    filters=_VALID,
    dimensions=_DIMS,
)
CART_RATE = Metric(
    "cart_rate",
    Block.TRAFFIC,
    T("加购率", "Cart rate"),
    T("新加购的访客 ÷ 访客数", "visitors who added to the cart ÷ visitors"),
    ((1, "cart_visitors"),),
    Unit.SHARE,
    Additivity.NONE,
    _AT,
    _COLLECTOR,
    denominator="visitors",
    entity=_VISITOR,
    filters=_VALID,
    dimensions=_DIMS,
)
# The funnel's stages: distinct visitors who did each thing; the last stage, payment, is `paid_buyers`.
_STAGES = (
    ("exposed_visitors", T("曝光人数", "Visitors shown goods"), T("有曝光的去重访客", "distinct visitors shown goods")),
    (
        "clicking_visitors",
        T("点击人数", "Visitors who clicked"),
        T("有点击的去重访客", "distinct visitors who clicked"),
    ),
    (
        "cart_visitors",
        T("加购人数", "Visitors with a cart"),
        T("加购的去重访客", "distinct visitors who filled a cart"),
    ),
    ("order_visitors", T("下单人数", "Visitors who ordered"), T("下单的去重访客", "distinct visitors who ordered")),
)
STAGES = tuple(
    Metric(
        name,
        Block.TRAFFIC,
        words,
        formula,
        ((1, name),),
        Unit.COUNT,
        Additivity.NONE,
        _AT,
        _COLLECTOR,
        entity=_VISITOR,
        filters=_VALID,
        dimensions=_DIMS,
    )
    for name, words, formula in _STAGES
)
FUNNEL = ("exposed_visitors", "clicking_visitors", "visitors", "cart_visitors", "order_visitors", "paid_buyers")

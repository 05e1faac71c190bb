"""Words of the lake and of cleaning, in both languages."""

from collections.abc import Mapping
from enum import StrEnum

from shopkeeper.flows.analytics.lake.states import CleaningRule, SetAsideState, SourceKind, Subject
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    SetAsideState: {
        SetAsideState.SUSPECTED: Label(T("待确认", "To confirm"), "amber"),
        SetAsideState.CONFIRMED: Label(T("已剔除", "Left out"), "red"),
        SetAsideState.PUT_BACK: Label(T("已放回", "Put back"), "green"),
    },
    CleaningRule: {
        CleaningRule.TEST_ORDER: Label(T("疑似测试单", "Suspected test order"), "amber"),
        CleaningRule.TEST_BUYER: Label(T("测试买家", "Test buyer"), "grey"),
        CleaningRule.ZERO_VALUE: Label(T("零金额单", "No money"), "grey"),
        CleaningRule.REPEAT_BUYER: Label(T("疑似刷单", "Suspected brushing"), "amber"),
        CleaningRule.IMPOSSIBLE: Label(T("数值不可能", "Impossible value"), "red"),
        CleaningRule.FOREIGN_CURRENCY: Label(T("外币", "Other currency"), "grey"),
        CleaningRule.BOT: Label(T("爬虫", "Robot"), "grey"),
        CleaningRule.STAFF_VISITOR: Label(T("内部点击", "Own clicks"), "grey"),
        CleaningRule.TOO_FAST: Label(T("点击过快", "Too fast"), "amber"),
        CleaningRule.DUPLICATE: Label(T("重复上报", "Sent twice"), "grey"),
        CleaningRule.BY_HAND: Label(T("手工剔除", "By hand"), "blue"),
    },
    Subject: {
        Subject.ORDERS: Label(T("订单", "Order"), "grey"),
        Subject.TRAFFIC: Label(T("流量", "Traffic"), "grey"),
    },
    SourceKind: {
        SourceKind.TEST_BUYER: Label(T("测试买家", "Test buyer"), "grey"),
        SourceKind.STAFF_VISITOR: Label(T("内部访客", "Staff visitor"), "grey"),
    },
}
RULES_EXPLAINED: dict[str, T] = {
    CleaningRule.TEST_ORDER: T(
        "审单时疑似测试单。审单时作为真实订单放行的会重新计入；这一单没有。",
        "Suspected as a test at the order check. One that is passed there as real counts again; this one was not.",
    ),
    CleaningRule.TEST_BUYER: T("买家在内部测试名单里。", "The buyer is on the list of our own testers."),
    CleaningRule.ZERO_VALUE: T(
        "已付款但金额为零：补发、内部单，不算销售。", "Paid with no money: a replacement or our own; no sale."
    ),
    CleaningRule.REPEAT_BUYER: T(
        "同一买家在短时间内多次下单付款，疑似刷单。", "One buyer paid several orders within a short time."
    ),
    CleaningRule.IMPOSSIBLE: T(
        "金额、件数或时间不可能成立。", "An amount, a number of pieces or a time that cannot be."
    ),
    CleaningRule.FOREIGN_CURRENCY: T(
        "不是店铺的记账币种，不能与其他订单相加。",
        "Not in the shop's own currency: it cannot be added to the other orders.",
    ),
    CleaningRule.BOT: T("浏览器标识是爬虫或脚本。", "The browser calls itself a robot or a script."),
    CleaningRule.STAFF_VISITOR: T("访客在内部名单里。", "The visitor is on the list of our own people."),
    CleaningRule.TOO_FAST: T("一分钟内的行为次数超过真人可能。", "More events in one minute than a person makes."),
    CleaningRule.DUPLICATE: T("同一事件被再次上报。", "An event that was sent once more."),
    CleaningRule.BY_HAND: T("有人写明原因后手工剔除。", "Taken out by a person, with the reason."),
}
_VALUES: Mapping[str, T] = {
    "paid_minor": T("实付", "paid"),
    "goods_minor": T("商品金额", "goods"),
    "discount_minor": T("优惠", "discount"),
    "freight_minor": T("运费", "freight"),
    "pieces": T("件数", "pieces"),
}


def said_facts(facts: Mapping[str, object]) -> str:
    """The arithmetic behind a verdict, in words; empty where the rule says it all."""
    if "orders" in facts:
        words = T(
            "{minutes} 分钟内 {orders} 单（上限 {limit}）",
            "{orders:# order|# orders} within {minutes} min (limit {limit})",
        )
        return words.format(**facts).text()
    if facts.get("what") == "paid_before_placed":
        return T("付款早于下单 {n} 秒", "Paid {n} s before it was placed").format(n=facts["value"]).text()
    if "what" in facts:
        what = str(_VALUES[str(facts["what"])])
        return (
            T("{what} {value}，界限 {limit}", "{what} {value}, bound {limit}")
            .format(what=what, value=_shown(facts, "value"), limit=_shown(facts, "limit"))
            .text()
        )
    return str(facts.get("currency", ""))


def _shown(facts: Mapping[str, object], name: str) -> str:
    """Amounts in yuan, pieces as they are."""
    value = facts[name]
    assert isinstance(value, int)
    return f"{value / 100:,.2f}" if str(facts["what"]).endswith("_minor") else f"{value:,}"


TABLES: dict[str, T] = {
    "orders": T("订单", "Orders"),
    "order_lines": T("订单明细", "Order lines"),
    "refunds": T("退款", "Refunds"),
    "parcels": T("包裹", "Parcels"),
    "tickets": T("工单", "Tickets"),
    "ratings": T("满意度", "Ratings"),
    "stock_days": T("每日库存", "Stock by day"),
    "traffic": T("流量事件", "Traffic events"),
    "traffic_figures": T("导入的流量数据", "Imported traffic figures"),
    "events": T("事件日志", "Event log"),
}
REFUSALS: dict[str, T] = {
    "reason_needed": T("请写明原因。", "Give a reason."),
    "who_is_needed": T("请写明这是谁，例如“运营小李的测试号”。", "Say who this is, for example “our test account”."),
    "was_put_back": T(
        "这条数据已放回统计，不能确认剔除。如仍要剔除，请重新手工剔除并写明原因。",
        "This was put back and counts again. To leave it out after all, take it out by hand with a reason.",
    ),
    "own_verdict": T(
        "这是您自己剔除的，请由另一个人确认。", "You took this out yourself; somebody else has to confirm it."
    ),
    "copy_stays": T(
        "重复上报的副本不能放回：原事件已经计入。", "A copy cannot be put back: the event itself already counts."
    ),
}

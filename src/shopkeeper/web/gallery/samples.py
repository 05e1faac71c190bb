"""Sample rows of the gallery: invented shops, goods and people, times relative to now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label


class SampleState(StrEnum):
    TO_CHECK = "to_check"
    HELD = "held"
    TO_PICK = "to_pick"
    PACKED = "packed"
    SHIPPED = "shipped"
    REFUNDED = "refunded"


STATE_LABELS = {
    SampleState.TO_CHECK: Label(T("待审核", "To check"), "amber"),
    SampleState.HELD: Label(T("异常", "Exception"), "red"),
    SampleState.TO_PICK: Label(T("待拣货", "To pick"), "blue"),
    SampleState.PACKED: Label(T("已打包", "Packed"), "blue"),
    SampleState.SHIPPED: Label(T("已发货", "Shipped"), "green"),
    SampleState.REFUNDED: Label(T("已退款", "Refunded"), "grey"),
}

SHOPS = ("云栖茶舍旗舰店", "山野良品专营店", "小满家居旗舰店")
GOODS = (
    "安吉白茶 明前特级 100g 罐装",
    "云南古树普洱 熟茶 357g 饼",
    "手冲咖啡壶 304 不锈钢 600ml",
    "亚麻桌布 北欧格纹 140×200cm",
    "有机红糖姜茶 12g×20 条",
)
PEOPLE = ("张**", "欧阳**", "李*", "王**", "陈*")
MEMOS = ("请尽快发货,谢谢", "", "送礼用,不要放小票", "", "周末在家,麻烦周末送")


@dataclass(frozen=True, slots=True)
class SampleOrder:
    id: int
    number: str
    state: Label
    shop: str
    goods: str
    quantity: int
    buyer: str
    paid_minor: int
    memo: str
    ordered_at: datetime
    ship_by_at: datetime
    tone: str


def orders(now: datetime, count: int = 50, first: int = 0) -> list[SampleOrder]:
    """A page of invented orders; every row is told by its place, so that pages repeat."""
    states = list(STATE_LABELS)
    rows = []
    for i in range(first, first + count):
        state = states[(i * 7 + i // 5) % len(states)]
        due = now + timedelta(minutes=(i * 37) % 1700 - 130)
        rows.append(
            SampleOrder(
                id=i + 1,
                number=f"31{(884_120_553_907 + i * 7_919_113) % 10**12:012d}0427",
                state=STATE_LABELS[state],
                shop=SHOPS[i % len(SHOPS)],
                goods=GOODS[i % len(GOODS)],
                quantity=1 + i % 4,
                buyer=PEOPLE[i % len(PEOPLE)],
                paid_minor=(-1 if state is SampleState.REFUNDED else 1) * (3_980 + i * 2_371 % 90_000),
                memo=MEMOS[i % len(MEMOS)],
                ordered_at=now - timedelta(minutes=i * 9 + 3),
                ship_by_at=due,
                tone="red" if due < now else "",
            )
        )
    return rows


def charts() -> list[Chart]:
    """A curve with its target, a comparison of two weeks, a ranking."""
    hours = [Point(f"{hour:02d}:00", (8 + hour % 7 + hour / 6) / 400) for hour in range(9, 23)]
    days = [T("周一", "Mon"), T("周二", "Tue"), T("周三", "Wed"), T("周四", "Thu"), T("周五", "Fri")]
    weeks = [
        Point(day, paid * 1000.0, week)
        for week, sums in (
            (T("本周", "This week"), (92, 118, 104, 131, 160)),
            (T("上周", "Last week"), (88, 96, 99, 120, 118)),
        )
        for day, paid in zip(days, sums, strict=True)
    ]
    ranking = [Point(name, float(9_400 - 1_700 * at)) for at, name in enumerate(GOODS[:5])]
    return [
        Chart(ChartKind.LINE, T("每小时转化率", "Conversion by hour"), hours, is_rate=True, target=0.03),
        Chart(ChartKind.COLUMNS, T("支付金额", "Paid amount"), weeks, unit=T("元", "CNY")),
        Chart(ChartKind.BARS, T("商品排行", "Goods by pieces sold"), ranking, unit=T("件", "pieces")),
    ]

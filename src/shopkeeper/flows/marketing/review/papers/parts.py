"""The head figures of 《活动复盘报告》 and what they mean, worded once for page, PDF and XLSX."""

from collections.abc import Callable
from dataclasses import dataclass

from shopkeeper.flows.marketing.review.rules.figures import ReviewFigures
from shopkeeper.shared.words import T
from shopkeeper.web.shown import money_text, number

NOTHING = "–"
GOAL_MET = 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the head: its name, its value and what stands behind it, in words."""

    name: T
    value: str
    note: str = ""
    tone: str = ""


def yuan(minor: int | None, currency: str = "CNY") -> str:
    return NOTHING if minor is None else money_text(minor, currency)


def percent(parts: int | None) -> str:
    """9375 as 93.8%; a dash where nothing stands behind it."""
    return NOTHING if parts is None else f"{parts / 100:.1f}%"


def fine_percent(parts: int | None) -> str:
    """Conversion and click rates: 312 as 3.12%."""
    return NOTHING if parts is None else f"{parts / 100:.2f}%"


def signed_percent(parts: int | None) -> str:
    return NOTHING if parts is None else f"{parts / 100:+.1f}%"


def ratio(hundredths: int | None) -> str:
    return NOTHING if hundredths is None else f"{hundredths / 100:.2f}"


def groups(f: ReviewFigures) -> list[tuple[T, list[Figure]]]:
    """The report's figures in their groups."""
    return [
        (T("目标达成", "Goals"), _goals(f)),
        (T("销售", "Sales"), _sales(f)),
        (T("投入产出", "Cost and return"), _return(f)),
        (T("增量", "Increment"), _increment(f)),
        *([(T("客服", "Customer service"), _service(f))] if f.service else []),
    ]


def _goals(f: ReviewFigures) -> list[Figure]:
    goal, currency = f.goals, f.currency
    planned = T("目标 {goal} · 达成 {share}", "Goal {goal} · {share} attained")
    expected = T("预计 {goal}", "Expected {goal}")
    visitors = f.traffic.visitors if f.traffic else None
    return [
        Figure(
            T("支付金额", "Paid amount"),
            yuan(f.sales.paid_minor, currency),
            planned.format(goal=yuan(goal.sales_minor, currency), share=percent(f.sales_attained)).text(),
            _met(f.sales_attained),
        ),
        Figure(
            T("新客", "New customers"),
            number(f.sales.new_customers),
            planned.format(goal=number(goal.new_customers), share=percent(f.customers_attained)).text(),
            _met(f.customers_attained),
        ),
        Figure(
            T("访客", "Visitors"),
            number(visitors) if visitors is not None else NOTHING,
            expected.format(goal=number(goal.visitors)).text(),
        ),
        Figure(
            T("支付转化率", "Conversion"),
            fine_percent(f.conversion_bp),
            expected.format(goal=fine_percent(goal.conversion_bp or None)).text(),
        ),
    ]


def _met(attained: int | None) -> str:
    """Green where a goal was met, red where not; none where there was no goal."""
    return "" if attained is None else "green" if attained >= GOAL_MET else "red"


def _sales(f: ReviewFigures) -> list[Figure]:
    sales = f.sales
    pieces = T("{n} 件", "{n:# piece|# pieces}").format(n=sales.pieces)
    return [
        Figure(T("支付订单", "Orders"), number(sales.orders), pieces.text()),
        Figure(
            T("支付买家", "Buyers"),
            number(sales.buyers),
            T("新客占 {x}", "{x} new").format(x=percent(f.new_share)).text(),
        ),
        Figure(T("客单价", "Per buyer"), yuan(f.basket_minor, f.currency)),
        Figure(
            T("退款", "Refunds"),
            yuan(sales.refund_minor, f.currency),
            T("占支付金额 {x}", "{x} of the paid amount").format(x=percent(f.refund_share)).text(),
        ),
    ]


def _return(f: ReviewFigures) -> list[Figure]:
    spent = T("费用 {a} + 商家优惠 {b} + 赠品 {c}", "Spend {a} + our discounts {b} + gifts {c}").format(
        a=yuan(f.spent_minor, f.currency),
        b=yuan(f.merchant_discount_minor, f.currency),
        c=yuan(f.sales.gift_minor, f.currency),
    )
    unknown = T(
        "{n} 件成本未知，未计入", "{n:# piece of unknown cost is|# pieces of unknown cost are} not in it"
    ).format(n=f.sales.cost_unknown)
    return [
        Figure(T("活动成本", "Campaign cost"), yuan(f.cost_minor, f.currency), spent.text()),
        Figure(
            T("活动毛利", "Gross profit"),
            yuan(f.gross_profit_minor, f.currency),
            unknown.text() if f.sales.cost_unknown else "",
        ),
        Figure(
            T("利润 ROI", "Profit ROI"),
            percent(f.roi_bp),
            T("净利 {x}", "Profit {x}").format(x=yuan(f.profit_minor, f.currency)).text(),
            "" if f.roi_bp is None else "green" if f.roi_bp >= 0 else "red",
        ),
        Figure(
            T("投产比 ROAS", "ROAS"),
            ratio(f.roas_hundredths),
            T("净投产比 {x}", "Net ROAS {x}").format(x=ratio(f.net_roas_hundredths)).text(),
        ),
    ]


def _increment(f: ReviewFigures) -> list[Figure]:
    base = f.base
    if base.is_whole and not base.paid_minor:
        note = T("基准时段没有卖过，全部计为增量", "Nothing was sold in the base: all of it is increment")
    elif base.is_whole:
        note = T(
            "{days} 天均有基准，剔除其他活动时段 {n} 个",
            "A base for {days:the # day|all # days}; {n:# window|# windows} with other campaigns left out",
        )
    else:
        note = T(
            "没有完整基准：{days} 天里只有 {has} 天有可比时段，不计算增量",
            "No whole base: only {has} of {days:# day|# days} can be compared, so no increment is given",
        )
    said = note.format(days=base.days, has=base.days_with, n=base.excluded).text()
    return [
        Figure(
            T("同期基准", "Base"),
            yuan(base.paid_minor if base.is_whole else None, f.currency),
            T("前 {n} 周同星期同时段", "Same weekdays and hours of {n:# week|# weeks} before")
            .format(n=base.weeks)
            .text(),
        ),
        Figure(T("增量销售", "Increment"), yuan(f.increment_minor, f.currency), said),
        Figure(T("较基准", "Against the base"), signed_percent(f.increment_share)),
    ]


def _service(f: ReviewFigures) -> list[Figure]:
    service = f.service
    if service is None:
        return []
    return [
        Figure(
            T("工单", "Tickets"),
            number(service.tickets),
            T("每百单 {x}", "{x} per 100 orders").format(x=ratio(service.contact_hundredths)).text(),
        ),
        Figure(
            T("首次回复及时率", "First word in time"),
            percent(service.first_share),
            f"{service.first_in_time} / {service.first_asked}",
        ),
        Figure(T("满意率", "Satisfied"), percent(service.satisfied), f"n = {service.rated}"),
    ]


Compared = tuple[T, Callable[[ReviewFigures], int | None], Callable[[int | None], str]]
COMPARED: tuple[Compared, ...] = (
    (T("支付金额", "Paid amount"), lambda f: f.sales.paid_minor, yuan),
    (T("支付订单", "Orders"), lambda f: f.sales.orders, lambda n: NOTHING if n is None else number(n)),
    (T("退款", "Refunds"), lambda f: f.sales.refund_minor, yuan),
    (T("活动成本", "Campaign cost"), lambda f: f.cost_minor, yuan),
    (T("利润 ROI", "Profit ROI"), lambda f: f.roi_bp, percent),
    (
        T("访客", "Visitors"),
        lambda f: f.traffic.visitors if f.traffic else None,
        lambda n: NOTHING if n is None else number(n),
    ),
)


def compared(before: ReviewFigures, now: ReviewFigures) -> list[tuple[T, str, str]]:
    """What a version says otherwise than the one before it, among the figures people ask for first."""
    return [(name, said(of(before)), said(of(now))) for name, of, said in COMPARED if of(before) != of(now)]

"""The tables of 《活动复盘报告》, worded once for page and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.parcels.words import courier_name
from shopkeeper.flows.marketing.campaigns.words import BUDGET_KINDS
from shopkeeper.flows.marketing.promotions.words import BEARERS
from shopkeeper.flows.marketing.review.papers.parts import NOTHING, fine_percent, percent, yuan
from shopkeeper.flows.marketing.review.rules.figures import FROM_ORDERS, ActionLine, ReviewFigures, share
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T
from shopkeeper.web.labels import label_of
from shopkeeper.web.shown import number

CHANGES: dict[str, T] = {
    "promotion": T("促销规则", "Promotion"),
    "budget": T("追加预算", "Budget raised"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """`ends` are the columns whose cells stand at the right. `empty` is said where there is no row."""

    key: str
    title: T
    heads: Sequence[T]
    ends: frozenset[int]
    rows: Sequence[Sequence[str]]
    empty: T
    is_timed: bool = False  # the first column holds moments

    @property
    def columns(self) -> list[tuple[T, bool]]:
        return [(head, place in self.ends) for place, head in enumerate(self.heads)]

    @property
    def cells(self) -> list[list[tuple[str, bool]]]:
        return [[(cell, place in self.ends) for place, cell in enumerate(row)] for row in self.rows]


def tables(f: ReviewFigures) -> list[Table]:
    """The report's tables in their order."""
    return [make(f) for make in (_costs, _goods, _coupons, _alerts, _mailings, _themes, _changes)]


def _costs(f: ReviewFigures) -> Table:
    from_orders = T("按订单实际优惠与赠品计", "Counted from the orders").text()
    rows = [
        [
            _budget(one.kind),
            yuan(one.planned_minor, f.currency),
            yuan(one.spent_minor, f.currency),
            percent(share(one.spent_minor, one.planned_minor)),
            from_orders if one.kind in FROM_ORDERS else "",
        ]
        for one in f.costs
    ]
    borne = T("优惠 · {who}承担", "Discounts borne by {who}")
    rows += [
        [
            borne.format(who=BEARERS.get(one.bearer, T(one.bearer, one.bearer))).text(),
            "",
            yuan(one.amount_minor, f.currency),
            percent(share(one.amount_minor, f.sales.paid_minor + f.discount_minor)),
            T("占优惠前金额", "Of the amount before discounts").text(),
        ]
        for one in f.discounts
    ]
    heads = (T("项目", "Item"), T("预算", "Budget"), T("实际", "Spent"), T("比率", "Rate"), T("说明", "Note"))
    empty = T("没有登记费用，也没有优惠。", "Neither spend nor discounts are on record.")
    return Table("costs", T("费用与优惠", "Spend and discounts"), heads, frozenset({1, 2, 3}), rows, empty)


def _budget(kind: str) -> str:
    return BUDGET_KINDS.get(kind, T(kind, kind)).text()


def _goods(f: ReviewFigures) -> Table:
    rows = [
        [
            f"{one.code} {one.name}",
            number(one.planned),
            number(one.sold),
            percent(one.sell_through),
            yuan(one.paid_minor, f.currency),
            number(one.left),
            T("售罄", "Sold out").text() if one.is_sold_out else "",
        ]
        for one in f.goods
    ]
    heads = (
        T("商品", "Goods"), T("备货", "Set aside"), T("售出", "Sold"), T("售罄率", "Sell-through"),
        T("支付金额", "Paid"), T("剩余可售", "Left"), T("说明", "Note"),
    )  # fmt: skip
    empty = T("活动没有指定商品，按全店统计。", "The campaign names no goods: the whole shop is counted.")
    return Table("goods", T("商品与库存", "Goods and stock"), heads, frozenset({1, 2, 3, 4, 5}), rows, empty)


def _coupons(f: ReviewFigures) -> Table:
    rows = [
        [
            f"{one.name} {one.code}",
            number(one.total),
            number(one.claimed),
            number(one.used),
            percent(one.claim_rate),
            percent(one.use_rate),
            yuan(one.discount_minor, f.currency),
            yuan(one.paid_minor, f.currency),
        ]
        for one in f.coupons
    ]
    heads = (
        T("优惠券", "Coupons"), T("发放", "Issued"), T("领取", "Claimed"), T("使用", "Used"), T("领取率", "Claim rate"),
        T("使用率", "Use rate"), T("优惠", "Discount"), T("拉动支付", "Paid with it"),
    )  # fmt: skip
    empty = T("活动没有发优惠券。", "The campaign gave out no coupons.")
    return Table("coupons", T("优惠券", "Coupons"), heads, frozenset(range(1, 8)), rows, empty)


def _alerts(f: ReviewFigures) -> Table:
    rows = []
    for one in f.alerts:
        head = [moment(one.at), _words(one.kind, "AlertKind", one.about)]
        said = label_of(one.state, "AlertState").text.text()
        rows += [[*head, label_of(done.kind, "ActionKind").text.text(), _effect(done)] for done in one.actions]
        rows += [] if one.actions else [[*head, said, ""]]
    heads = (T("时间", "When"), T("预警", "Alert"), T("措施", "Action"), T("前后对比", "Before and after"))
    empty = T("活动期间没有预警。", "There was no alert.")
    return Table("alerts", T("预警与措施", "Alerts and actions"), heads, frozenset(), rows, empty, True)


def _effect(done: ActionLine) -> str:
    parts = []
    if done.before_bp is not None or done.after_bp is not None:
        parts.append(f"{T('转化', 'Conversion')} {fine_percent(done.before_bp)} → {fine_percent(done.after_bp)}")
    if done.before_left is not None and done.after_left is not None:
        parts.append(f"{T('可售', 'Left')} {done.before_left} → {done.after_left}")
    return " · ".join(parts) or NOTHING


def _mailings(f: ReviewFigures) -> Table:
    rows = [
        [
            one.name,
            label_of(one.channel, "OutreachChannel").text.text(),
            number(one.sent),
            number(one.failed),
            number(one.opted_out),
        ]
        for one in f.mailings
    ]
    heads = (T("群发", "Mailing"), T("渠道", "Channel"), T("已发", "Sent"), T("未达", "Failed"), T("退订", "Opted out"))
    empty = T("活动没有群发短信或邮件。", "No mailing was sent.")
    return Table("mailings", T("触达", "Outreach"), heads, frozenset({2, 3, 4}), rows, empty)


def _themes(f: ReviewFigures) -> Table:
    rows = [
        [
            label_of(one.kind, "TicketKind").text.text(),
            one.goods or (str(courier_name(one.courier)) if one.courier else NOTHING),
            number(one.tickets),
        ]
        for one in (f.service.themes if f.service else ())
    ]
    heads = (T("问题", "Problem"), T("涉及", "About"), T("工单", "Tickets"))
    empty = T("活动期间没有可归类的客户问题。", "Customers raised no problem.")
    if f.service is None:
        empty = T("没有接入客服数据。", "No figures of customer service are at hand.")
    return Table("themes", T("客户反馈", "What customers wrote about"), heads, frozenset({2}), rows, empty)


def _changes(f: ReviewFigures) -> Table:
    rows = [
        [moment(one.at), CHANGES[one.kind].text(), *_became(f, one.kind, one.about, one.became)] for one in f.changes
    ]
    heads = (T("时间", "When"), T("变更", "Change"), T("对象", "Of what"), T("结果", "Became"))
    empty = T("活动期间规则和预算没有变动。", "Neither rules nor budget were changed.")
    return Table("changes", T("期间变更", "Changed while it ran"), heads, frozenset(), rows, empty, True)


def _became(f: ReviewFigures, kind: str, about: str, became: str) -> tuple[str, str]:
    if kind == "budget":
        return _budget(about), f"+{yuan(int(became), f.currency)}"
    return about, label_of(became, "PromotionState").text.text()


def _words(value: str, family: str, about: str) -> str:
    return " · ".join(part for part in (label_of(value, family).text.text(), about) if part)


def moment(kept: str) -> str:
    """A kept moment by the shop's clock."""
    return f"{datetime.fromisoformat(kept).astimezone(SHOP_ZONE):%m-%d %H:%M}"

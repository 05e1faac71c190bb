"""M4.2 on screen: what campaigns taught, the plans started from them, and the next one."""

from typing import Any

from django.http import Http404, HttpResponse

from shopkeeper.flows.marketing.campaigns.commands.start_from_template import StartFromTemplate, start_from_template
from shopkeeper.flows.marketing.campaigns.permissions import Permission as Campaigns
from shopkeeper.flows.marketing.review.pages.asking import shop_of
from shopkeeper.flows.marketing.review.papers.parts import (
    NOTHING,
    Figure,
    fine_percent,
    percent,
    ratio,
    signed_percent,
    yuan,
)
from shopkeeper.flows.marketing.review.permissions import Permission
from shopkeeper.flows.marketing.review.queries.templates import (
    TemplateRecord,
    TemplateRow,
    template_record,
    templates_page,
)
from shopkeeper.flows.marketing.review.rules.learning import Difference, Learned
from shopkeeper.flows.marketing.review.words import DIFFERENCES
from shopkeeper.foundation.documents.charts import Chart, ChartKind, Point
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Badge, RecordHead, render_record
from shopkeeper.web.shown import number

TEMPLATES = Listing(
    key="review-templates",
    title=T("活动模板", "Campaign templates"),
    clause="M4.2",
    record="review-template",
    columns=(
        Column("campaign", T("来自活动", "From campaign"), always=True),
        Column("shop", T("店铺", "Shop")),
        Column("sales", T("实际销售", "Sales"), align="end"),
        Column("conversion", T("实际转化率", "Conversion"), align="end"),
        Column("basket", T("客单价", "Per buyer"), align="end"),
        Column("roi", T("利润 ROI", "Profit ROI"), align="end"),
        Column("hours", T("下单高峰", "Best hours")),
        Column("made", T("定为模板", "Made")),
    ),
    filters=(Filter("shop", T("店铺", "Shop")),),
    live="review",
)


@page(
    "templates/",
    name="review-templates",
    clause="M4.2",
    permission=Permission.REVIEW_VIEW,
    menu=MenuEntry(T("活动模板", "Templates"), section="marketing", order=84),
)
def templates(request: Request) -> HttpResponse:
    asked = TEMPLATES.read(request)
    rows, next_key = templates_page(request.actor, shop_of(asked), after=asked.after, limit=asked.limit)
    return TEMPLATES.render(
        request,
        asked,
        "review/templates.html",
        rows=[_Line(row) for row in rows],
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
    )


class _Line:
    """A template's row with its rates in words."""

    def __init__(self, row: TemplateRow) -> None:
        self.id, self.row, learned = row.id, row, row.learned
        self.sales = yuan(learned.sales_minor)
        self.conversion = fine_percent(learned.conversion_bp)
        self.basket = yuan(learned.basket_minor)
        self.roi = percent(learned.roi_bp)
        self.hours = _hours(learned)


def _hours(learned: Learned) -> str:
    return " ".join(f"{hour:02d}:00" for hour in learned.best_hours) or NOTHING


def _peak(learned: Learned) -> str:
    hour = learned.best_hour
    return NOTHING if hour is None else f"{hour:02d}:00"


@page("templates/<int:template_id>/", name="review-template", clause="M4.2", permission=Permission.REVIEW_VIEW)
def template(request: Request, template_id: int) -> HttpResponse:
    return _show(request, template_id, FormState())


@page(
    "templates/<int:template_id>/start/",
    name="review-template-start",
    clause="M4.2",
    permission=Campaigns.CAMPAIGN_EDIT,
    methods=("POST",),
)
def start(request: Request, template_id: int) -> HttpResponse:
    """Start the next plan; mistakes show the page again with what was entered."""
    found = template_record(request.actor, template_id)
    if found is None:
        raise Http404
    state = read_form(request.POST, StartFromTemplate, {"template_id": found.row.campaign_id})
    if state.item is not None:
        outcomes = run_once(request, start_from_template, [state.item])
        if outcomes[0].ok:
            done = T("新活动已从模板开始策划", "The next plan has begun")
            return answer_outcomes(request, outcomes, done=done, to="review-template", args=[template_id])
        state.errors[WHOLE] = outcome_text(outcomes[0])
    return _show(request, template_id, state)


def _show(request: Request, template_id: int, state: FormState[StartFromTemplate]) -> HttpResponse:
    found = template_record(request.actor, template_id)
    if found is None:
        raise Http404
    learned = found.row.learned
    response = render_record(
        request,
        "review/template.html",
        _head(found),
        live="review",
        row=found.row,
        figures=_figures(learned),
        chart=_curve(learned),
        goods=[(one, percent(one.sell_through_bp)) for one in learned.goods],
        started=[(plan, [_difference(one) for one in plan.differences]) for plan in found.started],
        state=state,
        may_start=request.actor.may(Campaigns.CAMPAIGN_EDIT),
    )
    if state.errors:
        response.status_code = 422
    return response


def _head(found: TemplateRecord) -> RecordHead:
    row = found.row
    thin = T("订单太少，比率不可参考", "Too few orders: no rates are given")
    return RecordHead(
        title=T("活动模板", "Template"),
        number=row.campaign_code,
        back="review-templates",
        clause="M4.2",
        badges=(Badge(thin, "amber", "alert-triangle"),) if row.learned.is_thin else (),
    )


def _figures(learned: Learned) -> list[Figure]:
    """What was learned, as tiles."""
    visitors = NOTHING if learned.visitors is None else number(learned.visitors)
    orders = T("{n} 单", "{n:# order|# orders}").format(n=number(learned.orders))
    return [
        Figure(T("实际销售", "Sales"), yuan(learned.sales_minor), orders.text()),
        Figure(
            T("实际转化率", "Conversion"), fine_percent(learned.conversion_bp), f"{T('访客', 'Visitors')} {visitors}"
        ),
        Figure(T("客单价", "Per buyer"), yuan(learned.basket_minor)),
        Figure(T("新客占比", "New customers"), percent(learned.new_share_bp), number(learned.new_customers)),
        Figure(T("优惠率", "Discounts"), percent(learned.discount_share_bp)),
        Figure(T("退款率", "Refunds"), percent(learned.refund_share_bp)),
        Figure(T("利润 ROI", "Profit ROI"), percent(learned.roi_bp), f"ROAS {ratio(learned.roas_hundredths)}"),
        Figure(T("下单高峰", "Best hour"), _peak(learned), _hours(learned)),
    ]


def _curve(learned: Learned) -> Chart | None:
    if not learned.hourly_bp:
        return None
    title = T("下单集中在 {hours}", "Orders come at {hours}").format(hours=_hours(learned))
    points = [Point(f"{hour:02d}", part / 10_000) for hour, part in enumerate(learned.hourly_bp)]
    return Chart(ChartKind.COLUMNS, title, points, T("占订单", "Share of orders"), is_rate=True)


def _difference(one: Difference) -> dict[str, Any]:
    """A difference in words: amounts, rates and counts each as people read them."""

    def shown(value: int | None) -> str:
        if one.name in ("sales", "basket"):
            return yuan(value)
        if one.name == "conversion":
            return fine_percent(value)
        return NOTHING if value is None else number(value)

    change = one.change_bp
    return {
        "name": " · ".join(part for part in (str(DIFFERENCES[one.name]), one.about) if part),
        "planned": shown(one.planned),
        "learned": shown(one.learned),
        "change": signed_percent(change),
        "tone": "grey" if change is None else "amber" if change > 0 else "blue",
    }

"""D1.1 on screen: imported figures by period, each with its source, its file and what it replaced."""

from datetime import date

from django.http import Http404, HttpResponse

from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.figures import SetFilter, set_of, sets_page
from shopkeeper.flows.analytics.collection.states import FigureBreakdown, FigurePeriod
from shopkeeper.flows.analytics.collection.words import FIGURES, LABELS, RULES_OF_SOURCES
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.shared.words import T
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

FIGURE_SETS = Listing(
    key="figure_sets",
    title=T("平台数据", "Imported figures"),
    clause="D1.1",
    record="collection-figures-set",
    columns=(
        Column("period", T("统计期", "Period"), always=True),
        Column("shop", T("店铺", "Shop")),
        Column("breakdown", T("范围", "Of")),
        Column("source", T("来源", "Source")),
        Column("visitors", T("访客数", "Visitors"), align="end"),
        Column("buyers", T("支付买家数", "Paying buyers"), align="end"),
        Column("orders", T("支付订单数", "Paid orders"), align="end"),
        Column("paid", T("支付金额", "Paid amount"), align="end"),
        Column("taken", T("导入", "Taken in")),
    ),
    tabs=(
        Tab("current", T("现行", "Current"), counted=False),
        Tab("all", T("含历史", "With history"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("kind", T("统计期", "Period"), choices=[(str(p), LABELS[FigurePeriod][p].text) for p in FigurePeriod]),
        Filter(
            "breakdown",
            T("范围", "Of"),
            choices=[(str(b), LABELS[FigureBreakdown][b].text) for b in FigureBreakdown],
        ),
    ),
    live="collection",
)


@page(
    "figures/",
    name="collection-figures",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
    menu=MenuEntry(T("平台数据", "Imported figures"), section="data", order=80),
)
def figures(request: Request) -> HttpResponse:
    asked = FIGURE_SETS.read(request)
    shop = str(asked.filters.get("shop", ""))
    wanted = SetFilter(
        shop_id=int(shop) if shop.isdecimal() else None,
        period=str(asked.filters.get("kind", "")),
        breakdown=str(asked.filters.get("breakdown", "")),
        day=_day(request.GET.get("day", "")),
        with_replaced=asked.tab == "all",
    )
    rows, next_key = sets_page(request.actor, wanted, after=asked.after_id, limit=asked.limit)
    return FIGURE_SETS.render(
        request,
        asked,
        "collection/figures.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shop_choices(request.actor)},
        may_take_in=request.actor.may(Permission.FIGURES_TAKE_IN),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page("figures/<int:set_id>/", name="collection-figures-set", clause="D1.1", permission=Permission.COLLECTION_VIEW)
def figure_set(request: Request, set_id: int) -> HttpResponse:
    """Everything one sheet says of one period."""
    found = set_of(request.actor, set_id)
    if found is None:
        raise Http404
    names = list(dict.fromkeys(name for values in found.figures.values() for name in values))
    view = {
        "title": T("{shop} · {first}", "{shop} · {first}").format(shop=found.shop, first=found.starts_on.isoformat()),
        "found": found,
        "labels": [FIGURES.get(name, T(name, name)) for name in names],
        "rows": [
            (channel, [(name.endswith("_minor"), values.get(name)) for name in names])
            for channel, values in found.figures.items()
        ],
        "rule": RULES_OF_SOURCES[found.source],
    }
    return render_page(request, "collection/figure_set.html", view)

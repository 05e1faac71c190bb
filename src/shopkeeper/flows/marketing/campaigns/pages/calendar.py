"""The marketing calendar (M1.1): festivals, platform dates and seasons beside the own campaigns, and what to sell."""

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.commands.make_ideas import MakeIdea, make_ideas
from shopkeeper.flows.marketing.campaigns.commands.set_calendar_days import SetCalendarDay, set_calendar_days
from shopkeeper.flows.marketing.campaigns.commands.writing import PlannedGoods
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.queries.goods import Suggestion, stock_suggestions
from shopkeeper.flows.marketing.campaigns.queries.lists import origins_taken
from shopkeeper.flows.marketing.campaigns.queries.month import month_of
from shopkeeper.flows.marketing.campaigns.rules.occasions import Occasion, occasion_of, occasions_between
from shopkeeper.flows.marketing.campaigns.words import OCCASION_KINDS, OCCASIONS
from shopkeeper.foundation import business_time
from shopkeeper.foundation.naming import open_shops_of
from shopkeeper.shared.clock import at_time, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import FormState, read_form
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

AHEAD = timedelta(days=120)  # how far the list of occasions to come looks
CLEARANCE_DAYS = 7
CLEARANCE_IN = timedelta(days=21)  # a clearance is proposed so far ahead; people move it
ALL_DAY = time(0, 0)


@page(
    "calendar/",
    name="campaign-calendar",
    clause="M1.1",
    permission=Permission.CAMPAIGN_VIEW,
    menu=MenuEntry(T("营销日历", "Marketing calendar"), section="marketing", order=10),
)
def calendar(request: Request) -> HttpResponse:
    return _show(request, FormState())


def _show(request: Request, state: FormState[SetCalendarDay]) -> HttpResponse:
    now = business_time.now()
    today = day_of(now)
    shops = open_shops_of(request.actor)
    shop_id = _shop(request.GET.get("shop", ""), shops)
    month = month_of(request.actor, _first(request.GET.get("month", ""), today), today, shop_id)
    coming = [one for one in occasions_between(today, today + AHEAD) if one.first >= today]
    found = stock_suggestions(request.actor, shop_id) if shop_id else []
    taken = _taken(request, shop_id, coming, found)
    return render_page(
        request,
        "campaigns/calendar.html",
        {
            "month": month,
            "weekdays": [T("一", "Mon"), T("二", "Tue"), T("三", "Wed"), T("四", "Thu"), T("五", "Fri"),
                         T("六", "Sat"), T("日", "Sun")],
            "occasion_words": OCCASIONS,
            "weeks": [[(day, [(one, OCCASIONS[one.key]) for one in day.occasions]) for day in week]
                      for week in month.weeks],
            "coming": [(one, OCCASIONS[one.key], OCCASION_KINDS[one.kind], taken.get(one.origin), _days(one, today))
                       for one in coming],
            "suggestions": [(one, taken.get(one.origin)) for one in found],
            "shops": shops,
            "shop_id": shop_id,
            "state": state,
            "may_edit": request.actor.may(Permission.CAMPAIGN_EDIT) and shop_id is not None,
            "may_set_days": request.actor.may(Permission.CALENDAR_EDIT),
        },
        status=422 if state.errors else 200,
    )  # fmt: skip


def _taken(request: Request, shop_id: int | None, coming: list[Occasion], found: list[Suggestion]) -> dict[str, int]:
    origins = [*(one.origin for one in coming), *(one.origin for one in found)]
    return origins_taken(request.actor, shop_id, origins) if shop_id else {}


def _days(one: Occasion, today: date) -> int:
    return (one.first - today).days


def _first(asked: str, today: date) -> date:
    """The first day of the month asked for; this month's where it cannot be read."""
    try:
        found = datetime.strptime(asked, "%Y-%m").date()  # noqa: DTZ007  (a month, no moment)
    except ValueError:
        found = today
    within = date(2000, 1, 1) <= found <= date(2100, 12, 31)
    return (found if within else today).replace(day=1)


def _shop(asked: str, shops: list[tuple[str, str]]) -> int | None:
    """The shop asked for, else the oldest."""
    known = [key for key, _ in shops]
    return int(asked if asked in known else min(known, key=int)) if known else None


@page("ideas/", name="campaign-idea", clause="M1.1", permission=Permission.CAMPAIGN_EDIT, methods=("POST",))
def idea(request: Request) -> HttpResponse:
    """One click makes an idea of an occasion or of goods that lie too long."""
    shop_id = request.POST.get("shop_id", "")
    item = _idea(request, int(shop_id) if shop_id.isdecimal() and len(shop_id) < 19 else 0)
    if item is None:
        raise Http404
    outcomes = run_once(request, make_ideas, [item])
    target = reverse("campaign", args=[outcomes[0].id]) if outcomes[0].ok else None
    return answer_outcomes(request, outcomes, done=T("已加入活动意向", "Put down as an idea"), to=target)


def _idea(request: Request, shop_id: int) -> MakeIdea | None:
    kind, _, rest = request.POST.get("origin", "").partition(":")
    if kind == "occasion":
        key, _, year = rest.partition(":")
        found = occasion_of(key, int(year)) if year.isdecimal() and len(year) == 4 else None
        return _of_occasion(found, shop_id) if found else None
    wanted = [one for one in stock_suggestions(request.actor, shop_id) if one.origin == request.POST.get("origin")]
    return _of_stock(wanted[0], shop_id) if wanted else None


def _of_occasion(one: Occasion, shop_id: int) -> MakeIdea:
    name = f"{one.year} {OCCASIONS[one.key].text()}"
    return MakeIdea(
        shop_id,
        f"{one.key}-{one.year}",
        name,
        at_time(one.first, ALL_DAY),
        at_time(one.last + timedelta(days=1), ALL_DAY),
        origin=one.origin,
    )


def _of_stock(one: Suggestion, shop_id: int) -> MakeIdea:
    first = day_of(business_time.now()) + CLEARANCE_IN
    words = T("清仓：{name}", "Clearance: {name}").format(name=one.name).text()
    return MakeIdea(
        shop_id,
        f"clear-{one.code}-{first:%y%m%d}"[:40],
        words[:80],
        at_time(first, ALL_DAY),
        at_time(first + timedelta(days=CLEARANCE_DAYS), ALL_DAY),
        theme=_why(one).text()[:200],
        origin=one.origin,
        goods=(PlannedGoods(one.sku_id, max(one.free // 2, 1), one.price_minor),),
    )


def _why(one: Suggestion) -> T:
    if one.days_of_stock is None:
        return T(
            "{days} 天没有卖出，现有 {free} 件", "Nothing sold in {days:# day|# days}, {free:# piece|# pieces}"
        ).format(days=one.days, free=one.free)
    return T("现有 {free} 件，够卖 {n} 天", "{free:# piece|# pieces}, {n:# day|# days} of stock").format(
        free=one.free, n=one.days_of_stock
    )


@page("days/", name="campaign-days", clause="M1.1", permission=Permission.CALENDAR_EDIT, methods=("POST",))
def days(request: Request) -> HttpResponse:
    """Enter a day of the yearly notice: worked, or off."""
    state = read_form(request.POST, SetCalendarDay)
    if state.item is None:
        return _show(request, state)
    outcomes = run_once(request, set_calendar_days, [state.item])
    return answer_outcomes(request, outcomes, done=T("已记下", "Noted"), to="campaign-calendar")

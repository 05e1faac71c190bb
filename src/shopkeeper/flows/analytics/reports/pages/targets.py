"""D2.3 on screen: a month's targets, set by whoever answers for them."""

from datetime import date

from django.http import HttpResponse

from shopkeeper.flows.analytics.reports.commands.set_targets import SetTarget, set_targets
from shopkeeper.flows.analytics.reports.pages.asking import day_in, number_of
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.queries.targets import targets_of_month
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, SMALLEST, Unit
from shopkeeper.flows.analytics.reports.rules.metrics import headlines
from shopkeeper.flows.analytics.reports.words import ALL_SHOPS, UNITS, target_shown
from shopkeeper.foundation import business_time
from shopkeeper.foundation.naming import shops_of
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page


@page(
    "targets/",
    name="reports-targets",
    clause="D2.3",
    permission=Permission.REPORT_VIEW,
    methods=("GET", "POST"),
    menu=MenuEntry(T("经营目标", "Targets"), section="data", order=40),
)
def targets(request: Request) -> HttpResponse:
    """The targets of a month, and the form to set one; reports are held against their part of it."""
    month = _month(request.GET.get("month", "") or request.POST.get("month", ""))
    state: FormState[SetTarget] = FormState(values={"month": f"{month:%Y-%m}", "metric_id": "paid_amount"})
    if request.method == "POST":
        state = _read(request)
        if state.item is not None:
            outcomes = run_once(request, set_targets, [state.item])
            if outcomes[0].ok:
                return answer_outcomes(
                    request, outcomes, done=T("目标已设定", "The target is set"), to=request.get_full_path()
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("经营目标", "Targets"),
        "month": month,
        "months": _around(month),
        "rows": [
            (row, target_shown(row.metric, row.value, row.currency)) for row in targets_of_month(request.actor, month)
        ],
        "shops": shops_of(request.actor),
        "sees_all": request.actor.shops is None,
        "all_shops": ALL_SHOPS,
        "metrics": [(metric.id, f"{metric.name} ({UNITS[metric.unit]})") for metric in headlines()],
        "state": state,
        "may_set": request.actor.may(Permission.TARGET_SET),
    }
    return render_page(request, "reports/targets.html", view, status=422 if state.errors else 200)


def _month(text: str) -> date:
    return day_in(f"{text[:7]}-01") or day_of(business_time.now()).replace(day=1)


def _around(month: date) -> list[date]:
    """The month, the one before and the one after."""
    places = [month.year * 12 + month.month - 1 + n for n in (-1, 0, 1)]
    return [date(place // 12, place % 12 + 1, 1) for place in places]


def _read(request: Request) -> FormState[SetTarget]:
    """People write yuan, per cent and hours; targets are kept in smallest parts."""
    posted = request.POST
    state: FormState[SetTarget] = FormState(values={name: posted[name] for name in posted})
    metric = METRICS.get(posted.get("metric_id", ""))
    month = day_in(f"{posted.get('month', '')[:7]}-01")
    if metric is None:
        state.errors["metric_id"] = str(T("请从列表里选", "Choose from the list"))
    if month is None:
        state.errors["month"] = str(T("请填月份", "Enter a month"))
    value = _parts(posted.get("value", ""), metric.unit if metric else Unit.COUNT)
    if value is None:
        state.errors["value"] = str(T("请填大于 0 的数字", "Enter a number above zero"))
    if metric and month and value:
        state.item = SetTarget(number_of(posted.get("shop_id", "")), metric.id, month, value)
    return state


def _parts(text: str, unit: Unit) -> int | None:
    """12.5 (%) as 1,250 parts of 10,000; 12.5 (yuan) as 1,250 fen."""
    try:
        value = float(text.strip().replace(",", "").rstrip("%"))
    except ValueError:
        return None
    scale = {Unit.MONEY: 100, Unit.SHARE: 100}.get(unit, SMALLEST[unit])
    parts = round(value * scale) if 0 < value < 10**12 else 0
    return parts or None

"""D2.2, D2.3, D2.4 on screen: a part of a report by itself, and what the data specialist writes about it."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.reports.commands.analyse_reports import (
    AnalyseReport,
    analyse_customers,
    analyse_sales,
    analyse_traffic,
)
from shopkeeper.flows.analytics.reports.documents.paper import days_shown, report_paper
from shopkeeper.flows.analytics.reports.pages.shown import section_view
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.flows.analytics.reports.rules.analyses import are_needed
from shopkeeper.flows.analytics.reports.rules.spans import Span
from shopkeeper.flows.analytics.reports.states import SIGNABLE, Block, Part
from shopkeeper.flows.analytics.reports.words import ALL_SHOPS, ANALYSES, BEFORE
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page, render_page

BOTH = ("GET", "POST")
COMMANDS = {Part.TRAFFIC: analyse_traffic, Part.SALES: analyse_sales, Part.CUSTOMERS: analyse_customers}
BLOCKS_OF = {
    Part.TRAFFIC: (Block.TRAFFIC,),
    Part.SALES: (Block.SALES, Block.GOODS),
    Part.CUSTOMERS: (Block.CUSTOMERS, Block.SERVICE, Block.FULFILMENT),
}


@page(
    "<int:report_id>/traffic/", name="reports-traffic", clause="D2.2", permission=Permission.REPORT_VIEW, methods=BOTH
)
def traffic(request: Request, report_id: int) -> HttpResponse:
    """Channels, behaviour, funnel."""
    return _part(request, report_id, Part.TRAFFIC)


@page("<int:report_id>/sales/", name="reports-sales", clause="D2.3", permission=Permission.REPORT_VIEW, methods=BOTH)
def sales(request: Request, report_id: int) -> HttpResponse:
    """Sales, margin, goods, stock."""
    return _part(request, report_id, Part.SALES)


@page(
    "<int:report_id>/customers/",
    name="reports-customers",
    clause="D2.4",
    permission=Permission.REPORT_VIEW,
    methods=BOTH,
)
def customers(request: Request, report_id: int) -> HttpResponse:
    """Customers, service, fulfilment."""
    return _part(request, report_id, Part.CUSTOMERS)


def _part(request: Request, report_id: int, part: Part) -> HttpResponse:
    state: FormState[AnalyseReport] = FormState()
    if request.method == "POST":
        state = read_form(request.POST, AnalyseReport, {"report_id": report_id})
        if state.item is not None:
            outcomes = run_once(request, COMMANDS[part], [state.item])
            if outcomes[0].ok:
                words = T("分析已保存", "The analysis is saved")
                return answer_outcomes(request, outcomes, done=words, to="reports-report", args=[report_id])
            state.errors[WHOLE] = outcome_text(outcomes[0])
    found = report_record(request.actor, report_id)
    if found is None:
        raise Http404
    row = found.row
    span, sections = Span(row.first_day, row.last_day), report_paper(found).sections if found.version else []
    if not state.values:
        state.values = {"words": row.analysis(part)}
    is_needed = are_needed(read_policies()("report_analyses", row.shop_id), row.period)
    view = {
        "title": ANALYSES[part],
        "is_needed": is_needed,
        "due_at": row.due_at if is_needed and not row.analysis(part) else None,
        "row": row,
        "part": str(part),
        "shop": row.shop or ALL_SHOPS,
        "days": days_shown(row.first_day, row.last_day),
        "before_title": BEFORE[row.period],
        "back": reverse("reports-report", args=[row.id]),
        "sections": [
            section_view(request, section, span, row.shop_id)
            for section in sections
            if section.block in BLOCKS_OF[part]
        ],
        "state": state,
        "may_analyse": row.state in SIGNABLE and request.actor.may(Permission.REPORT_ANALYSE),
    }
    return render_page(request, "reports/part.html", view, status=422 if state.errors else 200)

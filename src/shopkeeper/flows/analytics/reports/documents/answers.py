"""《运营数据分析报告》 as a file. Both doors use it."""

import io

from django.http import HttpResponse

from shopkeeper.flows.analytics.reports.documents.paper import report_paper
from shopkeeper.flows.analytics.reports.papers.operations_report import operations_report_pdf, operations_report_xlsx
from shopkeeper.flows.analytics.reports.queries.reports import report_record
from shopkeeper.foundation.actor import Actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_answer(viewer: Actor, report_id: int, kind: str, version: int | None = None) -> HttpResponse | None:
    """D2.1: a report as "pdf" or "xlsx"; None where there is no such report, or nothing of it yet."""
    found = report_record(viewer, report_id, version)
    if found is None or not found.version:
        return None
    paper, row = report_paper(found), found.row
    name = f"report-{row.period}-{row.shop_id or 'all'}-{row.first_day:%Y%m%d}-v{found.version}.{kind}"
    if kind == "xlsx":
        target = io.BytesIO()
        operations_report_xlsx(paper, target)
        answer = HttpResponse(target.getvalue(), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    answer = HttpResponse(operations_report_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer

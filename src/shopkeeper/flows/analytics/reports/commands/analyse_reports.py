"""D2.2, D2.3, D2.4: what traffic, sales and customers say, and why, in the data specialist's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.reports.commands.scope import OfReport
from shopkeeper.flows.analytics.reports.events import ReportAnalysed
from shopkeeper.flows.analytics.reports.permissions import Permission
from shopkeeper.flows.analytics.reports.sql import reports as sql
from shopkeeper.flows.analytics.reports.states import ENDED, Part, ReportState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class AnalyseReport:
    """What changed and why, by the figures of the report. No customer's name belongs there."""

    report_id: int
    words: Annotated[str, Field(max_length=2_000)]


@command(clause="D2.2", permission=Permission.REPORT_ANALYSE, scope=OfReport())
def analyse_traffic(step: Step, items: Sequence[AnalyseReport]) -> list[Outcome]:
    """Write what channels, behaviour and funnel say; may be changed until the signature.

    Refused: "report_analysis_needed", "report_not_made", "report_signed". The same words are unchanged.
    """
    return _analyse(step, items, Part.TRAFFIC)


@command(clause="D2.3", permission=Permission.REPORT_ANALYSE, scope=OfReport())
def analyse_sales(step: Step, items: Sequence[AnalyseReport]) -> list[Outcome]:
    """Write what sales, margin and goods say. Refused and unchanged as for traffic."""
    return _analyse(step, items, Part.SALES)


@command(clause="D2.4", permission=Permission.REPORT_ANALYSE, scope=OfReport())
def analyse_customers(step: Step, items: Sequence[AnalyseReport]) -> list[Outcome]:
    """Write what customers, service and fulfilment say. Refused and unchanged as for traffic."""
    return _analyse(step, items, Part.CUSTOMERS)


def _analyse(step: Step, items: Sequence[AnalyseReport], part: Part) -> list[Outcome]:
    rows = {row.id: row for row in sql.LOCK.rows(ids=[item.report_id for item in items])}
    written: dict[int, str] = {}
    outcomes = []
    for item in items:
        row, words = rows[item.report_id], item.words.strip()
        if not words:
            outcomes.append(refused("report_analysis_needed", row.id))
        elif words == written.get(row.id, getattr(row, f"{part}_analysis")):
            outcomes.append(unchanged(row.id))
        elif row.state in ENDED:
            outcomes.append(refused("report_signed", row.id))
        elif row.state == ReportState.MAKING:
            outcomes.append(refused("report_not_made", row.id))
        else:
            written[row.id] = words
            outcomes.append(done(row.id))
    if written:
        sql.ANALYSE.run(part=str(part), ids=list(written), words=list(written.values()))
    step.emit(*(ReportAnalysed(id_, rows[id_].shop_id, str(part)) for id_ in written))
    return outcomes

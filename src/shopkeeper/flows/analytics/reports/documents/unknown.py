"""Why a figure that has a source is none all the same, in words."""

from shopkeeper.flows.analytics.reports.documents.members import Members
from shopkeeper.flows.analytics.reports.queries.reports import ReportRecord
from shopkeeper.flows.analytics.reports.rules.metric import METRICS, Dimension
from shopkeeper.flows.analytics.reports.rules.snapshot import UNSEEN
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.flows.analytics.reports.words import WHY_UNKNOWN
from shopkeeper.shared.words import T, listed


def why_unknown(found: ReportRecord, metric_id: str) -> tuple[str, list[int]] | None:
    """The reason and the shops it is about; None where the figure is known, or no source says anything of it."""
    why = found.block(str(METRICS[metric_id].block)).get("unknown", {}).get("now", {}).get(metric_id)
    return (why[0], why[1]) if why else None


def is_unseen(found: ReportRecord, metric_id: str) -> bool:
    """Is it unknown because shops with buyers have no visitors on record?"""
    why = why_unknown(found, metric_id)
    return why is not None and why[0] == UNSEEN


def notes_on_unknown(found: ReportRecord, block: Block, members: Members) -> list[str]:
    """A sentence for each reason, with all the figures and shops it is about."""
    by_reason: dict[tuple[str, tuple[int, ...]], list[T]] = {}
    for metric in METRICS.values():
        why = why_unknown(found, metric.id) if metric.block is block else None
        if why:
            by_reason.setdefault((why[0], tuple(why[1])), []).append(metric.name)
    return [
        WHY_UNKNOWN[code]
        .format(metrics=listed(names), shops=listed(members.name(Dimension.SHOP, shop) for shop in shops))
        .text()
        for (code, shops), names in by_reason.items()
    ]

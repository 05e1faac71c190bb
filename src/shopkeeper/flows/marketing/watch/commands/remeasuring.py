"""M3.2: figures of an hour came late or were put right: what was measured by that hour is measured anew."""

from collections.abc import Collection

from shopkeeper.flows.marketing.watch.commands.acting import Span, measure
from shopkeeper.flows.marketing.watch.commands.counting import HourKey
from shopkeeper.flows.marketing.watch.rules.effects import AFTER_HOURS, span_after, span_before
from shopkeeper.flows.marketing.watch.sql import alerts as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json


def remeasure(step: Step, hours: Collection[HourKey]) -> None:
    """Take the figures of actions around these hours again: those before, and those after where they were measured."""
    keys = sorted(set(hours))
    if not keys:
        return
    rows = sql.LOCK_AROUND.rows(
        campaigns=[campaign_id for campaign_id, _ in keys],
        hours=[hour for _, hour in keys],
        most=max(AFTER_HOURS),
    )
    if not rows:
        return
    one, three = AFTER_HOURS
    spans = [
        Span(row.campaign_id, row.sku_id, *times)
        for row in rows
        for times in (span_before(row.taken_at), span_after(row.taken_at, one), span_after(row.taken_at, three))
    ]
    found = [figures.plain() for figures in measure(step, spans)]
    sql.REMEASURE.run(
        effects=as_json(
            [
                {"id": row.id, "before": found[n], "one": found[n + 1], "three": found[n + 2]}
                for n, row in zip(range(0, len(found), 3), rows, strict=True)
            ]
        )
    )

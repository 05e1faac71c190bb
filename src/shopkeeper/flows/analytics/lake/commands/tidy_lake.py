"""D1.1: each night stock is written down as it stands, fresh files become day files, and what nobody reads goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shopkeeper.flows.analytics.lake.commands.tidying import merge_fresh
from shopkeeper.flows.analytics.lake.commands.write_lake import arm_night
from shopkeeper.flows.analytics.lake.commands.writing import begin
from shopkeeper.flows.analytics.lake.models import THE_LAKE
from shopkeeper.flows.analytics.lake.permissions import Permission
from shopkeeper.flows.analytics.lake.queries.rows import Row
from shopkeeper.flows.analytics.lake.records import files
from shopkeeper.flows.analytics.lake.sql import manifest as sql
from shopkeeper.flows.products.publishing.queries.facts import sku_standings
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.clock import day_of, machine_now
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.policy import policies

PIECE = 5_000
NIGHT = timedelta(hours=12)  # a night belongs to the day that ends with it, whichever side of midnight it begins on
LEFT_BEHIND_S = 3_600.0


@dataclass(frozen=True, slots=True)
class TidyLake:
    watermark_id: int = THE_LAKE


@command(clause="D1.1", permission=Permission.WRITE, scope=EVERYWHERE, internal=True)
def tidy_lake(step: Step, items: Sequence[TidyLake]) -> list[Outcome]:
    """Write the day's stock, merge fresh files, forget what was replaced long ago, and set the next night.

    Files are removed hours after they were replaced, by the machine's time: who reads them has long finished.
    """
    batch = begin(step)
    batch.put({"stock_days": _stock(batch.number, evening_of(step.now))})
    batch.list_files()
    stock = len(batch.written)
    replaced = merge_fresh(batch)
    merged, batch.written = batch.written[stock:], batch.written[stock:]
    batch.list_files(replaced)
    sql.TIDIED.run(batch=batch.number, now=step.now)
    removed = _forget(step)
    arm_night(step)
    outcome = done(THE_LAKE, merged=len(merged), replaced=len(replaced), removed=removed)
    return [outcome, *(unchanged(item.watermark_id) for item in items[1:])]


def evening_of(moment: datetime) -> date:
    """The day at whose end a nightly run stands."""
    return day_of(moment - NIGHT)


def _stock(version: int, day: date) -> list[Row]:
    """Every SKU as it stands, a piece at a time."""
    rows: list[Row] = []
    after = 0
    while standings := sku_standings(after, PIECE):
        rows += [
            {
                "biz_date": day,
                files.HOME: day,
                "version": version,
                "sku_id": standing.sku_id,
                "on_hand": standing.on_hand,
                "cost_minor": standing.cost_minor,
                "is_on_sale": standing.is_on_sale,
            }
            for standing in standings
        ]
        after = standings[-1].sku_id
    return rows


def _forget(step: Step) -> int:
    """Remove files replaced long ago, and what killed runs left behind."""
    before = machine_now() - timedelta(hours=policies(step)("lake_replaced_hours"))
    names = [row.name for row in sql.FORGET.rows(before=before)]
    known = {row.name for row in sql.KNOWN.rows()}
    return files.remove([*names, *files.unlisted(known, LEFT_BEHIND_S, machine_now().timestamp())])

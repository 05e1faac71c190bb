"""The collector's closed files and imported figures become rows of the lake; what was put back is written again."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from shopkeeper.flows.analytics.collection.queries.figures import figures_of_sets, sets_after
from shopkeeper.flows.analytics.collection.queries.spools import ClosedSpool, TrafficRow, closed_spools, spool_rows
from shopkeeper.flows.analytics.lake.commands.judging import count_traffic, known_sources
from shopkeeper.flows.analytics.lake.commands.writing import Batch
from shopkeeper.flows.analytics.lake.queries.rows import Row
from shopkeeper.flows.analytics.lake.queries.zones import shop_zones
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.flows.analytics.lake.records.files import HOME
from shopkeeper.flows.analytics.lake.rules.cleaning import (
    EVERYBODY,
    TrafficKey,
    key_of_event,
    traffic_key,
    traffic_rule,
)
from shopkeeper.flows.analytics.lake.rules.times import zone_of
from shopkeeper.flows.analytics.lake.states import CleaningRule, SourceKind

SPOOLS_MOST = 20
SETS_MOST = 5_000
LOOK_BACK = 200  # sets of other shops that commit later than one with a higher number; written again they are the same


def take_in_spools(batch: Batch) -> tuple[list[Row], int]:
    """Rows of the next files, and the number of the last of them. A file that is gone is passed over."""
    spools = closed_spools(batch.was.spool_id, SPOOLS_MOST)
    events = [(spool, place, event) for spool in spools for place, event in enumerate(_events(spool))]
    if not events:
        return [], spools[-1].id if spools else batch.was.spool_id
    zones = shop_zones()
    staff = known_sources(SourceKind.STAFF_VISITOR)
    rows: list[Row] = []
    keys: list[TrafficKey | None] = []
    for spool, place, event in events:
        at = event.at.astimezone(zone_of(zones[event.shop_id])).replace(tzinfo=None)
        rule = traffic_rule(event.mark, event.visitor, staff)
        keys.append(key_of_event(event.shop_id, at.date(), event.visitor, rule) if rule else None)
        rows.append(_row(event, at, batch.number, f"#{spool.id}-{place}" if rule == CleaningRule.DUPLICATE else ""))
    held = count_traffic(batch.step, Counter(key for key in keys if key))
    for row, key in zip(rows, keys, strict=True):
        row["mark"] = held.get(str(key), "") if key else ""
    return rows, spools[-1].id


def _events(spool: ClosedSpool) -> list[TrafficRow]:
    try:
        return list(spool_rows(spool))
    except FileNotFoundError:
        return []


def _row(event: TrafficRow, at: datetime, version: int, copy: str) -> Row:
    """One event; a copy of one that came before gets a name of its own, so that it never replaces the first."""
    return {
        "biz_date": at.date(),
        HOME: at.date(),
        "shop_id": event.shop_id,
        "version": version,
        "event_id": f"{event.event_id}{copy}",
        "kind": event.kind,
        "visitor": event.visitor,
        "session": event.session,
        "channel": event.channel,
        "page": event.page,
        "sku_id": event.sku_id,
        "at": at,
        "stay_ms": event.stay_ms,
    }


def put_back_rows(batch: Batch, keys: Collection[str]) -> list[Row]:
    """The rows that these verdicts held out, as they are, without the mark."""
    rows: list[Row] = []
    if not keys:
        return rows
    with connect() as lake:
        for key in map(traffic_key, sorted(keys)):
            table = lake.table("traffic", key.day, key.day, with_set_aside=True, with_home=True)
            held = table.filter(table.shop_id == key.shop_id, table.mark == str(key.rule))
            if key.visitor != EVERYBODY:
                held = held.filter(held.visitor == key.visitor)
            rows += [{**row, "mark": "", "version": batch.number} for row in lake.rows(held)]
    return rows


def take_in_figures(batch: Batch) -> tuple[list[Row], int]:
    """Imported figures as rows, and the number of their last set; a newer file's figure replaces an older's."""
    sets = sets_after(max(0, batch.was.figure_set_id - LOOK_BACK), SETS_MOST)
    rows = [
        {
            "biz_date": fact.day,
            HOME: fact.day,
            "shop_id": fact.shop_id,
            "version": fact.version,
            "mark": fact.mark,
            "source": fact.source,
            "period": fact.period,
            "channel": fact.channel,
            "figure": fact.figure,
            "value": fact.value,
        }
        for fact in figures_of_sets(sets)
    ]
    return rows, max([batch.was.figure_set_id, *sets])

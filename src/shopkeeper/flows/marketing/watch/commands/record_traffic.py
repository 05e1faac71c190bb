"""M3.1: an hour's traffic goes on record: typed, pasted, from the platform's export, or from the own collector."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from shopkeeper.flows.marketing.watch.commands.judging import judge
from shopkeeper.flows.marketing.watch.commands.remeasuring import remeasure
from shopkeeper.flows.marketing.watch.deadlines import HOUR_RECORD
from shopkeeper.flows.marketing.watch.events import TrafficCorrected, TrafficRecorded
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.hours import is_whole
from shopkeeper.flows.marketing.watch.sql import hours as hours_sql
from shopkeeper.flows.marketing.watch.sql import traffic as sql
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of, is_thinkable
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies

MOST = 1_000_000_000
Key = tuple[int, int | None, datetime, str]  # shop, campaign, hour, source
BY_HAND = (TrafficSource.TYPED, TrafficSource.PASTED)


@dataclass(frozen=True, slots=True)
class RecordTraffic:
    """One hour of one source. Without `campaign_id` it is the whole shop's; `hour` is when the hour began.

    `digest` is the file's where there is one. Who changes figures by hand says why.
    """

    shop_id: int
    hour: datetime
    visitors: Annotated[int, Field(ge=0, le=MOST)]
    exposures: Annotated[int, Field(ge=0, le=MOST)] | None = None
    clicks: Annotated[int, Field(ge=0, le=MOST)] | None = None
    campaign_id: int | None = None
    source: TrafficSource = TrafficSource.TYPED
    reason: Annotated[str, Field(max_length=300)] = ""
    digest: Annotated[str, Field(max_length=64)] = ""

    @property
    def key(self) -> Key:
        return self.shop_id, self.campaign_id, self.hour, str(self.source)


@command(clause="M3.1", permission=Permission.TRAFFIC_RECORD, scope=InShop())
def record_traffic(step: Step, items: Sequence[RecordTraffic]) -> list[Outcome]:
    """Keep hours of traffic; the hour's record is done with it, and live campaigns are judged anew.

    Sources stand side by side; the same source again replaces its figures, and the earlier ones are kept. The same
    figures again are unchanged. Refused: "not_found" for a campaign of another shop, "hour_not_whole",
    "hour_not_begun", "hour_too_old", "clicks_over_exposures", "collector_is_systems", "day_signed",
    "correction_reason_needed".
    """
    shops = _shops(items)
    signed = _signed(items, shops)
    refusals = [_refusal(step, item, shops, signed) for item in items]
    good = {item.key: item for item, code in zip(items, refusals, strict=True) if not code}
    made = {(r.shop_id, r.campaign_id, r.hour, r.source): r.id for r in _make(step, list(good.values()))}
    known = {(r.shop_id, r.campaign_id, r.hour, r.source): r for r in _lock([k for k in good if k not in made])}
    replaced: dict[Key, RecordTraffic] = {}
    outcomes: list[Outcome] = []
    for item, code in zip(items, refusals, strict=True):
        if code:
            days = policies(step)("watch_traffic_back_days", item.shop_id)
            outcomes.append(refused(code, days=days))
        elif good[item.key] is not item:
            outcomes.append(unchanged())  # a later line of the batch says this hour
        elif item.key in made:
            outcomes.append(done(made[item.key], replaced=False))
        else:
            outcomes.append(_against(item, known[item.key]))
            if outcomes[-1].changed:
                replaced[item.key] = item
    _replace(step, replaced, known)
    _announce(step, made, replaced, known)
    _conclude(step, [*made, *replaced])
    return outcomes


def _shops(items: Sequence[RecordTraffic]) -> dict[tuple[int, int | None], ZoneInfo]:
    keys = sorted({(item.shop_id, item.campaign_id or 0) for item in items})
    rows = sql.SHOPS.rows(keys=as_json([{"shop_id": s, "campaign_id": c or None} for s, c in keys]))
    return {(row.shop_id, row.campaign_id): ZoneInfo(row.zone) for row in rows}


def _signed(
    items: Sequence[RecordTraffic], shops: dict[tuple[int, int | None], ZoneInfo]
) -> dict[tuple[int, date], set[int]]:
    """Campaigns whose sheet of a day is signed, by shop and day."""
    days = {(i.shop_id, day_of(i.hour, shops[i.shop_id, i.campaign_id])) for i in items if _is_known(i, shops)}
    found: dict[tuple[int, date], set[int]] = {}
    for row in sql.SIGNED.rows(shops=sorted({s for s, _ in days}), days=sorted({d for _, d in days})):
        found.setdefault((row.shop_id, row.day), set()).add(row.campaign_id)
    return found


def _is_known(item: RecordTraffic, shops: dict[tuple[int, int | None], ZoneInfo]) -> bool:
    return (item.shop_id, item.campaign_id) in shops and item.hour.tzinfo is not None and is_thinkable(item.hour)


def _refusal(
    step: Step,
    item: RecordTraffic,
    shops: dict[tuple[int, int | None], ZoneInfo],
    signed: dict[tuple[int, date], set[int]],
) -> str:
    """Empty where the figures may stand."""
    if (item.shop_id, item.campaign_id) not in shops:
        return "not_found"
    if item.hour.tzinfo is None or not is_whole(item.hour):
        return "hour_not_whole"
    back = timedelta(days=policies(step)("watch_traffic_back_days", item.shop_id))
    if item.hour > step.now:
        return "hour_not_begun"
    if item.hour < step.now - back:
        return "hour_too_old"
    if item.exposures is not None and item.clicks is not None and item.clicks > item.exposures:
        return "clicks_over_exposures"
    if item.source == TrafficSource.COLLECTOR and step.actor.kind != "system":
        return "collector_is_systems"
    campaigns = signed.get((item.shop_id, day_of(item.hour, shops[item.shop_id, item.campaign_id])), set())
    return "day_signed" if item.campaign_id in campaigns or (item.campaign_id is None and campaigns) else ""


def _make(step: Step, items: Sequence[RecordTraffic]) -> list[sql.MadeRow]:
    if not items:
        return []
    rows = [{**_key(item.key), **_figures(item), "digest": item.digest} for item in items]
    return sql.MAKE.rows(now=step.now, actor_id=step.actor.id, rows=as_json(rows))


def _lock(keys: Sequence[Key]) -> list[sql.TrafficRow]:
    return sql.LOCK.rows(keys=as_json([_key(key) for key in keys])) if keys else []


def _key(key: Key) -> dict[str, Any]:
    return dict(zip(("shop_id", "campaign_id", "hour", "source"), key, strict=True))


def _figures(item: RecordTraffic | sql.TrafficRow) -> dict[str, int | None]:
    return {"exposures": item.exposures, "clicks": item.clicks, "visitors": item.visitors}


def _against(item: RecordTraffic, row: sql.TrafficRow) -> Outcome:
    """Figures that stand already, against what is said now."""
    if _figures(item) == _figures(row):
        return unchanged(row.id)
    if item.source in BY_HAND and not item.reason.strip():
        return refused("correction_reason_needed", row.id, visitors=row.visitors)
    return done(row.id, replaced=True)


def _replace(step: Step, replaced: dict[Key, RecordTraffic], known: dict[Key, sql.TrafficRow]) -> None:
    if not replaced:
        return
    earlier = [{"id": known[key].id, "reason": item.reason.strip()} for key, item in replaced.items()]
    sql.KEEP_EARLIER.run(now=step.now, actor_id=step.actor.id, rows=as_json(earlier))
    rows = [{"id": known[key].id, **_figures(item), "digest": item.digest} for key, item in replaced.items()]
    sql.REPLACE.run(now=step.now, actor_id=step.actor.id, rows=as_json(rows))


def _announce(
    step: Step, made: dict[Key, int], replaced: dict[Key, RecordTraffic], known: dict[Key, sql.TrafficRow]
) -> None:
    for (shop, campaign, hour, source), id_ in made.items():
        step.emit(TrafficRecorded(id_, shop, campaign, hour.isoformat(), source))
    for key in replaced:
        shop, campaign, hour, source = key
        step.emit(TrafficCorrected(known[key].id, shop, campaign, hour.isoformat(), source))


def _conclude(step: Step, keys: Sequence[Key]) -> None:
    """Close the records these hours were awaited for, measure and judge the campaigns they belong to anew."""
    if not keys:
        return
    hours = [{"shop_id": shop, "campaign_id": campaign, "hour": hour} for shop, campaign, hour, _ in keys]
    readings = hours_sql.READINGS_AT.rows(hours=as_json(hours))
    close(step, HOUR_RECORD, sorted({row.id for row in readings}))
    watches = hours_sql.LOCK_WATCHES.rows(campaigns=sorted({row.campaign_id for row in readings}))
    remeasure(step, [(row.campaign_id, row.hour) for row in readings])
    judge(step, [watch for watch in watches if not watch.is_ended])

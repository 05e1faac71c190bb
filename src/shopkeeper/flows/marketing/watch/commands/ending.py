"""A campaign is over: what its watch left open ends with it."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.watch.deadlines import ALERT_ANSWER, RESTOCK_CALL, SHEET_SIGN
from shopkeeper.flows.marketing.watch.events import AlertLifted, PresaleEnded, WatchEnded
from shopkeeper.flows.marketing.watch.sql import alerts as alert_sql
from shopkeeper.flows.marketing.watch.sql import hours as sql
from shopkeeper.flows.marketing.watch.sql import sheets, supply
from shopkeeper.flows.marketing.watch.states import (
    ALERT_FLOW,
    CALL_FLOW,
    PRESALE_FLOW,
    AlertState,
    CallState,
    PresaleState,
)
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import close, open_now
from shopkeeper.sop.states import Ending

ENDED = "campaign_ended"


def end_watches(step: Step, watches: Sequence[sql.WatchRow]) -> None:
    """Lift open alerts, end calls and presales, have the last day signed, and say that the watch is over."""
    campaigns = [watch.campaign_id for watch in watches]
    if not campaigns:
        return
    lift(step, alert_sql.OPEN_OF.rows(campaigns=campaigns), ENDED)
    calls = supply.OPEN_CALLS_OF.rows(campaigns=campaigns)
    step.move(CALL_FLOW, [call.id for call in calls], CallState.ENDED, ENDED)
    close(step, RESTOCK_CALL, [call.id for call in calls], Ending.CANCELLED)
    end_presales_of(step, supply.PRESALES_OF.rows(campaigns=campaigns), ENDED)
    open_now(SHEET_SIGN, [sheet.id for sheet in sheets.UNSIGNED_OF.rows(campaigns=campaigns)])
    step.emit(*(WatchEnded(watch.campaign_id, watch.shop_id) for watch in watches))


def lift(step: Step, alerts: Sequence[alert_sql.OpenRow], reason: str) -> None:
    """Alerts whose cause is gone before anybody answered."""
    if not alerts:
        return
    rows = {row.id: row for row in alerts}
    moved = [moved.id for moved in step.move(ALERT_FLOW, list(rows), AlertState.LIFTED, reason)]
    close(step, ALERT_ANSWER, moved, Ending.CANCELLED)
    step.emit(*(AlertLifted(id_, rows[id_].campaign_id, rows[id_].shop_id, reason) for id_ in moved))


def end_presales_of(step: Step, presales: Sequence[supply.PresaleRow], reason: str) -> None:
    """Presales that are on end; those only proposed are declined."""
    if not presales:
        return
    supply.END.run(now=step.now, ids=[row.id for row in presales], reasons=[reason] * len(presales))
    rows = {row.id: row for row in presales}
    for was, to in ((PresaleState.PROPOSED, PresaleState.DECLINED), (PresaleState.ON, PresaleState.ENDED)):
        step.move(PRESALE_FLOW, [row.id for row in presales if row.state == was], to, reason)
    step.emit(*(PresaleEnded(row.id, row.campaign_id, row.shop_id, row.sku_id, reason) for row in rows.values()))

"""M3.2: where no pieces come before the last is sold, a presale is proposed, or by policy begun."""

from collections.abc import Sequence

from shopkeeper.flows.marketing.watch.commands.acting import Taken, take
from shopkeeper.flows.marketing.watch.events import PresaleProposed, PresaleStarted
from shopkeeper.flows.marketing.watch.sql import alerts as alert_sql
from shopkeeper.flows.marketing.watch.sql import supply as sql
from shopkeeper.flows.marketing.watch.states import PRESALE_FLOW, ActionKind, PresaleState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.policy import policies


def propose_presales(step: Step, alerts: Sequence[alert_sql.OpenedRow]) -> list[sql.PresaleRow]:
    """Propose to sell ahead the SKUs of these alerts; what comes in time has opened none."""
    if not alerts:
        return []
    policy = policies(step)
    proposed = sql.PROPOSE.rows(
        now=step.now,
        actor_id=step.actor.id,
        presales=as_json(
            [
                {
                    "campaign_id": row.campaign_id,
                    "shop_id": row.shop_id,
                    "alert_id": row.id,
                    "sku_id": row.sku_id,
                    "days": policy("watch_presale_days", row.shop_id),
                }
                for row in alerts
            ]
        ),
    )
    step.emit(*(PresaleProposed(row.id, row.campaign_id, row.shop_id, row.sku_id) for row in proposed))
    by_itself = [row for row in proposed if policy("watch_presale_by_itself", row.shop_id)]
    start(step, {row.id: row.ship_within_days for row in by_itself}, by_itself)
    of_sku = {(row.campaign_id, row.sku_id): row.id for row in by_itself}
    held = alert_sql.LOCK.rows(ids=[a.id for a in alerts if (a.campaign_id, a.sku_id) in of_sku])
    take(step, [Taken(row, ActionKind.PRESALE, "", of_sku[row.campaign_id, row.sku_id or 0]) for row in held])
    return proposed


def start(step: Step, days: dict[int, int], presales: Sequence[sql.PresaleRow]) -> None:
    """Begin proposed presales: orders placed from now on ship within so many days."""
    if not days:
        return
    sql.START.run(now=step.now, actor_id=step.actor.id, ids=list(days), days=list(days.values()))
    step.move(PRESALE_FLOW, list(days), PresaleState.ON)
    step.emit(
        *(
            PresaleStarted(row.id, row.campaign_id, row.shop_id, row.sku_id, days[row.id])
            for row in presales
            if row.id in days
        )
    )

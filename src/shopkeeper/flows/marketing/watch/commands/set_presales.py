"""M3.2: a SKU is sold ahead of its stock: begun on an alert, ended or declined with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.watch.commands.acting import Rows, act
from shopkeeper.flows.marketing.watch.commands.ending import end_presales_of
from shopkeeper.flows.marketing.watch.commands.proposing import start
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.sql import supply as sql
from shopkeeper.flows.marketing.watch.states import ActionKind, PresaleState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class StartPresale:
    """Orders placed from now on ship within so many days; never more than the policy's."""

    alert_id: int
    ship_within_days: Annotated[int, Field(ge=1, le=365)]
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=ShopOf("watch_alert", "alert_id"))
def start_presales(step: Step, items: Sequence[StartPresale]) -> list[Outcome]:
    """Begin the presale proposed for an alert's SKU, or one of its own; `facts["reference"]` is the presale.

    Refused: "presale_too_long" with the policy's days, "presale_on" where the SKU is on presale already, and as
    any action.
    """

    def perform(fit: Sequence[StartPresale], rows: Rows) -> list[tuple[Outcome, str]]:
        campaigns = sorted({rows[item.alert_id].campaign_id for item in fit})
        known = {(row.campaign_id, row.sku_id): row for row in sql.PRESALES_OF.rows(campaigns=campaigns)}
        verdicts = {item.alert_id: _refusal(step, item, rows, known) for item in fit}
        good = [item for item in fit if verdicts[item.alert_id] is None]
        begun = _begin(step, good, rows, known)
        return [(verdicts[i.alert_id] or done(begun[i.alert_id]), i.note.strip()) for i in fit]

    return act(step, items, ActionKind.PRESALE, perform)


def _refusal(
    step: Step, item: StartPresale, rows: Rows, known: dict[tuple[int, int], sql.PresaleRow]
) -> Outcome | None:
    alert = rows[item.alert_id]
    most = policies(step)("watch_presale_days", alert.shop_id)
    if item.ship_within_days > most:
        return refused("presale_too_long", days=most)
    standing = known.get((alert.campaign_id, alert.sku_id or 0))
    return refused("presale_on") if standing and standing.state == PresaleState.ON else None


def _begin(
    step: Step, items: Sequence[StartPresale], rows: Rows, known: dict[tuple[int, int], sql.PresaleRow]
) -> dict[int, int]:
    """Presales of these alerts, begun; their ids by alert."""
    missing = [i for i in items if (rows[i.alert_id].campaign_id, rows[i.alert_id].sku_id or 0) not in known]
    made = sql.PROPOSE.rows(
        now=step.now,
        actor_id=step.actor.id,
        presales=as_json(
            [
                {
                    "campaign_id": rows[i.alert_id].campaign_id,
                    "shop_id": rows[i.alert_id].shop_id,
                    "alert_id": i.alert_id,
                    "sku_id": rows[i.alert_id].sku_id,
                    "days": i.ship_within_days,
                }
                for i in missing
            ]
        ),
    )
    known = {**known, **{(row.campaign_id, row.sku_id): row for row in made}}
    chosen = {i.alert_id: known[rows[i.alert_id].campaign_id, rows[i.alert_id].sku_id or 0] for i in items}
    start(step, {chosen[i.alert_id].id: i.ship_within_days for i in items}, list(chosen.values()))
    return {alert_id: row.id for alert_id, row in chosen.items()}


@dataclass(frozen=True, slots=True)
class EndPresale:
    presale_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M3.2", permission=Permission.ALERT_ANSWER, scope=ShopOf("watch_presale", "presale_id"))
def end_presales(step: Step, items: Sequence[EndPresale]) -> list[Outcome]:
    """End presales, for example because pieces came; one only proposed is declined. Refused: "reason_needed"."""
    rows = {row.id: row for row in sql.LOCK_PRESALES.rows(ids=sorted({item.presale_id for item in items}))}
    ending: dict[int, str] = {}
    outcomes = []
    for item in items:
        row, reason = rows[item.presale_id], item.reason.strip()
        if not reason:
            outcomes.append(refused("reason_needed", row.id))
        elif row.state not in (PresaleState.PROPOSED, PresaleState.ON) or row.id in ending:
            outcomes.append(unchanged(row.id))
        else:
            ending[row.id] = reason
            outcomes.append(done(row.id))
    for reason in sorted(set(ending.values())):
        end_presales_of(step, [rows[id_] for id_, why in ending.items() if why == reason], reason)
    return outcomes

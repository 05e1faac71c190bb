"""Who called an order back, when and why, as whoever holds its pieces reads it."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.holds import ALL_HOLDS
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.warehouse.queries.scope import names_of
from shopkeeper.flows.fulfilment.warehouse.sql import reading
from shopkeeper.flows.fulfilment.warehouse.states import WaveOrderState

LEFT = (WaveOrderState.RETURNING, WaveOrderState.DROPPED)
CALLS = (OrderState.TO_CHECK, OrderState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Recall:
    """`became` is the order's state then; `codes` are the exceptions it was held for, else `words` say why."""

    at: datetime
    who: str  # '' for the system
    became: str
    codes: tuple[str, ...]
    words: str


def recall_of(wave_order_id: int, order_id: int) -> Recall | None:
    """What took an order out of its wave; None while it is in it, or where intake did nothing."""
    left = [c for c in reading.CHANGES.rows(table="warehouse_waveorder", rows=[wave_order_id]) if c.became in LEFT]
    if not left:
        return None
    changes = reading.CHANGES.rows(table="intake_order", rows=[order_id])
    calls = [c for c in changes if c.became in CALLS and c.occurred_at <= left[0].occurred_at]
    if not calls:
        return None
    call = calls[-1]
    codes = tuple(code for code in call.reason.split(", ") if code in ALL_HOLDS)
    who = names_of([call.actor_id]).get(call.actor_id, "")
    return Recall(call.occurred_at, who, call.became, codes, "" if codes else call.reason)

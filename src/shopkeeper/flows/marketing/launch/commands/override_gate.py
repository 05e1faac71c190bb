"""M2.2: a manager lets a campaign pass although something is red, with the reason; never when its prices are wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.launch.commands.mending import end_mending
from shopkeeper.flows.marketing.launch.commands.open_gates import OF_CAMPAIGN
from shopkeeper.flows.marketing.launch.deadlines import GATE, GATE_EXPIRY
from shopkeeper.flows.marketing.launch.events import GateOverridden
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.rules.gate import red_keys
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.states import GATE_FLOW, CheckKey, GateState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class OverrideGate:
    campaign_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="M2.2", permission=Permission.GATE_OVERRIDE, scope=OF_CAMPAIGN)
def override_gates(step: Step, items: Sequence[OverrideGate]) -> list[Outcome]:
    """Let campaigns pass a red gate, as long as nothing changes and the result is fresh; `facts`: red.

    Refused: "reason_needed", "gate_missing", "gate_not_red", "gate_expired" where the result is old, and
    "examples_not_overridden" while example carts come to something else. Overridden already: unchanged.
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.campaign_id: row for row in sql.LOCK_OF_CAMPAIGNS.rows(campaigns=ids)}
    verdicts: dict[int, dict[str, str]] = {}
    for found in sql.NEWEST_VERDICTS.rows(gates=[row.id for row in rows.values()]):
        verdicts.setdefault(found.run_id, {})[found.key] = found.verdict
    outcomes, passed = [], dict[int, str]()
    for item in items:
        row = rows.get(item.campaign_id)
        red = red_keys(verdicts.get(row.id, {})) if row else []
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.campaign_id))
        elif row is None or row.state == GateState.CLOSED:
            outcomes.append(refused("gate_missing", item.campaign_id))
        elif row.state == GateState.OVERRIDDEN or row.id in passed:
            outcomes.append(unchanged(row.id))
        elif code := _refusal(step, row, red):
            outcomes.append(refused(code, row.id))
        else:
            passed[row.id] = item.reason.strip()
            outcomes.append(done(row.id, red=red))
    _pass(step, [row for row in rows.values() if row.id in passed], passed, verdicts)
    return outcomes


def _refusal(step: Step, row: sql.GateRow, red: Sequence[str]) -> str:
    if row.state != GateState.RED:
        return "gate_not_red"
    if row.expires_at is None or row.expires_at <= step.now:
        return "gate_expired"
    may = policies(step)("gate_override_examples", row.shop_id)
    return "examples_not_overridden" if CheckKey.EXAMPLES in red and not may else ""


def _pass(
    step: Step, rows: Sequence[sql.GateRow], reasons: dict[int, str], verdicts: dict[int, dict[str, str]]
) -> None:
    if not rows:
        return
    ids = [row.id for row in rows]
    sql.NOTE_OVERRIDES.run(gates=ids, reasons=[reasons[id_] for id_ in ids], now=step.now, actor_id=step.actor.id)
    for reason in sorted(set(reasons.values())):
        step.move(GATE_FLOW, [id_ for id_ in ids if reasons[id_] == reason], GateState.OVERRIDDEN, reason)
    close(step, GATE, ids)
    end_mending(step, ids, Ending.CANCELLED)
    arm(step, [Arm(GATE_EXPIRY, r.id, _expiry(step, r), shop_id=r.shop_id, label=r.code) for r in rows])
    step.emit(*(GateOverridden(r.id, r.campaign_id, r.shop_id, red_keys(verdicts.get(r.id, {}))) for r in rows))


def _expiry(step: Step, row: sql.GateRow) -> datetime:
    return row.expires_at or step.now + timedelta(hours=policies(step)("gate_valid_hours", row.shop_id))

"""M2.2: a result no longer counts: it is too old, or rules, goods or prices have changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.launch.deadlines import GATE, GATE_EXPIRY
from shopkeeper.flows.marketing.launch.events import GateExpired
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.queries.standing import standings
from shopkeeper.flows.marketing.launch.rules.gate import in_time
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.states import GATE_FLOW, OPEN_GATES, GateState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class ExpireGate:
    gate_id: int


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=ShopOf("launch_gate", "gate_id"), internal=True)
def expire_gates(step: Step, items: Sequence[ExpireGate]) -> list[Outcome]:
    """Look at results again: what is old or no longer of what stands there has to be tested anew.

    `facts`: why (old, changed). A result that still counts, or none: unchanged.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.gate_id for item in items}))}
    opened = [row for row in rows.values() if row.state in OPEN_GATES]
    now_standing = standings({row.campaign_id for row in opened})
    whys: dict[int, str] = {}
    for row in opened:
        if row.expires_at is None or row.expires_at <= step.now:
            whys[row.id] = "old"
        elif now_standing[row.campaign_id].fingerprint != row.fingerprint:
            whys[row.id] = "changed"
    _expire(step, [rows[id_] for id_ in whys], whys)
    # A watch that came due while the result still counts looks again when it is old.
    still = [row for row in opened if row.id not in whys and row.expires_at]
    arm(
        step,
        [Arm(GATE_EXPIRY, r.id, r.expires_at, shop_id=r.shop_id, label=r.code) for r in still if r.expires_at],
    )
    close(step, GATE_EXPIRY, [row.id for row in rows.values() if row.state not in OPEN_GATES])
    outcomes, told = [], set[int]()
    for item in items:
        is_first = item.gate_id in whys and item.gate_id not in told
        outcomes.append(done(item.gate_id, why=whys[item.gate_id]) if is_first else unchanged(item.gate_id))
        told.add(item.gate_id)
    return outcomes


def _expire(step: Step, rows: Sequence[sql.GateRow], whys: dict[int, str]) -> None:
    if not rows:
        return
    ids, dues = [row.id for row in rows], {row.id: _due(step, row) for row in rows}
    sql.NOTE_EXPIRED.run(gates=ids, whys=[whys[id_] for id_ in ids], dues=[dues[id_] for id_ in ids])
    for why in sorted(set(whys.values())):
        step.move(GATE_FLOW, [id_ for id_ in ids if whys[id_] == why], GateState.WAITING, why)
    close(step, GATE_EXPIRY, ids)
    arm(step, [Arm(GATE, row.id, dues[row.id], shop_id=row.shop_id, label=row.code) for row in rows])
    step.emit(*(GateExpired(row.id, row.campaign_id, row.shop_id, whys[row.id]) for row in rows))


def _due(step: Step, row: sql.GateRow) -> datetime:
    least = timedelta(hours=policies(step)("gate_retest_hours", row.shop_id))
    return in_time(row.due_at, step.now + least, row.starts_at)

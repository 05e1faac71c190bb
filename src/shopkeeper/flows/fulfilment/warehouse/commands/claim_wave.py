"""O2.1: a picker takes a wave (领单)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.warehouse.events import WaveClaimed
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.sql import waves as sql
from shopkeeper.flows.fulfilment.warehouse.states import WAVE_FLOW, WaveState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class ClaimWave:
    """`take_over` takes a wave from whoever has it, for instance at the end of a shift."""

    wave_id: int
    take_over: bool = False


@command(clause="O2.1", permission=Permission.PICK, scope=WarehouseOf("warehouse_wave", "wave_id"))
def claim_wave(step: Step, items: Sequence[ClaimWave]) -> list[Outcome]:
    """Claim waves for the actor. Refused: claimed_by_other, wave_closed. One's own wave is unchanged."""
    waves = {
        row.id: row
        for row in sql.LOCK_WAVES.rows(waves=[item.wave_id for item in items], wave_orders=[], orders=[], pick_lines=[])
    }
    claimed: dict[int, int] = {}
    outcomes: list[Outcome] = []
    for item in items:
        wave = waves[item.wave_id]
        holder = claimed.get(wave.id, wave.claimed_by)
        if wave.state not in (WaveState.OPEN, WaveState.PICKING):
            outcomes.append(refused("wave_closed", wave.id, state=wave.state))
        elif holder == step.actor.id:
            outcomes.append(unchanged(wave.id))
        elif holder is not None and not item.take_over:
            outcomes.append(refused("claimed_by_other", wave.id, person_id=holder))
        else:
            claimed[wave.id] = step.actor.id
            outcomes.append(done(wave.id))
    if claimed:
        sql.CLAIM.run(waves=list(claimed), actor_id=step.actor.id, now=step.now)
        step.move(WAVE_FLOW, sorted(claimed), WaveState.PICKING)
        step.emit(*(WaveClaimed(i, waves[i].warehouse_id, step.actor.id) for i in sorted(claimed)))
    return outcomes

"""M2.2: a campaign's gate is tested: asked for by a person, carried out by an errand, decided by what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from shopkeeper.flows.marketing.launch.commands.mending import end_mending, have_mended
from shopkeeper.flows.marketing.launch.commands.open_gates import OF_CAMPAIGN
from shopkeeper.flows.marketing.launch.deadlines import GATE, GATE_EXPIRY
from shopkeeper.flows.marketing.launch.events import GateDecided, GateRunStarted
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.rules.gate import red_keys
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.states import GATE_FLOW, CheckKey, CheckVerdict, GateState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies

TEST = "test_gate"


@dataclass(frozen=True, slots=True)
class RunGate:
    campaign_id: int


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=OF_CAMPAIGN)
def run_gates(step: Step, items: Sequence[RunGate]) -> list[Outcome]:
    """Have gates tested; done with the gate's id, `facts`: number of the run. The result is there within seconds.

    Refused: "gate_missing" where the campaign is not approved, or past its gate. Being tested already: unchanged.
    """
    ids = sorted({item.campaign_id for item in items})
    rows = {row.campaign_id: row for row in sql.LOCK_OF_CAMPAIGNS.rows(campaigns=ids)}
    ready = [row for row in rows.values() if row.state not in (GateState.CLOSED, GateState.RUNNING)]
    started = {}
    if ready:
        runs = sql.START_RUNS.rows(gates=[row.id for row in ready], now=step.now, actor_id=step.actor.id)
        started = {run.gate_id: run for run in runs}
        step.move(GATE_FLOW, sorted(started), GateState.RUNNING)
        step.errand(*(Errand(TEST, started[row.id].id, step.now, row.shop_id) for row in ready))
        step.emit(*(GateRunStarted(r.id, r.campaign_id, r.shop_id, started[r.id].number) for r in ready))
    outcomes = []
    for item in items:
        row = rows.get(item.campaign_id)
        if row is None or row.state == GateState.CLOSED:
            outcomes.append(refused("gate_missing", item.campaign_id))
        elif run := started.pop(row.id, None):
            outcomes.append(done(row.id, number=run.number))
        else:
            outcomes.append(unchanged(row.id))
    return outcomes


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """What came of one check of a run."""

    run_id: int
    key: CheckKey
    verdict: CheckVerdict
    facts: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[Mapping[str, Any]] = ()


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=EVERYWHERE, internal=True)
def note_gate_checks(step: Step, items: Sequence[NoteCheck]) -> list[Outcome]:
    """Write checks down as they come, so that their progress is seen. Refused: "gate_run_over"."""
    running = {row.id for row in sql.RUNNING.rows(runs=sorted({item.run_id for item in items}))}
    rows = [
        {"run_id": one.run_id, "key": one.key, "verdict": one.verdict, "facts": one.facts, "rows": one.rows}
        for one in items
        if one.run_id in running
    ]
    if rows:
        sql.NOTE_CHECKS.run(checks=as_json(rows), now=step.now)
    return [done(one.run_id) if one.run_id in running else refused("gate_run_over", one.run_id) for one in items]


@dataclass(frozen=True, slots=True)
class FinishGateRun:
    """All checks of a run are noted; `fingerprint` is of what was tested."""

    run_id: int
    fingerprint: str


@command(clause="M2.2", permission=Permission.GATE_RUN, scope=EVERYWHERE, internal=True)
def finish_gate_runs(step: Step, items: Sequence[FinishGateRun]) -> list[Outcome]:
    """Decide: green where nothing is red and every check was carried out. Over already: unchanged.

    Who has to mend what is red is told so.
    """
    ids = sorted({item.run_id for item in items})
    running = {row.id: row for row in sql.RUNNING.rows(runs=ids)}
    verdicts: dict[int, dict[str, str]] = {id_: {} for id_ in running}
    to_mend: dict[int, dict[str, bool]] = {id_: {} for id_ in running}
    for row in sql.VERDICTS.rows(runs=sorted(running)):
        verdicts[row.run_id][row.key] = row.verdict
        if row.verdict == CheckVerdict.RED:
            to_mend[row.run_id][row.key] = row.is_empty
    reds = {id_: _red(found) for id_, found in verdicts.items()}
    prints = {item.run_id: item.fingerprint for item in items}
    _end(step, [(row, reds[row.id], prints[row.id]) for row in running.values()])
    have_mended(step, [row for row in running.values() if reds[row.id]], to_mend)
    end_mending(step, [row.gate_id for row in running.values() if not reds[row.id]])
    outcomes = []
    for item in items:
        ended = running.pop(item.run_id, None)
        outcomes.append(done(ended.gate_id, red=reds[ended.id]) if ended else unchanged(item.run_id))
    return outcomes


def _red(found: Mapping[str, str]) -> list[str]:
    """What is red, and what was not carried out at all."""
    return [*red_keys(found), *(str(key) for key in CheckKey if str(key) not in found)]


def _end(step: Step, ended: Sequence[tuple[sql.RunningRow, list[str], str]]) -> None:
    if not ended:
        return
    policy = policies(step)
    expiries = {row.gate_id: step.now + timedelta(hours=policy("gate_valid_hours", row.shop_id)) for row, _, _ in ended}
    sql.END_RUNS.run(
        runs=[row.id for row, _, _ in ended],
        greens=[not red for _, red, _ in ended],
        prints=[fingerprint for _, _, fingerprint in ended],
        expiries=[expiries[row.gate_id] for row, _, _ in ended],
        now=step.now,
    )
    green = [row for row, red, _ in ended if not red]
    failed = [row for row, red, _ in ended if red]
    step.move(GATE_FLOW, [row.gate_id for row in green], GateState.GREEN)
    step.move(GATE_FLOW, [row.gate_id for row in failed], GateState.RED)
    close(step, GATE, [row.gate_id for row in green])
    arm(step, [Arm(GATE_EXPIRY, r.gate_id, expiries[r.gate_id], shop_id=r.shop_id, label=r.code) for r in green])
    arm(step, [Arm(GATE, r.gate_id, r.due_at, shop_id=r.shop_id, label=r.code) for r in failed])
    close(step, GATE_EXPIRY, [row.gate_id for row in failed])
    step.emit(*(GateDecided(r.gate_id, r.campaign_id, r.shop_id, r.number, not red, red) for r, red, _ in ended))

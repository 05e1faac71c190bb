"""M2.2: what a red gate waits for is work of those who mend it, until a test finds it mended."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shopkeeper.flows.marketing.launch.deadlines import MENDING
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.launch.words import who_mends
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


def have_mended(step: Step, failed: Sequence[sql.RunningRow], red: Mapping[int, Mapping[str, bool]]) -> None:
    """Every role that a red check names gets one duty per gate; that of a role whose checks are green is done.

    `red` are each run's red checks: whether it found nothing to look at.
    """
    arms = []
    for role, kind in MENDING.items():
        named = [
            row
            for row in failed
            if any(who_mends(key, is_empty=empty) == role for key, empty in red.get(row.id, {}).items())
        ]
        arms += [Arm(kind, r.gate_id, _due(step, r), shop_id=r.shop_id, label=r.code) for r in named]
        waiting = {row.gate_id for row in named}
        close(step, kind, [row.gate_id for row in failed if row.gate_id not in waiting])
    arm(step, arms)


def end_mending(step: Step, gate_ids: Sequence[int], ending: Ending = Ending.DONE) -> None:
    """Nothing has to be mended any more: it passed, was overridden, or no longer has to pass."""
    for kind in MENDING.values():
        close(step, kind, gate_ids, ending)


def _due(step: Step, row: sql.RunningRow) -> datetime:
    """In time to test it again before the gate is due; where that is over, when the gate is, else at the start."""
    least = timedelta(hours=policies(step)("gate_retest_hours", row.shop_id))
    return next((due for due in (row.due_at - least, row.due_at) if due > step.now), row.for_start)

"""M2.2: carries out a gate's run, check by check, each noted as it comes."""

import logging
from collections.abc import Callable, Sequence

from django.db import DatabaseError

from shopkeeper.flows.marketing.launch.commands.run_gate import (
    FinishGateRun,
    NoteCheck,
    finish_gate_runs,
    note_gate_checks,
)
from shopkeeper.flows.marketing.launch.performers.rehearsals import rehearse_coupons, rehearse_prices
from shopkeeper.flows.marketing.launch.queries.evaluating import looked_at
from shopkeeper.flows.marketing.launch.queries.gates import running_test
from shopkeeper.flows.marketing.launch.queries.standing import Standing, standings
from shopkeeper.flows.marketing.launch.rules.gate import Checked
from shopkeeper.flows.marketing.launch.states import CheckKey, CheckVerdict
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.errands import DONE, ErrandResult, ErrandRow
from shopkeeper.sop.policy import Policies, read_policies

log = logging.getLogger(__name__)
Rehearsal = Callable[[], Checked]


def carry_out_tests(rows: Sequence[ErrandRow]) -> list[ErrandResult]:
    """One run after the other: a run is seconds of load, and two at once would measure each other."""
    return [_test(row, is_alone=place == 0) for place, row in enumerate(rows)]


def _test(row: ErrandRow, *, is_alone: bool) -> ErrandResult:
    if not is_alone:
        return ErrandResult("retry", "next in line", retry_after_seconds=0)
    test = running_test(row.subject_id)
    if test is None:
        return DONE  # decided, or its gate closed meanwhile
    policy = read_policies()
    standing = standings([test.campaign_id])[test.campaign_id]
    fingerprint = standing.fingerprint  # of what is tested: a change while it runs shows afterwards
    _note(row.subject_id, looked_at(standing, policy))
    for key, rehearse in _rehearsals(standing, policy, f"{test.gate_id}-{test.number}").items():
        _note(row.subject_id, [_rehearsed(key, rehearse)])
    finish_gate_runs(SYSTEM, [FinishGateRun(row.subject_id, fingerprint)])
    return DONE


def _rehearsals(standing: Standing, policy: Policies, reference: str) -> dict[CheckKey, Rehearsal]:
    return {
        CheckKey.COUPON_CLAIM: lambda: rehearse_coupons(standing, policy, reference),
        CheckKey.PRICING: lambda: rehearse_prices(standing, policy),
    }


def _rehearsed(key: CheckKey, rehearse: Rehearsal) -> Checked:
    """A rehearsal that breaks is what the gate is there to find: red, and the log says how it broke."""
    try:
        return rehearse()
    except DatabaseError as error:
        log.exception("rehearsal %s broke", key)
        return Checked(key, CheckVerdict.RED, {"why": "rehearsal_broke", "error": type(error).__name__})


def _note(run_id: int, checks: Sequence[Checked]) -> None:
    note_gate_checks(SYSTEM, [NoteCheck(run_id, one.key, one.verdict, one.facts, one.rows) for one in checks])

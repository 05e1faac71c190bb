"""P1.1 decided by two people in the same moment."""

import threading

import pytest
from django.db import connection

from shopkeeper.flows.products.research.commands.keep_strategy import (
    DecideStrategy,
    SubmitStrategy,
    decide_strategy,
    save_strategy,
    submit_strategy,
)
from shopkeeper.flows.products.research.models import Strategy
from shopkeeper.foundation.actor import Actor
from tests.flows.products.research import stage

pytestmark = pytest.mark.clause("P1.1")


def test_two_managers_approve_at_once_and_one_strategy_is_in_force(fresh_db) -> None:
    ids = [save_strategy.one(stage.analyst(), stage.a_strategy(name=name)).id or 0 for name in ("甲", "乙")]
    submit_strategy(stage.analyst(), [SubmitStrategy(id_) for id_ in ids])
    managers, start, codes = [stage.manager(), stage.manager()], threading.Barrier(2), []

    def approve(manager: Actor, id_: int) -> None:
        start.wait()
        codes.append(decide_strategy.one(manager, DecideStrategy(id_, "approve", "方向清楚")).code)
        connection.close()

    threads = [threading.Thread(target=approve, args=pair) for pair in zip(managers, ids, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["done", "done"]
    assert sorted(Strategy.objects.values_list("state", flat=True)) == ["approved", "replaced"]

"""O1.3: findings become holds; orders that nothing holds any more may go on."""

import json
from collections.abc import Mapping, Sequence

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.following import release_if_continuous
from shopkeeper.flows.fulfilment.intake.holds import NEVER_PASSED
from shopkeeper.flows.fulfilment.intake.sql import holds as sql
from shopkeeper.flows.fulfilment.intake.sql import orders as order_sql
from shopkeeper.foundation.commands import Step
from shopkeeper.sop.policy import policies


def open_holds(step: Step, found: Sequence[tuple[int, rules.Finding]]) -> None:
    """Hold orders for what was found of them; what is held already stays, with its time to decide."""
    sql.OPEN_HOLDS.run(
        orders=[order_id for order_id, _ in found],
        codes=[finding.code for _, finding in found],
        facts=[json.dumps(finding.facts, ensure_ascii=False) for _, finding in found],
        never_passed=sorted(NEVER_PASSED),
        now=step.now,
    )


def let_go_on(step: Step, left: Mapping[int, list[str]], rows: Mapping[int, order_sql.OrderRow]) -> None:
    """Orders that nothing holds go to the warehouse at once where the shop checks continuously."""
    orders = [({"id": i, "shop_id": rows[i].shop_id, "warehouse_id": rows[i].warehouse_id}, left[i]) for i in left]
    release_if_continuous(step, policies(step), orders)

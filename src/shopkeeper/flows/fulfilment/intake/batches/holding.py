"""O1.3: findings become holds; orders that nothing holds any more have no decision due, and may go on."""

import json
from collections.abc import Mapping, Sequence

from shopkeeper.flows.fulfilment.intake import rules
from shopkeeper.flows.fulfilment.intake.batches.deciding import Held, set_duties
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


def holds_left(step: Step, order_ids: Sequence[int]) -> dict[int, list[str]]:
    """Per order what still holds it, written on the order; what people have to do about that is set anew."""
    rows = sql.REFRESH.rows(orders=list(order_ids))
    set_duties(step, [Held(row.order_id, row.shop_id, row.ship_by_at, row.open_holds) for row in rows])
    return {row.order_id: row.open_holds for row in rows}


def let_go_on(step: Step, left: Mapping[int, list[str]], rows: Mapping[int, order_sql.OrderRow]) -> None:
    """Orders that nothing holds go to the warehouse at once where the shop checks continuously."""
    orders = [({"id": i, "shop_id": rows[i].shop_id, "warehouse_id": rows[i].warehouse_id}, left[i]) for i in left]
    release_if_continuous(step, policies(step), orders)

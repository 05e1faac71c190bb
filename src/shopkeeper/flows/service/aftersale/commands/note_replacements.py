"""S2.3: the order that takes goods to the buyer again has left: with it the exchange or reissue is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.commands.moneywork import settle_finished
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.sql import cases as case_sql
from shopkeeper.flows.service.aftersale.sql import returns as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class NoteReplacement:
    order_id: int


@command(clause="S2.3", permission=Permission.WATCH, scope=ShopOf("intake_order", "order_id"), internal=True)
def note_replacements(step: Step, items: Sequence[NoteReplacement]) -> list[Outcome]:
    """Note that replacement orders left; their cases are settled. Other orders are unchanged."""
    orders = sorted({item.order_id for item in items})
    replaced = {row.order_id: row.case_id for row in sql.REPLACED.rows(cases=[], orders=orders)}
    cases = sorted(replaced.values())
    case_sql.LOCK_ORDERS_OF.run(cases=cases)
    case_sql.LOCK_CASES.rows(cases=cases)
    left = {row.case_id for row in sql.NOTE_SHIPPED.rows(orders=list(replaced), now=step.now)}
    settle_finished(step, sorted(left))
    return [done(i.order_id) if replaced.get(i.order_id) in left else unchanged(i.order_id) for i in items]

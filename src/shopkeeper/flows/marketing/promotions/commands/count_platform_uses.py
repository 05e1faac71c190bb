"""M2.3: what orders that a platform priced used of our promotions, counted beside what is priced here."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.marketing.promotions.commands.holding import summed
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.sql import rules as rule_sql
from shopkeeper.flows.marketing.promotions.sql import usage as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class CountPlatformUse:
    order_id: int
    rule_id: int
    version_id: int
    amount_minor: int


@command(clause="M2.3", permission=Permission.RULE_APPLY, scope=ShopOf("intake_order", "order_id"), internal=True)
def count_platform_uses(step: Step, items: Sequence[CountPlatformUse]) -> list[Outcome]:
    """Count each order's use of each promotion once. Again, and after its end: unchanged."""
    added = sql.ADD_PLATFORM_USES.rows(
        orders=[item.order_id for item in items],
        rules=[item.rule_id for item in items],
        versions=[item.version_id for item in items],
        amounts=[item.amount_minor for item in items],
    )
    _count(added, sign=1)
    new = {(row.order_id, row.rule_id) for row in added}
    return [done(item.order_id) if (item.order_id, item.rule_id) in new else unchanged(item.order_id) for item in items]


@dataclass(frozen=True, slots=True)
class EndPlatformUse:
    order_id: int


@command(clause="M2.3", permission=Permission.RULE_APPLY, scope=ShopOf("intake_order", "order_id"), internal=True)
def end_platform_uses(step: Step, items: Sequence[EndPlatformUse]) -> list[Outcome]:
    """Cancelled orders used nothing. Those that used nothing anyway are unchanged."""
    ended = sql.END_PLATFORM_USES.rows(orders=sorted({item.order_id for item in items}))
    _count(ended, sign=-1)
    had = {row.order_id for row in ended}
    return [done(item.order_id) if item.order_id in had else unchanged(item.order_id) for item in items]


def _count(rows: Sequence[sql.PlatformUseRow], *, sign: int) -> None:
    if rows:
        sums = summed([(row.rule_id, row.amount_minor) for row in rows])
        rule_sql.LOCK_COUNTERS.rows(rules=sums["rules"])
        sql.COUNT_PLATFORM.run(**sums, sign=sign)

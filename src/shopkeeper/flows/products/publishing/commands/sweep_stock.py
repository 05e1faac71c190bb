"""P5: every hour each shop's quantities are worked out anew and read back, so that nothing stays wrong unseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.products.publishing.commands.stock_steps import READ, Changed, have_told, want_newest
from shopkeeper.flows.products.publishing.deadlines import STOCK_SWEEP
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import shops_by_id
from shopkeeper.flows.products.publishing.sql import stock as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.errands import Errand
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class SweepStock:
    shop_id: int


@command(clause="P5", permission=Permission.STOCK_PUSH, scope=InShop())
def sweep_stock(step: Step, items: Sequence[SweepStock]) -> list[Outcome]:
    """Work out all quantities of shops anew, give refused ones another chance, have the shops read back.

    Set again for the next hour while the shop sells anything; a shop that sells nothing is unchanged.
    """
    asked = sorted({item.shop_id for item in items})
    selling = [row.shop_id for row in sql.SELLING.rows(shops=asked)]
    sql.FORGIVE.run(shops=selling)
    places = sql.PLACES_OF_SHOPS.rows(shops=selling)
    want_newest(step, [Changed(row.sku_id, row.warehouse_id, step.now) for row in places])
    have_told(step, [row.shop_id for row in sql.WAITING.rows(shops=selling)])
    step.errand(*(Errand(READ, shop_id, step.now, shop_id) for shop_id in selling))
    keep_sweeping(step, selling)
    close(step, STOCK_SWEEP, [shop_id for shop_id in asked if shop_id not in selling], Ending.CANCELLED)
    return [done(item.shop_id) if item.shop_id in selling else unchanged(item.shop_id) for item in items]


def begin_sweeping(step: Step, shop_ids: Sequence[int]) -> None:
    """Set the first sweep of shops that have none; a sweep that is set keeps its time."""
    swept = {row.shop_id for row in sql.SWEPT.rows(shops=list(shop_ids))}
    keep_sweeping(step, [shop_id for shop_id in shop_ids if shop_id not in swept])


def keep_sweeping(step: Step, shop_ids: Sequence[int]) -> None:
    """Set the next sweep of these shops."""
    policy = policies(step)
    names = shops_by_id(shop_ids)
    arm(
        step,
        [
            Arm(
                STOCK_SWEEP,
                shop_id,
                step.now + timedelta(minutes=policy("stock_sweep_minutes", shop_id)),
                shop_id=shop_id,
                label=names[shop_id].name,
            )
            for shop_id in sorted(set(shop_ids))
        ],
    )

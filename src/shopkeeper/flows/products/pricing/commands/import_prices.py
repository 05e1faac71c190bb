"""P3.2: prices from a file: every row judged as if it were proposed; tried out first, then proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.pricing.commands.judging import Judged, judge, known_of
from shopkeeper.flows.products.pricing.commands.propose_prices import outcome_of, write_plans
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.sql import plans as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, refused


@dataclass(frozen=True, slots=True)
class ImportPrice:
    """One row: a SKU by its code, prices in minor units. With `is_dry_run` nothing is written."""

    sku_code: Annotated[str, Field(max_length=60)]
    sale_minor: int
    reason: Annotated[str, Field(max_length=300)]
    shop_id: int | None = None
    cost_minor: int | None = None
    list_minor: int | None = None
    discount_minor: int | None = None
    member_minor: int | None = None
    competitor_minor: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    is_dry_run: bool = False


@command(clause="P3.2", permission=Permission.PRICE_PROPOSE, scope=InShop())
def import_prices(step: Step, items: Sequence[ImportPrice]) -> list[Outcome]:
    """Propose the prices of a file, or (dry run) say of each row what would become of it, and write nothing.

    Refused: what propose_prices refuses, and "row_twice" where a SKU stands twice for the same place. The same
    file again is unchanged.
    """
    codes = sorted({item.sku_code for item in items})
    skus = sql.SKUS_BY_CODE.rows(codes=codes)
    sql.LOCK_SKUS.run(skus=[row.id for row in skus])
    ids = {row.code: row.id for row in skus}
    known = known_of(step, [(ids.get(item.sku_code, 0), item) for item in items], skus)
    seen: set[tuple[str, int | None]] = set()
    answers: list[Judged | Outcome] = []
    for place, item in enumerate(items):
        key = (item.sku_code, item.shop_id)
        twice = key in seen
        seen.add(key)
        answers.append(
            refused("row_twice", ids.get(item.sku_code))
            if twice
            else judge(step, place, ids.get(item.sku_code, 0), item, known)
        )
    tried = [
        outcome_of(step, None, answer) if isinstance(answer, Judged) and item.is_dry_run else answer
        for item, answer in zip(items, answers, strict=True)
    ]
    return write_plans(step, tried)

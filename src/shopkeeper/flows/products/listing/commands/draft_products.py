"""P1.2 → P2.1: an approved candidate becomes a draft with what is known of it. Called by the desk research."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.products.listing.batches.saving import Wish, save
from shopkeeper.flows.products.listing.deadlines import DRAFTED
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.entries import SkuEntry
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class DraftProduct:
    """A candidate's facts; its one SKU carries the product's code. Money in minor units, weight in grams."""

    code: str
    title: str
    core_keyword: str = ""
    category: str = ""
    leaf_id: int | None = None
    platforms: tuple[str, ...] = ()
    cost_minor: int = 0
    price_minor: int = 0
    currency: str = "CNY"
    weight_g: int = 0


@command(clause="P2.1", permission=Permission.PRODUCT_EDIT, scope=EVERYWHERE, internal=True)
def draft_products(step: Step, items: Sequence[DraftProduct]) -> list[Outcome]:
    """Make drafts, to be completed and submitted; `id` is the product's.

    Refused as save_product, above all product_code_taken.
    """
    outcomes = save(step, [_wish(item) for item in items], "candidate")
    due_at = step.now + timedelta(hours=policies(step)("drafted_product_hours"))
    made = {outcome.id: item for item, outcome in zip(items, outcomes, strict=True) if outcome.changed and outcome.id}
    arm(step, [Arm(DRAFTED, id_, due_at, label=f"{item.code.strip()} {item.title}") for id_, item in made.items()])
    return outcomes


def _wish(item: DraftProduct) -> Wish:
    sku = SkuEntry(
        code=item.code.strip(),
        cost_minor=item.cost_minor,
        price_minor=item.price_minor,
        currency=item.currency,
        weight_g=item.weight_g,
    )
    fields = {
        "title": item.title,
        "core_keyword": item.core_keyword,
        "category": item.category,
        "leaf_id": item.leaf_id,
        "platforms": item.platforms,
    }
    return Wish(None, None, item.code.strip(), fields, (sku,))

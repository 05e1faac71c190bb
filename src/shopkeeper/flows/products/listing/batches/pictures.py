"""Pictures are inspected by an errand: their pixels are read with no transaction open, and once more when asked."""

from collections.abc import Sequence

from shopkeeper.flows.products.listing.sql import pictures as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.errands import Errand

INSPECT = "inspect_picture"


def want_inspection(step: Step, image_ids: Sequence[int]) -> None:
    """Have these pictures inspected after commit."""
    step.errand(*(Errand(INSPECT, image_id, step.now) for image_id in image_ids))


def look_again(step: Step, product_ids: Sequence[int]) -> None:
    """Products that go to other platforms have their pictures held against those limits."""
    if product_ids:
        want_inspection(step, [row.id for row in sql.LOOK_AGAIN.rows(products=list(product_ids), ids=[])])

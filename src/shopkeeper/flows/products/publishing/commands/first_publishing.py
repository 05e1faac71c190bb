"""P4.1: an approved product that no shop sells yet is published, or somebody says why not now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.publishing.deadlines import PUT_ON_SALE
from shopkeeper.flows.products.publishing.events import PublishingPutOff
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.listings import listed_products
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class PutOffPublishing:
    product_id: int
    reason: Annotated[str, Field(max_length=300)]


@command(clause="P4.1", permission=Permission.PUBLISH, scope=EVERYWHERE)
def put_off_publishing(step: Step, items: Sequence[PutOffPublishing]) -> list[Outcome]:
    """Take products off the work list that are approved and are not to be published now; they may be at any time.

    One that nobody is asked to publish is unchanged. Refused: "reason_needed".
    """
    asked = _asked({item.product_id for item in items if item.reason.strip()})
    reasons: dict[int, str] = {}
    outcomes = []
    for item in items:
        if not item.reason.strip():
            outcomes.append(refused("reason_needed", item.product_id))
        elif item.product_id in asked and item.product_id not in reasons:
            reasons[item.product_id] = item.reason.strip()
            outcomes.append(done(item.product_id))
        else:
            outcomes.append(unchanged(item.product_id))
    close(step, PUT_ON_SALE, sorted(reasons), Ending.CANCELLED)
    step.emit(*(PublishingPutOff(id_, reason) for id_, reason in reasons.items()))
    return outcomes


def _asked(product_ids: Collection[int]) -> set[int]:
    """Which of these somebody is asked to publish, locked."""
    duties = Deadline.objects.select_for_update().filter(kind=PUT_ON_SALE.name, subject_id__in=product_ids)
    return set(duties.order_by("subject_id").values_list("subject_id", flat=True))


def ask_to_publish(step: Step, labels: Mapping[int, str]) -> None:
    """Approved products, named for the work list: those that no shop has ever had are to be published."""
    listed = listed_products(labels)
    due_at = step.now + timedelta(hours=policies(step)("first_publish_hours"))
    arm(step, [Arm(PUT_ON_SALE, id_, due_at, label=label) for id_, label in labels.items() if id_ not in listed])


def ask_no_more(step: Step, product_ids: Sequence[int]) -> None:
    """They are changed or gone, so there is nothing to publish."""
    close(step, PUT_ON_SALE, product_ids, Ending.CANCELLED)

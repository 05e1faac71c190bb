"""What the work list tells of duties that only the buyer can end."""

from collections.abc import Sequence

from shopkeeper.flows.service.tickets.models import OrderChange
from shopkeeper.flows.service.tickets.states import ChangeState
from shopkeeper.flows.service.tickets.words import WAITS_FOR_APPLICATION

BUYER_MUST_APPLY = "buyer_must_apply"


def changes_that_wait(change_ids: Sequence[int]) -> dict[int, str]:
    """Changes that go on once the buyer applied for a refund on the platform."""
    rows = OrderChange.objects.filter(id__in=list(change_ids), state=ChangeState.BY_HAND, answer_code=BUYER_MUST_APPLY)
    return dict.fromkeys(rows.values_list("id", flat=True), WAITS_FOR_APPLICATION.text())

"""What the work list tells of duties that only the buyer can end."""

from collections.abc import Sequence

from shopkeeper.flows.service.tickets.models import OrderChange
from shopkeeper.flows.service.tickets.states import BUYER_MUST_APPLY, CHANGE_UNDER_WAY, ChangeKind, ChangeState
from shopkeeper.flows.service.tickets.words import WAITS_FOR_ADDRESS, WAITS_FOR_APPLICATION


def changes_that_wait(change_ids: Sequence[int]) -> dict[int, str]:
    """Changes that go on once the buyer applied for a refund, or once the platform's order shows the new address."""
    rows = OrderChange.objects.filter(id__in=list(change_ids)).values_list("id", "kind", "state", "answer_code")
    told = {}
    for id_, kind, state, answer in rows:
        if state == ChangeState.BY_HAND and answer == BUYER_MUST_APPLY:
            told[id_] = WAITS_FOR_APPLICATION.text()
        elif state == ChangeState.ACKNOWLEDGED and kind == ChangeKind.ADDRESS:
            told[id_] = WAITS_FOR_ADDRESS.text()
    return told


class ChangesUnderWay:
    """The port of intake: no order goes on while what its customer asked for is carried out."""

    def under_way(self, order_ids: Sequence[int]) -> set[int]:
        found = OrderChange.objects.filter(order_id__in=list(order_ids), state__in=CHANGE_UNDER_WAY)
        return set(found.values_list("order_id", flat=True))

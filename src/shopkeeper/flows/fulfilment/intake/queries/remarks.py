"""What the order desk wrote for the warehouse about a buyer's remark: the remark itself stays sealed."""

from collections.abc import Iterable
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.models import Hold, Order


@dataclass(frozen=True, slots=True)
class RemarkNote:
    """An order with a remark; `note` is what whoever read and passed it asks of the warehouse, perhaps nothing."""

    note: str


def remark_notes(order_ids: Iterable[int]) -> dict[int, RemarkNote]:
    """The orders among these that have a remark, with the latest note on it."""
    ids = list(Order.objects.filter(id__in=list(order_ids), has_remark=True).values_list("id", flat=True))
    passed = Hold.objects.filter(order_id__in=ids, code="buyer_remark", decision="pass").order_by("id")
    notes = dict(passed.values_list("order_id", "reason"))
    return {order_id: RemarkNote(notes.get(order_id, "")) for order_id in ids}

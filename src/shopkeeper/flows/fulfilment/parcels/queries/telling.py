"""What kind of case a duty is about: one parcel may have several at once."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.parcels.models import ParcelCase
from shopkeeper.flows.fulfilment.parcels.states import CaseKind
from shopkeeper.flows.fulfilment.parcels.words import LABELS


def kinds_of_cases(case_ids: Sequence[int]) -> dict[int, str]:
    """Each case's kind in words."""
    rows = ParcelCase.objects.filter(id__in=list(case_ids)).values_list("id", "kind")
    return {case_id: LABELS[CaseKind][CaseKind(kind)].text.text() for case_id, kind in rows}

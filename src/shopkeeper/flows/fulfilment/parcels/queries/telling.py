"""What kind of case a duty is about, and whether the courier was asked: one parcel may have several at once."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.parcels.models import ParcelCase
from shopkeeper.flows.fulfilment.parcels.states import CaseKind, CaseState
from shopkeeper.flows.fulfilment.parcels.words import LABELS


def kinds_of_cases(case_ids: Sequence[int]) -> dict[int, str]:
    """Each case's kind in words; with its state, where the courier is to answer."""
    rows = ParcelCase.objects.filter(id__in=list(case_ids)).values_list("id", "kind", "state")
    return {case_id: _told(CaseKind(kind), state) for case_id, kind, state in rows}


def _told(kind: CaseKind, state: str) -> str:
    name = LABELS[CaseKind][kind].text.text()
    if state != CaseState.CONTACTED:
        return name
    return f"{name} · {LABELS[CaseState][CaseState.CONTACTED].text.text()}"

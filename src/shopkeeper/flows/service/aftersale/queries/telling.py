"""What the work list tells of duties that go on only once the buyer did something."""

from collections.abc import Sequence

from shopkeeper.flows.service.aftersale.models import AfterSaleCase, Refund
from shopkeeper.flows.service.aftersale.states import CaseState, RefundState
from shopkeeper.flows.service.aftersale.words import WAITS_FOR_APPLICATION, WAITS_FOR_EVIDENCE


def cases_that_wait(case_ids: Sequence[int]) -> dict[int, str]:
    """Cases whose buyer was asked for pictures and has sent none yet."""
    rows = AfterSaleCase.objects.filter(id__in=list(case_ids), state=CaseState.EVIDENCE)
    return dict.fromkeys(rows.values_list("id", flat=True), WAITS_FOR_EVIDENCE.text())


def refunds_that_wait(refund_ids: Sequence[int]) -> dict[int, str]:
    """Approved refunds that the platform pays once the buyer asked for them there."""
    rows = Refund.objects.filter(id__in=list(refund_ids), state=RefundState.APPROVED, last_error="buyer_must_ask")
    return dict.fromkeys(rows.values_list("id", flat=True), WAITS_FOR_APPLICATION.text())

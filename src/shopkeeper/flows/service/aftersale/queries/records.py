"""One case whole: what is owed and why, evidence, offers, money, parcels, and everything that happened."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.fulfilment.intake.queries import OrderCard
from shopkeeper.flows.service.aftersale.models import (
    AfterSaleCase,
    AfterSalePolicyLine,
    Evidence,
    EvidenceLink,
    Offer,
    Replacement,
    ReturnParcel,
)
from shopkeeper.flows.service.aftersale.queries.cases import CaseRow, case_row, order_card
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase, judged_cases
from shopkeeper.flows.service.aftersale.queries.refunds import RefundRow, refunds_of_case
from shopkeeper.flows.service.aftersale.rules.refunds import under_way
from shopkeeper.flows.service.aftersale.states import OFFERABLE, ReturnState, UnderWay
from shopkeeper.flows.service.tickets.models import ticket_number
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One picture or film, without its content."""

    id: int
    shot: str
    kind: str
    size: int
    verdict: str
    verdict_reason: str
    verdict_by: str
    added_at: datetime
    added_by: str

    @property
    def is_film(self) -> bool:
        return self.kind == "mp4"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link to the buyer's door: whether it is still good, and until when."""

    id: int
    shots: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class OfferView:
    number: int
    solution: str
    refund_minor: int
    compensation_minor: int
    freight_minor: int
    freight_by: str
    pay_way: str
    coupon_code: str
    exchange_sku: str
    outside_policy: bool
    why: str
    offered_at: datetime
    offered_by: str
    valid_until: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str  # '': the buyer's silence, or no person

    @property
    def total_minor(self) -> int:
        return self.refund_minor + self.compensation_minor + self.freight_minor


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Everything a page or program shows of one case."""

    row: CaseRow
    judged: JudgedCase
    order: OrderCard
    policy_version: int
    reason_words: tuple[str, ...]
    has_words: bool
    loss_minor: int | None
    opened_by: str
    evidence: tuple[EvidenceView, ...]
    links: tuple[LinkView, ...]
    offers: tuple[OfferView, ...]
    refunds: tuple[RefundRow, ...]
    return_id: int | None
    return_state: str
    return_number: str
    return_courier: str
    replacement_order_id: int | None
    offers_made: int

    @property
    def last_offer(self) -> OfferView | None:
        return self.offers[-1] if self.offers else None

    @property
    def ticket_number(self) -> str:
        return ticket_number(self.row.ticket_id) if self.row.ticket_id else ""

    @property
    def under_way(self) -> UnderWay | None:
        """What of the agreed solution is being carried out; nothing else is offered beside it."""
        refunds = [(refund.state, refund.is_compensation) for refund in self.refunds]
        return under_way(refunds, is_replaced=self.replacement_order_id is not None)

    @property
    def is_undecided(self) -> bool:
        """Whether a solution may still be offered, and evidence still decides anything."""
        return self.row.state in OFFERABLE and self.under_way is None

    @property
    def live_link(self) -> LinkView | None:
        return next((link for link in self.links if link.is_live), None)


def case_record(viewer: Actor, case_id: int, now: datetime) -> CaseRecord | None:
    """One case; None where it is not in the viewer's shops."""
    row = case_row(viewer, case_id)
    if row is None:
        return None
    case = AfterSaleCase.objects.get(id=case_id)
    offers = list(Offer.objects.filter(case_id=case_id).select_related("exchange_sku").order_by("number"))
    evidence = list(Evidence.objects.filter(case_id=case_id).order_by("id"))
    told = {person for offer in offers for person in (offer.offered_by, offer.answered_by or 0)}
    people = _names({case.opened_by, *told, *_people_of(evidence)})
    back = ReturnParcel.objects.filter(case_id=case_id).exclude(state=ReturnState.CANCELLED).first()
    policy = AfterSalePolicyLine.objects.filter(id=case.policy_line_id).values_list("policy__version", flat=True)
    replacement = Replacement.objects.filter(case_id=case_id).values_list("order_id", flat=True).first()
    return CaseRecord(
        row=row,
        judged=judged_cases([case_id], now)[case_id],
        order=order_card(row.order_id),
        policy_version=policy[0],
        reason_words=tuple(case.reason_words),
        has_words=bool(case.words_sealed),
        loss_minor=case.loss_minor,
        opened_by=people.get(case.opened_by, ""),
        evidence=tuple(_evidence(one, people) for one in evidence),
        links=tuple(_link(link, now) for link in EvidenceLink.objects.filter(case_id=case_id).order_by("-id")),
        offers=tuple(_offer(offer, people) for offer in offers),
        refunds=tuple(refunds_of_case(case_id)),
        return_id=back.pk if back else None,
        return_state=back.state if back else "",
        return_number=back.number if back else "",
        return_courier=back.courier if back else "",
        replacement_order_id=replacement,
        offers_made=case.offers_made,
    )


def _people_of(evidence: list[Evidence]) -> set[int]:
    return {one.added_by for one in evidence} | {one.verdict_by or 0 for one in evidence}


def _names(ids: set[int]) -> dict[int, str]:
    return dict(Person.objects.filter(id__in=ids - {0}).values_list("id", "name"))


def _evidence(one: Evidence, people: dict[int, str]) -> EvidenceView:
    return EvidenceView(
        id=one.pk,
        shot=one.shot,
        kind=one.file_kind,
        size=one.size,
        verdict=one.verdict,
        verdict_reason=one.verdict_reason,
        verdict_by=people.get(one.verdict_by or 0, ""),
        added_at=one.added_at,
        added_by=people.get(one.added_by, ""),
    )


def _link(link: EvidenceLink, now: datetime) -> LinkView:
    is_live = link.used_at is None and link.ended_at is None and link.expires_at > now
    return LinkView(link.pk, tuple(link.shots), link.made_at, link.expires_at, link.used_at, is_live)


def _offer(offer: Offer, people: dict[int, str]) -> OfferView:
    return OfferView(
        number=offer.number,
        solution=offer.solution,
        refund_minor=offer.refund_minor,
        compensation_minor=offer.compensation_minor,
        freight_minor=offer.freight_minor,
        freight_by=offer.freight_by,
        pay_way=offer.pay_way,
        coupon_code=offer.coupon_code,
        exchange_sku=str(offer.exchange_sku) if offer.exchange_sku else "",
        outside_policy=offer.outside_policy,
        why=offer.why,
        offered_at=offer.offered_at,
        offered_by=people.get(offer.offered_by, ""),
        valid_until=offer.valid_until,
        answer=offer.answer,
        answered_at=offer.answered_at,
        answered_by=people.get(offer.answered_by or 0, ""),
    )

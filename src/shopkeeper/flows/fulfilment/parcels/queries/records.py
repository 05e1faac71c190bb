"""One parcel and one case with everything known of them: facts, scans, cases, talks, and what happened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.fulfilment.intake.queries import OrderCard, orders_by_id
from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.flows.fulfilment.parcels.models import ContactLog, Notice, Parcel, ParcelCase, ShipBack
from shopkeeper.flows.fulfilment.parcels.queries.cards import ParcelCard, parcels_by_id
from shopkeeper.flows.fulfilment.parcels.queries.lists import dues_of, in_scope
from shopkeeper.flows.fulfilment.parcels.sql import reading, tracking
from shopkeeper.flows.fulfilment.parcels.states import CaseState, ParcelState
from shopkeeper.flows.fulfilment.parcels.words import SCAN_TONES, answer_text
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Tone

PARCEL_STORY = (
    "parcels.parcel_opened",
    "parcels.parcel_numbered",
    "parcels.waybill_failed",
    "parcels.label_printed",
    "parcels.parcel_packed",
    "parcels.parcel_handed_over",
    "parcels.parcel_cancelled",
    "parcels.ship_back_acknowledged",
    "parcels.ship_back_failed",
    "parcels.parcel_lost",
)


@dataclass(frozen=True, slots=True)
class ScanView:
    at: datetime
    code: str
    state: str
    text: str
    place: str

    @property
    def tone(self) -> Tone:
        return SCAN_TONES.get(self.state, "grey")


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One thing that happened in the house: the event's type, who, and its plain values."""

    at: datetime
    type: str
    who: str
    why: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseLine:
    id: int
    kind: str
    state: str
    cause: str
    outcome: str
    note: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShipBackView:
    state: str
    attempts: int
    due_at: datetime
    last_tried_at: datetime | None
    last_error: str
    acknowledged_at: datetime | None
    is_repeat: bool
    notice_via: str
    notice_evidence: str
    notice_at: datetime | None

    @property
    def answer(self) -> T:
        return answer_text(self.last_error)


@dataclass(frozen=True, slots=True)
class ParcelRecord:
    card: ParcelCard
    order: OrderCard
    shop: str
    warehouse: str
    state_at: datetime
    opened_at: datetime
    packed_at: datetime | None
    promised_at: datetime | None
    last_update_at: datetime | None
    last_heard_at: datetime | None
    courier_watch: str
    ship_back: ShipBackView | None
    scans: tuple[ScanView, ...]
    cases: tuple[CaseLine, ...]
    story: tuple[StoryLine, ...]

    @property
    def is_recalled(self) -> bool:
        """Packed, but its order was changed or called back since."""
        return self.card.state == ParcelState.PACKED and self.order.state != OrderState.PACKED


@dataclass(frozen=True, slots=True)
class ContactView:
    at: datetime
    who: str
    channel: str
    note: str
    answer_due_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    case: CaseLine
    parcel: ParcelRecord
    contacts: tuple[ContactView, ...]


def parcel_record(viewer: Actor, parcel_id: int) -> ParcelRecord | None:
    """A parcel as its page shows it; None where it does not exist or lies outside the viewer's scope."""
    parcel = (
        Parcel.objects.filter(in_scope(viewer), id=parcel_id).select_related("shop", "warehouse", "ship_back").first()
    )
    if parcel is None:
        return None
    cases = list(ParcelCase.objects.filter(parcel_id=parcel_id).order_by("-id"))
    story = reading.STORY.rows(types=list(PARCEL_STORY), subject=parcel_id)
    names = _names([row.actor_id for row in story] + [case.closed_by for case in cases if case.closed_by])
    return ParcelRecord(
        card=parcels_by_id([parcel_id])[parcel_id],
        order=orders_by_id([parcel.order_id])[parcel.order_id],
        shop=parcel.shop.name,
        warehouse=parcel.warehouse.name,
        state_at=parcel.state_at,
        opened_at=parcel.opened_at,
        packed_at=parcel.packed_at,
        promised_at=parcel.promised_at,
        last_update_at=parcel.last_update_at,
        last_heard_at=parcel.last_heard_at,
        courier_watch=parcel.courier_watch,
        ship_back=_ship_back(parcel),
        scans=_scans(parcel_id),
        cases=_case_lines(cases, names),
        story=tuple(
            StoryLine(row.occurred_at, row.type, names.get(row.actor_id, ""), row.why, json.loads(row.data))
            for row in story
        ),
    )


def _ship_back(parcel: Parcel) -> ShipBackView | None:
    report: ShipBack | None = getattr(parcel, "ship_back", None)
    if report is None:
        return None
    notice = Notice.objects.filter(parcel_id=parcel.pk).first()
    return ShipBackView(
        report.state,
        report.attempts,
        report.due_at,
        report.last_tried_at,
        report.last_error,
        report.acknowledged_at,
        report.is_repeat,
        notice.via if notice else "",
        notice.evidence if notice else "",
        notice.sent_at if notice else None,
    )


def _scans(parcel_id: int) -> tuple[ScanView, ...]:
    """Newest first."""
    rows = tracking.SCANS.rows(ids=[parcel_id])
    views = [ScanView(row.occurred_at, row.code, row.state, row.text, row.place) for row in rows]
    return tuple(reversed(views))


def _case_lines(cases: Sequence[ParcelCase], names: dict[int, str]) -> tuple[CaseLine, ...]:
    dues = dues_of([case.pk for case in cases if case.state != CaseState.CLOSED])
    return tuple(
        CaseLine(
            case.pk,
            case.kind,
            case.state,
            case.cause,
            case.outcome,
            case.note,
            case.opened_at,
            case.closed_at,
            names.get(case.closed_by or 0, ""),
            dues.get(case.pk),
        )
        for case in cases
    )


def _names(actor_ids: Iterable[int]) -> dict[int, str]:
    """Names of people; the system has none."""
    wanted = {actor_id for actor_id in actor_ids if actor_id}
    return dict(Person.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def case_record(viewer: Actor, case_id: int) -> CaseRecord | None:
    """A case with its parcel and the talks about it; None outside the viewer's scope."""
    case = ParcelCase.objects.filter(in_scope(viewer, "parcel__"), id=case_id).first()
    parcel = parcel_record(viewer, case.parcel_id) if case else None
    if case is None or parcel is None:
        return None
    logs = list(ContactLog.objects.filter(case_id=case_id).order_by("-id"))
    names = _names(log.contacted_by for log in logs)
    line = next(line for line in parcel.cases if line.id == case_id)
    return CaseRecord(
        line,
        parcel,
        tuple(
            ContactView(log.contacted_at, names.get(log.contacted_by, ""), log.channel, log.note, log.answer_due_at)
            for log in logs
        ),
    )

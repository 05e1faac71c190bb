"""Cases in every state, made through the commands the product uses itself; and a clock that stands still."""

import io
import struct
import zlib
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from shopkeeper.flows.fulfilment.intake.models import Order, OrderLine
from shopkeeper.flows.fulfilment.intake.ports import ReceivedLine
from shopkeeper.flows.service.aftersale.commands.add_evidence import AddEvidence, SealedShot, add_evidence
from shopkeeper.flows.service.aftersale.commands.answer_offer import AnswerOffer, answer_offer
from shopkeeper.flows.service.aftersale.commands.grade_return import GradedPieces, GradeReturn, grade_return
from shopkeeper.flows.service.aftersale.commands.judge_evidence import JudgeEvidence, judge_evidence
from shopkeeper.flows.service.aftersale.commands.offer_solution import OfferSolution, offer_solution
from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, WantedPieces, open_aftersale
from shopkeeper.flows.service.aftersale.commands.receive_return import ReceiveReturn, receive_return
from shopkeeper.flows.service.aftersale.models import (
    AfterSaleCase,
    CaseLine,
    Evidence,
    Refund,
    ReturnParcel,
    case_number,
)
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.states import Grade, Reason, Shot, Solution
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.files import IMAGES, FileKind
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.sealed_files import sealed_files
from tests import factories as make
from tests.flows.fulfilment.settlement import stage as ends

HANDLING = (Permission.CASE_OPEN, Permission.CASE_HANDLE, Permission.EVIDENCE_TAKE_IN, Permission.EVIDENCE_VIEW)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def agent(*more: str, shops: list[Shop] | None = None) -> Actor:
    """Somebody of customer service."""
    return make.actor_with(*HANDLING, *more, shops=shops)


def signed_order(shop: Shop | None = None, *lines: ReceivedLine, **fields: Any) -> Order:
    order_id = ends.signed_order(shop or make.make_shop(), *lines, **fields)
    Order.objects.filter(id=order_id).update(signed_at=business_time.now())
    return Order.objects.get(id=order_id)


def lines_of(order: Order) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order).order_by("id"))


def opened(order: Order | None = None, reason: Reason = Reason.NO_REASON, **fields: Any) -> AfterSaleCase:
    """A case just opened; `pieces` as {line: quantity}."""
    order = order or signed_order()
    pieces = tuple(WantedPieces(line, n) for line, n in fields.pop("pieces", {}).items())
    outcome = open_aftersale.one(SYSTEM, OpenAfterSale(order.pk, reason, pieces, **fields))
    assert outcome.changed, outcome
    return AfterSaleCase.objects.get(id=outcome.id)


def a_png(shade: int = 0) -> bytes:
    """A real little picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes([shade % 256, shade // 256 % 256, 7]) * 2 for _ in range(2))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sealed(case: AfterSaleCase, shot: Shot, shade: int = 0) -> SealedShot:
    kept = sealed_files().keep(case.subject_id, io.BytesIO(a_png(shade)), IMAGES)
    return SealedShot(kept.ref, FileKind(kept.kind), kept.size, shot)


def proven(case: AfterSaleCase, *shots: Shot, actor: Actor = SYSTEM) -> AfterSaleCase:
    """The shots are there and found good."""
    files = tuple(sealed(case, shot, n) for n, shot in enumerate(shots or (Shot.TAGS,)))
    assert add_evidence.one(actor, AddEvidence(case.pk, files)).changed
    for evidence in Evidence.objects.filter(case=case, verdict="pending"):
        assert judge_evidence.one(actor, JudgeEvidence(evidence.pk, "good")).changed
    case.refresh_from_db()
    return case


def offered(
    case: AfterSaleCase | None = None, solution: Solution = Solution.RETURN_REFUND, actor: Actor = SYSTEM, **fields: Any
) -> AfterSaleCase:
    case = case or proven(opened())
    outcome = offer_solution.one(actor, OfferSolution(case.pk, solution, case.offers_made + 1, **fields))
    assert outcome.changed, outcome
    case.refresh_from_db()
    return case


def accepted(
    case: AfterSaleCase | None = None, solution: Solution = Solution.RETURN_REFUND, actor: Actor = SYSTEM, **fields: Any
) -> AfterSaleCase:
    case = offered(case, solution, actor, **fields)
    outcome = answer_offer.one(SYSTEM, AnswerOffer(case.pk, case.offers_made, "accepted"))
    assert outcome.changed, outcome
    case.refresh_from_db()
    return case


def received(case: AfterSaleCase | None = None) -> ReturnParcel:
    """The goods of a case are back at the warehouse."""
    case = case or accepted()
    outcome = receive_return.one(SYSTEM, ReceiveReturn(case.warehouse_id or 0, case_number(case.pk)))
    assert outcome.changed, outcome
    return ReturnParcel.objects.get(id=outcome.id)


def graded(parcel: ReturnParcel | None = None, grade: Grade = Grade.GOOD) -> AfterSaleCase:
    parcel = parcel or received()
    make.make_bin(parcel.warehouse)
    pieces = tuple(
        GradedPieces(line.order_line_id, grade, line.quantity) for line in CaseLine.objects.filter(case=parcel.case)
    )
    outcome = grade_return.one(SYSTEM, GradeReturn(parcel.pk, pieces, "A-01-01"))
    assert outcome.changed, outcome
    return AfterSaleCase.objects.get(id=parcel.case_id)


def refund_of(case: AfterSaleCase) -> Refund:
    return Refund.objects.filter(case=case).latest("id")


def closed(subject_id: int, kind: str) -> list[tuple[str, bool]]:
    """How deadlines ended: (ending, was late)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ending, was_late FROM sop_deadlineclosed WHERE kind = %s AND subject_id = %s ORDER BY closed_at",
            [kind, subject_id],
        )
        return [(str(ending), bool(late)) for ending, late in cursor.fetchall()]

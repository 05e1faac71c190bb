"""Goods on their way back: numbers, scans, parcels nobody knows, grades, and what stock makes of them."""

import pytest

from shopkeeper.flows.products.stock.models import Lot, Stock
from shopkeeper.flows.products.stock.queries.audit import stock_audit
from shopkeeper.flows.service.aftersale.commands.grade_return import GradedPieces, GradeReturn, grade_return
from shopkeeper.flows.service.aftersale.commands.note_replacements import NoteReplacement, note_replacements
from shopkeeper.flows.service.aftersale.commands.note_return import NoteReturn, note_return
from shopkeeper.flows.service.aftersale.commands.receive_return import (
    MatchReturn,
    ReceiveReturn,
    match_return,
    receive_return,
)
from shopkeeper.flows.service.aftersale.models import Refund, Replacement, ReturnLine, ReturnParcel
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.states import Grade, Reason, Shot, Solution
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.sop.models import Deadline
from tests import factories as make
from tests.flows.service.aftersale import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("S2.3")]
NUMBER = "YT1234567890123"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def warehouse_actor(*warehouses: object):
    permissions = (Permission.RETURN_RECEIVE, Permission.RETURN_GRADE)
    return make.actor_with(*permissions, warehouses=list(warehouses) or None)  # type: ignore[arg-type]


def test_a_number_is_noted_once_and_for_one_return() -> None:
    case, other = stage.accepted(), stage.accepted()
    item = NoteReturn(case.pk, "", f" {NUMBER.lower()} ")
    assert note_return.one(stage.agent(), item).changed
    assert note_return.one(stage.agent(), item).code == "unchanged"
    parcel = ReturnParcel.objects.get(case=case)
    assert (parcel.state, parcel.number, parcel.courier) == ("on_the_way", NUMBER, "yuantong")
    assert note_return.one(stage.agent(), NoteReturn(other.pk, "", NUMBER)).code == "number_used"
    assert note_return.one(stage.agent(), NoteReturn(other.pk, "", "包裹")).code == "number_unreadable"
    assert note_return.one(stage.agent(), NoteReturn(stage.opened().pk, "", NUMBER)).code == "no_return_awaited"


def test_a_scan_of_number_or_case_receives_the_parcel_and_the_grading_is_due() -> None:
    case = stage.accepted()
    note_return.one(SYSTEM, NoteReturn(case.pk, "", NUMBER))
    item = ReceiveReturn(case.warehouse_id or 0, NUMBER)
    outcome = receive_return.one(warehouse_actor(), item)
    assert outcome.facts["is_known"] is True
    assert receive_return.one(warehouse_actor(), item).code == "unchanged"
    case.refresh_from_db()
    assert case.state == "received"
    assert Deadline.objects.filter(kind="aftersale_grade", subject_id=outcome.id).exists()
    assert stage.closed(case.pk, "aftersale_return") == [("done", False)]


def test_what_nobody_knows_is_kept_and_matched_later() -> None:
    case = stage.accepted()
    scan = ReceiveReturn(case.warehouse_id or 0, NUMBER)
    first, twin = receive_return(warehouse_actor(), [scan, scan])
    assert (first.changed, first.facts["is_known"], twin.changed) == (True, False, False)
    parcel = ReturnParcel.objects.get(id=first.id)
    assert (parcel.state, parcel.case_id) == ("unknown", None)
    assert match_return.one(warehouse_actor(), MatchReturn(parcel.pk, stage.opened().pk)).code == "case_without_return"
    assert match_return.one(warehouse_actor(), MatchReturn(parcel.pk, case.pk)).changed
    assert match_return.one(warehouse_actor(), MatchReturn(parcel.pk, case.pk)).code == "unchanged"
    parcel.refresh_from_db()
    assert (parcel.state, parcel.case_id) == ("received", case.pk)
    assert ReturnParcel.objects.filter(case=case, state="cancelled").count() == 1
    other = stage.accepted()
    assert match_return.one(warehouse_actor(), MatchReturn(parcel.pk, other.pk)).code == "return_not_unknown"


def test_scans_that_mean_nothing() -> None:
    case = stage.opened()
    warehouse_id = case.warehouse_id or 0
    assert receive_return.one(warehouse_actor(), ReceiveReturn(warehouse_id, "12")).code == "number_unreadable"
    assert receive_return.one(warehouse_actor(), ReceiveReturn(warehouse_id, case.number)).code == "case_without_return"
    elsewhere = warehouse_actor(make.make_warehouse())
    assert receive_return.one(elsewhere, ReceiveReturn(warehouse_id, NUMBER)).code == "not_found"


def test_good_pieces_are_for_sale_again_and_the_money_goes_by_itself() -> None:
    parcel = stage.received()
    case = parcel.case
    assert case is not None
    line = stage.lines_of(case.order)[0]
    before = Stock.objects.get(sku_id=line.sku_id, warehouse=parcel.warehouse).on_hand
    case = stage.graded(parcel)
    lot = Lot.objects.get(code=f"{case.number}-G")
    assert (lot.on_hand, lot.is_quarantine, lot.bin.code) == (2, False, "A-01-01")
    assert Stock.objects.get(sku_id=line.sku_id, warehouse=parcel.warehouse).on_hand == before + 2
    assert stage.refund_of(case).state == "approved"
    assert case.state == "graded"
    assert set(stock_audit().values()) == {0}


@pytest.mark.parametrize(("grade", "lot"), [(Grade.DEFECTIVE, "D"), (Grade.SCRAP, "")])
def test_worn_goods_of_a_wish_without_reason_stop_the_money_and_owe_a_solution(grade: Grade, lot: str) -> None:
    case = stage.graded(grade=grade)
    assert case.state == "graded"
    assert not Refund.objects.exists()
    assert Deadline.objects.filter(kind="aftersale_offer", subject_id=case.pk).exists()
    assert Lot.objects.filter(code=f"{case.number}-{lot}", is_quarantine=True).exists() is bool(lot)
    assert ReturnLine.objects.get().grade == str(grade)
    assert set(stock_audit().values()) == {0}
    line = stage.lines_of(case.order)[0]
    part = stage.accepted(case, Solution.RETURN_REFUND, refund_minor=6_000)
    assert part.state == "accepted"
    assert stage.refund_of(case).amount_minor == 6_000
    assert line.paid_minor == 10_000


def test_faulty_goods_are_refunded_whatever_their_condition() -> None:
    case = stage.proven(stage.opened(reason=Reason.QUALITY), Shot.WHOLE, Shot.FAULT)
    case = stage.accepted(case, freight_minor=800)
    case = stage.graded(stage.received(case), Grade.SCRAP)
    kinds = {(r.is_compensation, r.amount_minor, r.state) for r in Refund.objects.filter(case=case)}
    assert kinds == {(False, 10_000, "approved"), (True, 800, "approved")}


def test_gradings_that_do_not_add_up() -> None:
    parcel = stage.received()
    assert parcel.case is not None
    line = stage.lines_of(parcel.case.order)[0]
    make.make_bin(parcel.warehouse)
    actor = warehouse_actor()

    def code(*pieces: GradedPieces, bin_code: str = "A-01-01") -> str:
        return grade_return.one(actor, GradeReturn(parcel.pk, pieces, bin_code)).code

    assert code(GradedPieces(line.pk, Grade.GOOD, 1)) == "grade_pieces_differ"
    assert code(GradedPieces(line.pk + 99, Grade.GOOD, 2)) == "grade_line_unknown"
    assert code(GradedPieces(line.pk, Grade.GOOD, 2), bin_code="NO-SUCH") == "bin_unknown"
    assert code(GradedPieces(line.pk, Grade.GOOD, 2), bin_code="") == "bin_needed"
    assert not Lot.objects.filter(code__startswith="SH").exists()
    two = (GradedPieces(line.pk, Grade.GOOD, 1), GradedPieces(line.pk, Grade.MISSING, 1))
    assert code(*two) == "done"
    assert code(*two) == "unchanged"
    assert not Refund.objects.exists()
    awaited = stage.accepted()
    item = GradeReturn(ReturnParcel.objects.get(case=awaited).pk, two)
    assert grade_return.one(actor, item).code == "return_not_received"


def test_something_else_in_the_parcel_is_not_put_on_the_shelf() -> None:
    parcel = stage.received()
    assert parcel.case is not None
    line = stage.lines_of(parcel.case.order)[0]
    item = GradeReturn(parcel.pk, (GradedPieces(line.pk, Grade.GOOD, 2),), "", is_other=True, note="寄回了旧鞋")
    assert grade_return.one(warehouse_actor(), item).facts == {"as_agreed": False}
    assert not Lot.objects.filter(code__startswith="SH").exists()
    assert not Refund.objects.exists()


def test_an_exchange_sends_the_other_variant_and_is_done_when_it_leaves() -> None:
    case = stage.proven(stage.opened())
    other = make.make_sku(spec="白色;XL")
    make.stock_up(other, case.warehouse, 5)  # type: ignore[arg-type]
    case = stage.accepted(case, Solution.EXCHANGE, exchange_sku_id=other.pk)
    assert not Replacement.objects.exists()
    case = stage.graded(stage.received(case))
    replacement = Replacement.objects.get(case=case)
    line = stage.lines_of(replacement.order)[0]
    assert (line.sku_id, line.quantity) == (other.pk, 2)
    assert case.state == "graded"
    assert note_replacements.one(SYSTEM, NoteReplacement(replacement.order_id)).changed
    assert note_replacements.one(SYSTEM, NoteReplacement(replacement.order_id)).code == "unchanged"
    case.refresh_from_db()
    assert case.state == "settled"
    assert note_replacements.one(SYSTEM, NoteReplacement(case.order_id)).code == "unchanged"

"""S2.3: what came back is looked at piece by piece: back on the shelf, into quarantine, or written off.

Where it is what was agreed, the solution goes on by itself; else the agent decides with what was found.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shopkeeper.flows.products.stock.commands.take_back_pieces import TakeBackPieces, take_back_pieces
from shopkeeper.flows.products.stock.models import Bin
from shopkeeper.flows.service.aftersale import deadlines
from shopkeeper.flows.service.aftersale.commands.casework import await_offers, load
from shopkeeper.flows.service.aftersale.commands.goodswork import order_replacements
from shopkeeper.flows.service.aftersale.commands.moneywork import give_money, lacks_money
from shopkeeper.flows.service.aftersale.events import ReturnGraded
from shopkeeper.flows.service.aftersale.models import Offer, ReturnLine, case_number
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.proposals import JudgedCase
from shopkeeper.flows.service.aftersale.rules.returns import goes_on, grading_flaw
from shopkeeper.flows.service.aftersale.sql import returns as sql
from shopkeeper.flows.service.aftersale.states import (
    CASE_FLOW,
    RETURN_FLOW,
    WITH_GOODS,
    CaseState,
    Grade,
    OfferAnswer,
    Reason,
    ReturnState,
)
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import WarehouseOf
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

# What stock takes back, in its own words.
SHELVED: dict[Grade, Literal["good", "defective", "scrap"]] = {
    Grade.GOOD: "good",
    Grade.DEFECTIVE: "defective",
    Grade.SCRAP: "scrap",
}


@dataclass(frozen=True, slots=True)
class GradedPieces:
    """So many pieces of a line, found in one condition."""

    order_line_id: int
    grade: Grade
    quantity: Annotated[int, Field(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True)
class GradeReturn:
    """Every awaited piece has a grade; good ones go to `bin_code`.

    `is_other` where something else came than was bought, whatever its condition.
    """

    return_id: int
    pieces: Annotated[tuple[GradedPieces, ...], Field(min_length=1, max_length=200)]
    bin_code: Annotated[str, Field(max_length=30)] = ""
    is_other: bool = False
    note: Annotated[str, Field(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """A parcel whose grading holds."""

    row: sql.ReturnRow
    case: JudgedCase
    item: GradeReturn
    as_agreed: bool


@command(clause="S2.3", permission=Permission.RETURN_GRADE, scope=WarehouseOf("aftersale_returnparcel", "return_id"))
def grade_return(step: Step, items: Sequence[GradeReturn]) -> list[Outcome]:
    """Grade parcels; stock takes the pieces back. Done with `facts["as_agreed"]`.

    Refused: "return_not_received", "grade_quantity_wrong", "grade_line_unknown", "grade_pieces_differ",
    "bin_needed" and "bin_unknown" for good pieces without a shelf. A graded parcel is unchanged.
    """
    cases = {row.case_id or 0 for row in sql.LOCK.rows(returns=sorted({item.return_id for item in items}))} - {0}
    judged = load(step, cases)
    rows = {row.id: row for row in sql.LOCK.rows(returns=sorted({item.return_id for item in items}))}
    shelves = _shelves(rows.values())
    outcomes: list[Outcome] = []
    graded: dict[int, Graded] = {}
    for item in items:
        row = rows[item.return_id]
        if row.state == ReturnState.GRADED or row.id in graded:
            outcomes.append(unchanged(row.id))
            continue
        if row.state != ReturnState.RECEIVED or row.case_id is None:
            outcomes.append(refused("return_not_received", row.id))
            continue
        case = judged[row.case_id]
        found = [(piece.order_line_id, piece.grade, piece.quantity) for piece in item.pieces]
        flaw = grading_flaw({line.order_line_id: line.quantity for line in case.lines}, found)
        needs_shelf = not item.is_other and any(grade is Grade.GOOD for _, grade, _ in found)
        if not flaw and needs_shelf and (row.warehouse_id, item.bin_code) not in shelves:
            flaw = "bin_unknown" if item.bin_code else "bin_needed"
        if flaw:
            outcomes.append(refused(flaw, row.id, bin=item.bin_code))
            continue
        as_agreed = goes_on(Reason(case.row.reason), found) and not item.is_other
        graded[row.id] = Graded(row, case, item, as_agreed)
        outcomes.append(done(row.id, as_agreed=as_agreed))
    _write(step, list(graded.values()))
    return outcomes


def _shelves(rows: Iterable[sql.ReturnRow]) -> set[tuple[int, str]]:
    """Places of these parcels' warehouses from which goods are sold."""
    warehouses = {row.warehouse_id for row in rows}
    shelves = Bin.objects.filter(warehouse_id__in=warehouses, is_quarantine=False)
    return set(shelves.values_list("warehouse_id", "code"))


def _lot(case_id: int, grade: Grade) -> str:
    return f"{case_number(case_id)}-{grade[0].upper()}"


def _back(one: Graded) -> list[TakeBackPieces]:
    """Pieces of known SKUs as stock takes them: one lot per SKU and grade. Other goods than ours are not booked."""
    item, row, case = one.item, one.row, one.case
    if item.is_other:
        return []
    skus = {line.order_line_id: line.sku_id for line in case.lines}
    counted: Counter[tuple[int, Grade]] = Counter()
    for piece in item.pieces:
        sku_id = skus[piece.order_line_id]
        if sku_id is not None and piece.grade in SHELVED:
            counted[sku_id, piece.grade] += piece.quantity
    return [
        TakeBackPieces(
            sku_id=sku_id,
            warehouse_id=row.warehouse_id,
            lot_code=_lot(case.row.id, grade),
            quantity=quantity,
            grade=SHELVED[grade],
            bin_code=item.bin_code,
            subject_id=case.row.id,
            reason=case.row.reason,
        )
        for (sku_id, grade), quantity in sorted(counted.items())
    ]


def _write(step: Step, graded: Sequence[Graded]) -> None:
    if not graded:
        return
    take_back_pieces.within(step, [wish for one in graded for wish in _back(one)])
    sql.NOTE_GRADED.run(
        now=step.now,
        actor_id=step.actor.id,
        returns=[one.row.id for one in graded],
        agreed=[one.as_agreed for one in graded],
        notes=[one.item.note.strip() for one in graded],
    )
    ReturnLine.objects.bulk_create([line for one in graded for line in _lines(one)])
    ids = [one.row.id for one in graded]
    step.move(RETURN_FLOW, ids, ReturnState.GRADED)
    close(step, deadlines.GRADE, ids)
    step.move(CASE_FLOW, [one.case.row.id for one in graded], CaseState.GRADED)
    step.emit(*(_told(one) for one in graded))
    _go_on(step, graded)


def _lines(one: Graded) -> list[ReturnLine]:
    skus = {line.order_line_id: line.sku_id for line in one.case.lines}
    counted: Counter[tuple[int, Grade]] = Counter()
    for piece in one.item.pieces:
        counted[piece.order_line_id, piece.grade] += piece.quantity
    return [
        ReturnLine(
            parcel_id=one.row.id,
            order_line_id=line_id,
            sku_id=skus[line_id],
            grade=str(grade),
            quantity=quantity,
            lot_code=_lot(one.case.row.id, grade)
            if grade in (Grade.GOOD, Grade.DEFECTIVE) and skus[line_id] and not one.item.is_other
            else "",
        )
        for (line_id, grade), quantity in sorted(counted.items())
    ]


def _told(one: Graded) -> ReturnGraded:
    count: Counter[Grade] = Counter()
    for piece in one.item.pieces:
        count[piece.grade] += piece.quantity
    return ReturnGraded(
        one.row.id,
        one.case.row.id,
        one.case.row.shop_id,
        count[Grade.GOOD],
        count[Grade.DEFECTIVE],
        count[Grade.SCRAP],
        count[Grade.MISSING],
        one.as_agreed,
    )


def _go_on(step: Step, graded: Sequence[Graded]) -> None:
    """Money or goods go out where all is as agreed; where it is not, or cannot go, a solution is owed anew."""
    agreed = [one for one in graded if one.as_agreed and one.case.row.state == CaseState.RECEIVED]
    offers = {
        offer.case_id: offer
        for offer in Offer.objects.filter(
            case_id__in=[one.case.row.id for one in agreed], answer=OfferAnswer.ACCEPTED
        ).order_by("number")
    }
    going = [
        (one.case, offers[one.case.row.id]) for one in agreed if not lacks_money(one.case, offers[one.case.row.id])
    ]
    ordered = order_replacements(step, [(case, offer) for case, offer in going if offer.solution in WITH_GOODS])
    going = [(case, offer) for case, offer in going if case.row.id not in ordered or ordered[case.row.id].ok]
    give_money(step, going)
    gone = {case.row.id for case, _ in going}
    stuck = [one.case.row for one in graded if one.case.row.id not in gone and one.case.row.state == CaseState.RECEIVED]
    if stuck:
        await_offers(step, stuck)

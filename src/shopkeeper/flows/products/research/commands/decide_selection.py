"""P1.2: the selection list is handed in and approved by another person; what is taken becomes draft products."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from django.db.models import Exists, OuterRef
from pydantic import Field

from shopkeeper.flows.products.listing.commands.draft_products import DraftProduct, draft_products
from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.research.deadlines import DECIDE_SELECTION, DRAFT_SELECTION
from shopkeeper.flows.products.research.events import (
    CandidateDrafted,
    SelectionListDecided,
    SelectionListSubmitted,
)
from shopkeeper.flows.products.research.models import Candidate, Selection, SelectionList
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.states import LIST_FLOW, Decision, ListState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies


@dataclass(frozen=True, slots=True)
class SubmitSelectionList:
    list_id: int


@command(clause="P1.2", permission=Permission.SELECTION_SUBMIT, scope=EVERYWHERE)
def submit_selection_list(step: Step, items: Sequence[SubmitSelectionList]) -> list[Outcome]:
    """Hand lists in. Refused: not_found, list_decided. One handed in is unchanged."""
    ids = sorted({item.list_id for item in items})
    rows = {row.pk: row for row in SelectionList.objects.select_for_update().filter(id__in=ids).order_by("id")}
    ready = [id_ for id_, row in rows.items() if row.state == ListState.DRAFT]
    due = step.now + timedelta(hours=policies(step)("selection_decision_hours"))
    step.move(LIST_FLOW, ready, ListState.SUBMITTED)
    SelectionList.objects.filter(id__in=ready).update(submitted_by=step.actor.id, due_at=due)
    arm(step, [Arm(DECIDE_SELECTION, id_, due, label=f"V{rows[id_].version}") for id_ in ready])
    step.emit(*map(SelectionListSubmitted, ready))
    outcomes = []
    for item in items:
        row = rows.get(item.list_id)
        if row is None:
            outcomes.append(refused("not_found", item.list_id))
        elif row.pk in ready:
            outcomes.append(done(row.pk))
        else:
            is_waiting = row.state == ListState.SUBMITTED
            outcomes.append(unchanged(row.pk) if is_waiting else refused("list_decided", row.pk))
    return outcomes


@dataclass(frozen=True, slots=True)
class WithdrawSelectionList:
    list_id: int


@command(clause="P1.2", permission=Permission.SELECTION_SUBMIT, scope=EVERYWHERE)
def withdraw_selection_list(step: Step, items: Sequence[WithdrawSelectionList]) -> list[Outcome]:
    """Take back lists that wait for a decision. Refused: not_found, list_decided. A draft is unchanged."""
    ids = sorted({item.list_id for item in items})
    rows = {row.pk: row for row in SelectionList.objects.select_for_update().filter(id__in=ids).order_by("id")}
    waiting = [id_ for id_, row in rows.items() if row.state == ListState.SUBMITTED]
    step.move(LIST_FLOW, waiting, ListState.DRAFT, "withdrawn")
    SelectionList.objects.filter(id__in=waiting).update(submitted_by=None, due_at=None)
    close(step, DECIDE_SELECTION, waiting)
    outcomes = []
    for item in items:
        row = rows.get(item.list_id)
        if row is None:
            outcomes.append(refused("not_found", item.list_id))
        elif row.pk in waiting:
            outcomes.append(done(row.pk))
        else:
            is_draft = row.state == ListState.DRAFT
            outcomes.append(unchanged(row.pk) if is_draft else refused("list_decided", row.pk))
    return outcomes


@dataclass(frozen=True, slots=True)
class DecideSelectionList:
    """Approve all but the candidates in `left_out` (a reason is needed), or return the whole list."""

    list_id: int
    decision: Literal["approve", "return"]
    reason: Annotated[str, Field(max_length=300)] = ""
    left_out: tuple[int, ...] = ()


@command(clause="P1.2", permission=Permission.SELECTION_APPROVE, scope=EVERYWHERE)
def decide_selection_list(step: Step, items: Sequence[DecideSelectionList]) -> list[Outcome]:
    """Decide on lists; what is taken is to be drafted.

    Refused: not_found, own_work, list_decided, reason_needed, nothing_taken, not_on_list.
    """
    return [_decide(step, item) for item in items]


def _decide(step: Step, item: DecideSelectionList) -> Outcome:
    row = SelectionList.objects.select_for_update().filter(id=item.list_id).first()
    if row is None:
        return refused("not_found", item.list_id)
    entries = dict(Selection.objects.filter(list_id=row.pk).values_list("candidate_id", "id"))
    code = _refusal(step, item, row, entries)
    if code:
        return refused(code, row.pk)
    taken = 0
    if item.decision == "approve":
        left = [entries[candidate] for candidate in item.left_out]
        reason = item.reason.strip()
        Selection.objects.filter(list_id=row.pk).update(decision=Decision.TAKE)
        Selection.objects.filter(id__in=left).update(decision=Decision.LEAVE, decision_reason=reason)
        taken = len(entries) - len(left)
    step.move(LIST_FLOW, [row.pk], ListState.APPROVED if item.decision == "approve" else ListState.RETURNED)
    SelectionList.objects.filter(id=row.pk).update(
        decided_at=step.now, decided_by=step.actor.id, decision_reason=item.reason.strip(), due_at=None
    )
    close(step, DECIDE_SELECTION, [row.pk])
    if _with_undrafted([row.pk]):
        draft_by = step.now + timedelta(hours=policies(step)("selection_draft_hours"))
        arm(step, [Arm(DRAFT_SELECTION, row.pk, draft_by, label=f"V{row.version}")])
    step.emit(SelectionListDecided(row.pk, item.decision, taken, item.reason.strip()))
    return done(row.pk, taken=taken)


def _refusal(step: Step, item: DecideSelectionList, row: SelectionList, entries: dict[int, int]) -> str:
    if row.state != ListState.SUBMITTED:
        return "list_decided"
    if step.actor.id in (row.submitted_by, row.made_by):
        return "own_work"
    if not item.reason.strip() and (item.decision == "return" or item.left_out):
        return "reason_needed"
    if not set(item.left_out) <= set(entries):
        return "not_on_list"
    return "nothing_taken" if item.decision == "approve" and len(set(item.left_out)) == len(entries) else ""


@dataclass(frozen=True, slots=True)
class DraftCandidate:
    """`leaf_id` and platforms may be left for the product specialist."""

    candidate_id: int
    leaf_id: int | None = None
    platforms: tuple[str, ...] = ()


@command(clause="P1.2", permission=Permission.CANDIDATE_EDIT, scope=EVERYWHERE)
def draft_candidates(step: Step, items: Sequence[DraftCandidate]) -> list[Outcome]:
    """Candidates that an approved list takes become draft products, once each; `product_id` is in the facts.

    Refused: not_found, candidate_not_approved, and what entering a product refuses (product_code_taken above all).
    """
    ids = sorted({item.candidate_id for item in items})
    rows = {row.pk: row for row in Candidate.objects.select_for_update().filter(id__in=ids).order_by("id")}
    approved = set(
        Selection.objects.filter(
            candidate_id__in=ids, decision=Decision.TAKE, list__state=ListState.APPROVED
        ).values_list("candidate_id", flat=True)
    )
    ready = {item.candidate_id: item for item in items if _is_ready(rows.get(item.candidate_id), approved)}
    drafts = draft_products.within(step, [_draft(rows[id_], item) for id_, item in ready.items()])
    made = dict(zip(ready, drafts, strict=True))
    drafted = [rows[id_] for id_, outcome in made.items() if outcome.ok and outcome.id is not None]
    for row in drafted:
        row.product_id, row.drafted_at = made[row.pk].id, step.now
    Candidate.objects.bulk_update(drafted, ["product_id", "drafted_at"])
    taking = Selection.objects.filter(candidate_id__in=ids, decision=Decision.TAKE)
    of_lists = set(taking.values_list("list_id", flat=True))
    close(step, DRAFT_SELECTION, sorted(of_lists - _with_undrafted(of_lists)))
    step.emit(*(CandidateDrafted(row.pk, row.product_id) for row in drafted if row.product_id is not None))
    answered: set[int] = set()
    outcomes = []
    for item in items:
        outcomes.append(_answer(item.candidate_id, rows, approved, {} if item.candidate_id in answered else made))
        answered.add(item.candidate_id)
    return outcomes


def _with_undrafted(list_ids: Collection[int]) -> set[int]:
    """Approved lists that take candidates still to be drafted; one whose code a product has cannot be any more."""
    taken = Selection.objects.filter(
        list_id__in=list_ids, list__state=ListState.APPROVED, decision=Decision.TAKE, candidate__product_id=None
    )
    there = Product.objects.filter(code=OuterRef("candidate__code"))
    return set(taken.exclude(Exists(there)).values_list("list_id", flat=True))


def _is_ready(row: Candidate | None, approved: set[int]) -> bool:
    return row is not None and row.product_id is None and row.pk in approved


def _draft(row: Candidate, item: DraftCandidate) -> DraftProduct:
    return DraftProduct(
        code=row.code, title=row.name, core_keyword=row.keyword, category=row.category, leaf_id=item.leaf_id,
        platforms=item.platforms, cost_minor=row.cost_minor or 0, price_minor=row.price_minor or 0,
    )  # fmt: skip


def _answer(id_: int, rows: dict[int, Candidate], approved: set[int], made: dict[int, Outcome]) -> Outcome:
    row = rows.get(id_)
    if row is None:
        return refused("not_found", id_)
    if id_ in made:
        outcome = made[id_]
        return done(id_, product_id=outcome.id) if outcome.ok else outcome
    if row.product_id is not None or id_ in approved:
        return unchanged(id_, product_id=row.product_id)
    return refused("candidate_not_approved", id_)

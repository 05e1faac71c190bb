"""P2.1: a product that passes every check goes to the supervisor; or is taken back before it was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.products.listing import deadlines, events
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.checking import findings_of
from shopkeeper.flows.products.listing.rules.findings import Finding, errors
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import PRODUCT_FLOW, ProductState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close
from shopkeeper.sop.policy import policies

SUBMITTABLE = (ProductState.DRAFT, ProductState.RETURNED)


@dataclass(frozen=True, slots=True)
class SubmitProduct:
    """The version that was read; another one is not submitted unseen. `note` is kept with the submission."""

    product_id: int
    version: int
    note: Annotated[str, Field(max_length=300)] = ""


@command(clause="P2.1", permission=Permission.PRODUCT_SUBMIT, scope=EVERYWHERE)
def submit_product(step: Step, items: Sequence[SubmitProduct]) -> list[Outcome]:
    """Send products to the review. Refused: stale_version, product_retired, product_approved, and
    product_unfit, with every finding in the facts.
    """
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.product_id for item in items}), codes=[])}
    open_rows = [row for row in rows.values() if row.state in SUBMITTABLE]
    findings = findings_of(open_rows, policies(step)) if open_rows else {}
    ready = sorted(
        {
            item.product_id
            for item in items
            if item.product_id in findings
            and item.version == rows[item.product_id].version
            and not errors(findings[item.product_id])
        }
    )
    if ready:
        sql.NOTE_SUBMITTED.run(ids=ready, now=step.now, actor_id=step.actor.id)
        notes = {item.product_id: item.note.strip() for item in reversed(items)}
        for note in sorted({notes[i] for i in ready}):
            step.move(PRODUCT_FLOW, [i for i in ready if notes[i] == note], ProductState.SUBMITTED, note)
        close(step, deadlines.RETURNED, ready)
        close(step, deadlines.DRAFTED, ready)
        step.emit(*(events.ProductSubmitted(i, rows[i].version, step.actor.id) for i in ready))
    answered: set[int] = set()
    return [_answer(item, rows, findings, answered) for item in items]


def _answer(
    item: SubmitProduct, rows: dict[int, sql.ProductRow], findings: Mapping[int, list[Finding]], answered: set[int]
) -> Outcome:
    row = rows.get(item.product_id)
    if row is None:
        return refused("not_found", item.product_id)
    if item.version != row.version:
        return refused("stale_version", row.id, version=row.version, yours=item.version)
    if row.state == ProductState.SUBMITTED or item.product_id in answered:
        return unchanged(row.id)
    if row.state not in SUBMITTABLE:
        return refused(f"product_{row.state}", row.id)
    wrong = errors(findings[row.id])
    if wrong:
        return refused("product_unfit", row.id, count=len(wrong), findings=[finding.plain() for finding in wrong])
    answered.add(row.id)
    return done(row.id, version=row.version)


@dataclass(frozen=True, slots=True)
class WithdrawProduct:
    product_id: int


@command(clause="P2.1", permission=Permission.PRODUCT_SUBMIT, scope=EVERYWHERE)
def withdraw_products(step: Step, items: Sequence[WithdrawProduct]) -> list[Outcome]:
    """Take products back before they are reviewed; they are drafts again. Refused: not_under_review."""
    rows = {row.id: row for row in sql.LOCK.rows(ids=sorted({item.product_id for item in items}), codes=[])}
    waiting = [row.id for row in rows.values() if row.state == ProductState.SUBMITTED]
    step.move(PRODUCT_FLOW, waiting, ProductState.DRAFT)
    step.emit(*(events.ProductWithdrawn(row_id, rows[row_id].version) for row_id in waiting))
    outcomes = []
    for item in items:
        row = rows.get(item.product_id)
        if row is None:
            outcomes.append(refused("not_found", item.product_id))
        elif row.id in waiting:
            outcomes.append(done(row.id))
        else:
            is_draft = row.state == ProductState.DRAFT
            outcomes.append(unchanged(row.id) if is_draft else refused("not_under_review", row.id))
    return outcomes

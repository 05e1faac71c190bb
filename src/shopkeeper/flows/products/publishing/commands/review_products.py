"""P4.1: the supervisor approves a submitted product or sends it back with the places marked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from shopkeeper.flows.products.listing.commands.note_review import NoteReview, note_review
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.sql import products as listing
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.publishing.commands.first_publishing import ask_to_publish
from shopkeeper.flows.products.publishing.commands.listing_steps import names_of
from shopkeeper.flows.products.publishing.commands.word_steps import words_in_force
from shopkeeper.flows.products.publishing.deadlines import REVIEW
from shopkeeper.flows.products.publishing.events import ReviewDecided
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import category_of, platforms_of, said_by
from shopkeeper.flows.products.publishing.queries.word_lists import exemptions_of
from shopkeeper.flows.products.publishing.rules.findings import Finding, word_findings
from shopkeeper.flows.products.publishing.sql import reviews as sql
from shopkeeper.flows.products.publishing.states import REVIEW_FLOW, ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.deadlines import close

MARKED = "marked_place"
WORDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A place the supervisor wants changed: said[place], or [start:end] of it, and what is wrong there."""

    place: Annotated[str, Field(max_length=80)]
    note: Annotated[str, Field(max_length=200)] = ""
    start: Annotated[int, Field(ge=0)] = 0
    end: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True)
class ReviewProduct:
    """A decision on one submission. A return needs its reason; marks say where."""

    review_id: int
    decision: Literal["approve", "return"]
    reason: Annotated[str, Field(max_length=500)] = ""
    marks: tuple[Mark, ...] = ()

    @property
    def state(self) -> ReviewState:
        return ReviewState.APPROVED if self.decision == "approve" else ReviewState.RETURNED


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands, with what was in the product at this moment."""

    row: sql.ReviewRow
    item: ReviewProduct
    found: list[Finding]


@command(clause="P4.1", permission=Permission.REVIEW_DECIDE, scope=EVERYWHERE)
def review_products(step: Step, items: Sequence[ReviewProduct]) -> list[Outcome]:
    """Approve products or return them. Words are looked for once more, by the list and exemptions of now.

    Decided the same way already is unchanged. Refused: "not_found", "own_work", "already_decided",
    "review_withdrawn", "product_changed", "reason_needed" for a return without one, "place_unknown",
    "forbidden_word" while one without exemption is in it.
    """
    ids = sorted({item.review_id for item in items})
    product_ids = sorted({row.product_id for row in sql.READ.rows(ids=ids)})
    listing.LOCK.rows(ids=product_ids, codes=[])
    rows = {row.id: row for row in sql.LOCK.rows(ids=ids)}
    products = product_facts(product_ids)
    found = _findings(step, products)
    chosen: dict[int, Decided] = {}
    outcomes = []
    for item in items:
        row = rows.get(item.review_id)
        if row is None:
            outcomes.append(refused("not_found", item.review_id))
            continue
        verdict = _verdict(step, row, item, products[row.product_id], found[row.product_id])
        if row.id in chosen:
            same = chosen[row.id].item.decision == item.decision
            verdict = unchanged(row.id) if same else refused("already_decided", row.id)
        elif verdict.changed:
            chosen[row.id] = Decided(row, item, found[row.product_id])
        outcomes.append(verdict)
    _write(step, list(chosen.values()), products)
    return outcomes


def _findings(step: Step, products: Mapping[int, ProductFacts]) -> dict[int, list[Finding]]:
    words = words_in_force().words
    granted = exemptions_of(list(products), day_of(step.now))
    return {
        id_: word_findings(words, said_by(p), category_of(p), platforms_of(p), granted.get(id_, ()))
        for id_, p in products.items()
    }


def _verdict(
    step: Step, row: sql.ReviewRow, item: ReviewProduct, product: ProductFacts, found: Sequence[Finding]
) -> Outcome:
    if row.state == item.state:
        return unchanged(row.id)
    if row.state != ReviewState.OPEN:
        withdrawn = row.state == ReviewState.WITHDRAWN
        return refused("review_withdrawn" if withdrawn else "already_decided", row.id)
    if step.actor.kind != "system" and row.submitted_by == step.actor.id:
        return refused("own_work", row.id)
    if product.state != ProductState.SUBMITTED or product.version != row.version:
        return refused("product_changed", row.id)
    if item.decision == "return" and not item.reason.strip():
        return refused("reason_needed", row.id)
    said = said_by(product)
    for mark in item.marks:
        if mark.place not in said or max(mark.start, mark.end) > len(said[mark.place]):
            return refused("place_unknown", row.id, place=mark.place)
    blocks = [one for one in found if one.blocks]
    if item.decision == "approve" and blocks:
        words = "、".join(list(dict.fromkeys(one.written for one in blocks))[:WORDS_SHOWN])
        return refused("forbidden_word", row.id, count=len(blocks), words=words)
    return done(row.id, product_id=row.product_id)


def _write(step: Step, chosen: Sequence[Decided], products: Mapping[int, ProductFacts]) -> None:
    if not chosen:
        return
    version = words_in_force().version or None
    sql.DECIDE.run(
        now=step.now,
        actor_id=step.actor.id,
        decisions=as_json(
            [
                {
                    "id": d.row.id,
                    "reason": d.item.reason.strip(),
                    "marks": [asdict(mark) for mark in d.item.marks],
                    "findings": [one.as_row() for one in d.found],
                    "blocks": sum(one.blocks for one in d.found),
                    "warnings": sum(one.warns for one in d.found),
                    "word_version": version,
                }
                for d in chosen
            ]
        ),
    )
    for state in (ReviewState.APPROVED, ReviewState.RETURNED):
        step.move(REVIEW_FLOW, [d.row.id for d in chosen if d.item.state == state], state)
    close(step, REVIEW, [d.row.id for d in chosen])
    approved = {d.row.product_id: products[d.row.product_id] for d in chosen if d.item.state == ReviewState.APPROVED}
    ask_to_publish(step, names_of(approved))
    told = note_review.within(step, [_note(d) for d in chosen])
    assert all(outcome.ok for outcome in told), told  # the product was locked and looked at above
    step.emit(*(ReviewDecided(d.row.id, d.row.product_id, d.item.decision) for d in chosen))


def _note(decided: Decided) -> NoteReview:
    """What the product's own page tells whoever has to mend it."""
    findings: list[dict[str, Any]] = []
    if decided.item.decision == "return":
        findings = [
            {
                "code": one.code,
                "place": _form_place(one.place),
                "facts": {"word": one.written, "suggestion": one.suggestion or "–"},
                "level": "error" if one.blocks else "advice",
            }
            for one in decided.found
            if one.blocks or one.warns
        ]
        findings += [
            {
                "code": MARKED,
                "place": _form_place(mark.place),
                "facts": {"note": mark.note or decided.item.reason.strip()},
                "level": "error",
            }
            for mark in decided.item.marks
        ]
    return NoteReview(
        product_id=decided.row.product_id,
        version=decided.row.version,
        approved=decided.item.decision == "approve",
        reason=decided.item.reason.strip(),
        findings=tuple(findings),
    )


def _form_place(place: str) -> str:
    """A place as the product's own checks name it: 'selling_points:0'."""
    return place.replace(".", ":", 1)

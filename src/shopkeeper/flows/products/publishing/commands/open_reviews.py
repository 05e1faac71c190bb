"""P4.1: a submitted product comes before the supervisor, with what was found in it; or is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shopkeeper.flows.products.listing.queries.checking import findings_of
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.sql import products as listing
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.publishing.commands.first_publishing import ask_no_more
from shopkeeper.flows.products.publishing.commands.word_steps import words_in_force
from shopkeeper.flows.products.publishing.deadlines import REVIEW
from shopkeeper.flows.products.publishing.events import ReviewOpened
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.goods import category_of, platforms_of, said_by, seen_with
from shopkeeper.flows.products.publishing.queries.word_lists import exemptions_of
from shopkeeper.flows.products.publishing.rules.findings import word_findings
from shopkeeper.flows.products.publishing.sql import reviews as sql
from shopkeeper.flows.products.publishing.states import REVIEW_FLOW, ReviewState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm, close
from shopkeeper.sop.policy import policies
from shopkeeper.sop.states import Ending


@dataclass(frozen=True, slots=True)
class OpenReview:
    product_id: int


@dataclass(frozen=True, slots=True)
class WithdrawReview:
    product_id: int


@command(clause="P4.1", permission=Permission.REVIEW_OPEN, scope=EVERYWHERE, internal=True)
def open_reviews(step: Step, items: Sequence[OpenReview]) -> list[Outcome]:
    """Open a review of each product that waits for one, with its findings and its deadline.

    A product that no longer waits, or whose review is open already, is unchanged. An older open review of the
    same product is withdrawn.
    """
    ids = sorted({item.product_id for item in items})
    rows = listing.LOCK.rows(ids=ids, codes=[])
    products = {id_: facts for id_, facts in product_facts(ids).items() if facts.state == ProductState.SUBMITTED}
    moments = {id_: _submitted_at(facts) for id_, facts in products.items()}
    known = {row.product_id for row in sql.KNOWN.rows(products=list(moments), moments=list(moments.values()))}
    fresh = {id_: facts for id_, facts in products.items() if id_ not in known}
    _withdraw(step, sorted(fresh))
    ask_no_more(step, sorted(fresh))
    advice = findings_of([row for row in rows if row.id in fresh], policies(step)) if fresh else {}
    opened = _open(step, fresh, {id_: [one.plain() for one in found] for id_, found in advice.items()})
    return [_answer(item.product_id, opened) for item in items]


@command(clause="P4.1", permission=Permission.REVIEW_OPEN, scope=EVERYWHERE, internal=True)
def withdraw_reviews(step: Step, items: Sequence[WithdrawReview]) -> list[Outcome]:
    """The submitter took the product back: its open review ends undecided. Without one it is unchanged.

    A product that was submitted anew meanwhile keeps its review.
    """
    ids = sorted({item.product_id for item in items})
    states = {row.id: row.state for row in listing.LOCK.rows(ids=ids, codes=[])}
    gone = _withdraw(step, [id_ for id_ in ids if states.get(id_) != ProductState.SUBMITTED])
    return [done(i.product_id) if i.product_id in gone else unchanged(i.product_id) for i in items]


def _submitted_at(product: ProductFacts) -> datetime:
    assert product.submitted_at is not None  # a constraint of the product says so
    return product.submitted_at


def _withdraw(step: Step, product_ids: Sequence[int]) -> set[int]:
    if not product_ids:
        return set()
    rows = sql.LOCK_OPEN.rows(products=list(product_ids))
    step.move(REVIEW_FLOW, [row.id for row in rows], ReviewState.WITHDRAWN)
    close(step, REVIEW, [row.id for row in rows], Ending.CANCELLED)
    return {row.product_id for row in rows}


def _open(
    step: Step, products: Mapping[int, ProductFacts], advice: Mapping[int, list[dict[str, Any]]]
) -> dict[int, int]:
    """Write the reviews; return them by product."""
    if not products:
        return {}
    due_at = step.now + timedelta(hours=policies(step)("review_hours"))
    in_force = words_in_force()
    granted = exemptions_of(list(products), day_of(step.now))
    reviews: dict[int, dict[str, Any]] = {}
    for id_, product in sorted(products.items()):
        said = said_by(product)
        found = word_findings(in_force.words, said, category_of(product), platforms_of(product), granted.get(id_, ()))
        reviews[id_] = {
            "product_id": id_,
            "version": product.version,
            "submitted_at": _submitted_at(product).isoformat(),
            "submitted_by": product.submitted_by or 0,
            "due_at": due_at.isoformat(),
            "word_version": in_force.version or None,
            "said": said,
            "seen_with": seen_with(product),
            "findings": [one.as_row() for one in found],
            "advice": advice.get(id_, []),
            "blocks": sum(one.blocks for one in found),
            "warnings": sum(one.warns for one in found),
        }
    rows = sql.OPEN.rows(now=step.now, reviews=as_json(list(reviews.values())))
    labels = {id_: f"{product.code} {product.title}" for id_, product in products.items()}
    arm(step, [Arm(REVIEW, row.id, due_at, label=labels[row.product_id]) for row in rows])
    for row in rows:
        review = reviews[row.product_id]
        step.emit(ReviewOpened(row.id, row.product_id, review["blocks"], review["warnings"]))
    return {row.product_id: row.id for row in rows}


def _answer(product_id: int, opened: dict[int, int]) -> Outcome:
    review_id = opened.pop(product_id, None)
    return unchanged(product_id) if review_id is None else done(review_id, product_id=product_id)

"""One product whole, as its page shows it: facts, checks, who did what; and what an edit starts from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.products.listing.models import Product, ProductVersion
from shopkeeper.flows.products.listing.queries.checking import findings_of
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import read_policies

SUBMITTABLE = (ProductState.DRAFT, ProductState.RETURNED)
DECISIONS = (ProductState.APPROVED, ProductState.RETURNED)


@dataclass(frozen=True, slots=True)
class Change:
    """A move of the product's state, or a version that was saved."""

    at: datetime
    who: str
    became: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product with everything its page needs; `findings` are of the version as it stands.

    `was_returned`: the last decision on it was to return it, whatever became of it since.
    """

    facts: ProductFacts
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    due_at: datetime | None
    submitted_by: str
    review_reason: str
    review_findings: list[dict[str, Any]]
    was_returned: bool

    @property
    def is_as_returned(self) -> bool:
        """It was returned, and is to be submitted as it was then."""
        facts = self.facts
        return self.was_returned and facts.state in SUBMITTABLE and facts.version == facts.submitted_version


@dataclass(frozen=True, slots=True)
class MoveRow:
    occurred_at: datetime
    actor_id: int
    became: str
    reason: str


MOVES = Statement(
    """
    SELECT occurred_at, actor_id, became, reason FROM foundation_statechange
    WHERE table_name = 'listing_product' AND row_id = %(id)s::bigint ORDER BY occurred_at, id LIMIT 200""",
    row=MoveRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


AS_RETURNED = Statement(
    """
    SELECT p.id FROM listing_product AS p
    JOIN LATERAL (
        SELECT became FROM foundation_statechange
        WHERE table_name = 'listing_product' AND row_id = p.id AND became IN ('approved', 'returned')
        ORDER BY id DESC LIMIT 1) AS decided ON decided.became = 'returned'
    WHERE p.id = ANY(%(ids)s::bigint[]) AND p.state IN ('draft', 'returned') AND p.version = p.submitted_version
    ORDER BY p.id""",
    row=IdRow,
)


def as_returned(product_ids: Sequence[int]) -> set[int]:
    """Those of them that were returned and have not changed since."""
    return {row.id for row in AS_RETURNED.rows(ids=list(product_ids))}


@dataclass(frozen=True, slots=True)
class NoteRow:
    reason: str


SUBMISSION = Statement(
    """
    SELECT reason FROM foundation_statechange
    WHERE table_name = 'listing_product' AND row_id = %(id)s::bigint AND became = 'submitted'
      AND occurred_at = %(at)s::timestamptz
    ORDER BY id DESC LIMIT 1""",
    row=NoteRow,
)


def note_of_submission(product_id: int, at: datetime) -> str:
    """What was said when the product was submitted at that moment; empty where nothing was."""
    row = SUBMISSION.first(id=product_id, at=at)
    return row.reason if row else ""


def product_record(product_id: int) -> ProductRecord | None:
    """One product; None where there is none."""
    facts = product_facts([product_id]).get(product_id)
    if facts is None:
        return None
    row = Product.objects.get(id=product_id)
    due = Deadline.objects.filter(kind__in=["returned_product", "drafted_product"], subject_id=product_id)
    names = _names(product_id, facts.submitted_by)
    decisions = [row.became for row in MOVES.rows(id=product_id) if row.became in DECISIONS]
    return ProductRecord(
        facts=facts,
        findings=tuple(findings_of(sql.AS_STANDING.rows(ids=[product_id]), read_policies())[product_id]),
        changes=tuple(_changes(product_id, names)),
        due_at=due.values_list("due_at", flat=True).order_by("due_at").first(),
        submitted_by=names.get(facts.submitted_by or 0, ""),
        review_reason=row.review_reason,
        review_findings=row.review_findings,
        was_returned=decisions[-1:] == [ProductState.RETURNED],
    )


def _names(product_id: int, submitted_by: int | None) -> dict[int, str]:
    people = set(ProductVersion.objects.filter(product_id=product_id).values_list("saved_by", flat=True))
    people |= {row.actor_id for row in MOVES.rows(id=product_id)} | {submitted_by or 0}
    return dict(Person.objects.filter(id__in=people).values_list("id", "name"))


def _changes(product_id: int, names: dict[int, str]) -> list[Change]:
    saved = ProductVersion.objects.filter(product_id=product_id).order_by("-version")[:50]
    return [
        *(Change(v.saved_at, names.get(v.saved_by, ""), "", v.version, "") for v in reversed(saved)),
        *(Change(m.occurred_at, names.get(m.actor_id, ""), m.became, 0, m.reason) for m in MOVES.rows(id=product_id)),
    ]

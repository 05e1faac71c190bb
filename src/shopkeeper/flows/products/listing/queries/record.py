"""One product whole, as its page shows it: facts, checks, who did what; and what an edit starts from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopkeeper.flows.products.listing.models import Product, ProductVersion
from shopkeeper.flows.products.listing.queries.checking import findings_of
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.sql import products as sql
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.sql import Statement
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import read_policies


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
    """A product with everything its page needs; `findings` are of the version as it stands."""

    facts: ProductFacts
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    due_at: datetime | None
    submitted_by: str
    review_reason: str
    review_findings: list[dict[str, Any]]


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


def product_record(product_id: int) -> ProductRecord | None:
    """One product; None where there is none."""
    facts = product_facts([product_id]).get(product_id)
    if facts is None:
        return None
    row = Product.objects.get(id=product_id)
    due = Deadline.objects.filter(kind="returned_product", subject_id=product_id).values_list("due_at", flat=True)
    names = _names(product_id, facts.submitted_by)
    return ProductRecord(
        facts=facts,
        findings=tuple(findings_of(sql.AS_STANDING.rows(ids=[product_id]), read_policies())[product_id]),
        changes=tuple(_changes(product_id, names)),
        due_at=due.first(),
        submitted_by=names.get(facts.submitted_by or 0, ""),
        review_reason=row.review_reason,
        review_findings=row.review_findings,
    )


def _names(product_id: int, submitted_by: int | None) -> dict[int, str]:
    people = set(ProductVersion.objects.filter(product_id=product_id).values_list("saved_by", flat=True))
    people |= {row.actor_id for row in MOVES.rows(id=product_id)} | {submitted_by or 0}
    return dict(Person.objects.filter(id__in=people).values_list("id", "name"))


def _changes(product_id: int, names: dict[int, str]) -> list[Change]:
    saved = ProductVersion.objects.filter(product_id=product_id).order_by("-version")[:50]
    return [
        *(Change(v.saved_at, names.get(v.saved_by, ""), "", v.version, "") for v in saved),
        *(Change(m.occurred_at, names.get(m.actor_id, ""), m.became, 0, m.reason) for m in MOVES.rows(id=product_id)),
    ]

"""Reviews as the supervisor reads them: the queue, one submission with its findings and what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.products.listing.queries.record import note_of_submission
from shopkeeper.flows.products.publishing.models import Review
from shopkeeper.flows.products.publishing.rules.findings import Change, Finding, Piece, changes, pieces
from shopkeeper.flows.products.publishing.states import ReviewState
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.paging import moment_key, read_moment_key


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What is asked of the queue; `state` empty means all."""

    state: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    finding: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One submission."""

    id: int
    product_id: int
    code: str
    title: str
    version: int
    state: str
    submitted_at: datetime
    submitted_by: int
    submitter: str
    due_at: datetime
    blocks: int
    warnings: int
    decided_at: datetime | None
    decider: str
    reason: str

    @property
    def tone(self) -> str:
        return "red" if self.state == ReviewState.OPEN and self.blocks else ""

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == ReviewState.OPEN else None


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A place the supervisor marked."""

    place: str
    note: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One submission whole: its texts cut along the findings, what differs from the one looked at last."""

    row: ReviewRow
    said: Mapping[str, str]
    findings: tuple[Finding, ...]
    advice: tuple[dict[str, Any], ...]
    marks: tuple[MarkRow, ...]
    before: ReviewRow | None
    changes: tuple[Change, ...]
    word_version: int | None
    note: str  # of whoever submitted it

    def texts(self) -> list[tuple[str, list[Piece]]]:
        """Every place with its text in pieces."""
        return [
            (place, pieces(text, [f for f in self.findings if f.place == place])) for place, text in self.said.items()
        ]


def review_counts() -> dict[str, int]:
    """How many wait, for the queue's tabs."""
    return dict(Review.objects.filter(state=ReviewState.OPEN).values_list("state").annotate(n=Count("id")))


def reviews_page(wanted: ReviewFilter, *, after: str = "", limit: int = 50) -> tuple[list[ReviewRow], str]:
    """A page of submissions and the next key: open ones by due time, the others newest first."""
    rows, key = _matching(wanted), read_moment_key(after)
    is_queue = wanted.state == ReviewState.OPEN
    if key is not None and is_queue:
        rows = rows.filter(Q(due_at__gt=key[0]) | Q(due_at=key[0], id__gt=key[1]))
    elif key is not None:
        rows = rows.filter(id__lt=key[1])
    found = list(rows.order_by(*(("due_at", "id") if is_queue else ("-id",)))[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return _rows(found[:limit]), moment_key(last.due_at, last.pk) if last else ""


def matching_reviews(wanted: ReviewFilter, limit: int = 10_000) -> list[int]:
    """The open ones among what matches, page after page."""
    rows = _matching(wanted).filter(state=ReviewState.OPEN)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def review_record(review_id: int) -> ReviewRecord | None:
    """One submission, beside the one of the same product that was decided last before it."""
    review = Review.objects.select_related("product").filter(id=review_id).first()
    if review is None:
        return None
    decided = (ReviewState.APPROVED, ReviewState.RETURNED)
    before = (
        Review.objects.select_related("product")
        .filter(product_id=review.product_id, id__lt=review.pk, state__in=decided)
        .order_by("-id")
        .first()
    )
    rows = {row.id: row for row in _rows([review, *([before] if before else [])])}
    said = _in_form_order(review.said)
    now = {**said, **review.seen_with}
    return ReviewRecord(
        row=rows[review.pk],
        said=said,
        findings=tuple(Finding(**row) for row in review.findings),
        advice=tuple(review.advice),
        marks=tuple(MarkRow(**mark) for mark in review.marks),
        before=rows[before.pk] if before else None,
        changes=tuple(changes({**before.said, **before.seen_with}, now)) if before else (),
        word_version=review.word_version_id,
        note=note_of_submission(review.product_id, review.submitted_at),
    )


def open_review_of(product_id: int) -> int | None:
    """The review that waits for this product, or the last one."""
    return Review.objects.filter(product_id=product_id).order_by("-id").values_list("id", flat=True).first()


_FAMILIES = ("title", "core_keyword", "selling_points", "scenarios", "description", "attributes", "skus")


def _in_form_order(said: Mapping[str, str]) -> dict[str, str]:
    """Places as the form has them; the database keeps no order of its own."""

    def rank(place: str) -> tuple[int, int, str]:
        family, _, rest = place.partition(".")
        known = _FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES)
        return known, int(rest) if rest.isdecimal() and family != "skus" else 0, place

    return {place: said[place] for place in sorted(said, key=rank)}


def _matching(wanted: ReviewFilter) -> QuerySet[Review]:
    rows = Review.objects.select_related("product")
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.finding == "block":
        rows = rows.filter(blocks__gt=0)
    elif wanted.finding == "warn":
        rows = rows.filter(blocks=0, warnings__gt=0)
    elif wanted.finding == "clean":
        rows = rows.filter(blocks=0, warnings=0)
    words = list(wanted.numbers) or ([wanted.text] if wanted.text else [])
    if words:
        named = Q(product__code__in=words)
        rows = rows.filter(named | Q(product__title__contains=wanted.text) if wanted.text else named)
    return rows


def _rows(found: list[Review]) -> list[ReviewRow]:
    ids = {review.submitted_by for review in found} | {review.decided_by or 0 for review in found}
    people = dict(Person.objects.filter(id__in=ids).values_list("id", "name"))
    return [
        ReviewRow(
            id=review.pk,
            product_id=review.product_id,
            code=review.product.code,
            title=review.said.get("title", review.product.title),
            version=review.version,
            state=review.state,
            submitted_at=review.submitted_at,
            submitted_by=review.submitted_by,
            submitter=people.get(review.submitted_by, ""),
            due_at=review.due_at,
            blocks=review.blocks,
            warnings=review.warnings,
            decided_at=review.decided_at,
            decider=people.get(review.decided_by or 0, ""),
            reason=review.reason,
        )
        for review in found
    ]

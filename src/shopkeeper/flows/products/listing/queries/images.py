"""Pictures: where their files are, and the list of verdicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shopkeeper.flows.products.listing.models import ProductImage
from shopkeeper.flows.products.listing.queries.saying import told
from shopkeeper.flows.products.listing.rules.findings import revived
from shopkeeper.flows.products.listing.states import ImageVerdict
from shopkeeper.shared.words import T
from shopkeeper.sop.models import Deadline


@dataclass(frozen=True, slots=True)
class PictureFile:
    id: int
    digest: str
    shown_name: str


def files_of(ids: Sequence[int]) -> dict[int, PictureFile]:
    """The kept files of these pictures."""
    rows = ProductImage.objects.filter(id__in=list(ids)).values_list("id", "digest", "shown_name")
    return {row[0]: PictureFile(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One picture in the list of verdicts."""

    id: int
    product_id: int
    product_code: str
    product_title: str
    role: str
    verdict: str
    digest: str
    shown_name: str
    measures: dict[str, Any]
    findings: list[dict[str, Any]]
    added_at: datetime
    inspected_at: datetime | None
    due_at: datetime | None

    @property
    def tone(self) -> str:
        return "red" if self.verdict == ImageVerdict.FAILED else ""

    @property
    def told(self) -> list[tuple[str, T, T, T]]:
        """What was found, in words."""
        return told(map(revived, self.findings))

    @property
    def size(self) -> str:
        width, height = self.measures.get("width", 0), self.measures.get("height", 0)
        return f"{width} × {height}" if width else ""

    @property
    def white_percent(self) -> float | None:
        share = self.measures.get("white_border")
        return round(share * 100, 1) if share is not None and self.size else None


_COLUMNS = (
    "id", "product_id", "product__code", "product__title", "role", "verdict", "digest", "shown_name", "measures",
    "findings", "added_at", "inspected_at",
)  # fmt: skip


def verdict_counts() -> dict[str, int]:
    """How many pictures have failed or wait."""
    rows = ProductImage.objects.exclude(verdict=ImageVerdict.PASSED)
    return dict(rows.values_list("verdict").annotate(n=Count("id")))


def pictures_page(verdict: str, text: str, *, after: int = 0, limit: int = 50) -> tuple[list[PictureRow], str]:
    """A page of pictures, newest first, and the key of the next one."""
    rows = _matching(verdict, text)
    if after:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id")[: limit + 1])
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def matching_pictures(verdict: str, text: str, limit: int = 10_000) -> list[int]:
    """The pictures that the list shows, page after page."""
    return list(_matching(verdict, text).order_by("id").values_list("id", flat=True)[:limit])


def _matching(verdict: str, text: str) -> QuerySet[ProductImage]:
    rows = ProductImage.objects.filter(verdict=verdict) if verdict else ProductImage.objects.all()
    return rows.filter(product__code__startswith=text) if text else rows


def picture(image_id: int) -> PictureRow | None:
    """One picture; None where there is none."""
    return next(iter(_rows(ProductImage.objects.filter(id=image_id))), None)


def _rows(rows: QuerySet[ProductImage]) -> list[PictureRow]:
    values = list(rows.values_list(*_COLUMNS))
    due = dict(
        Deadline.objects.filter(kind="failed_picture", subject_id__in=[row[0] for row in values]).values_list(
            "subject_id", "due_at"
        )
    )
    return [PictureRow(*(*row, due.get(row[0]))) for row in values]

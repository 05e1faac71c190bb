"""Strategies, candidates and selection lists as they are read: lists with key paging, records whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.products.listing.models import Product
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.research.models import Candidate, Selection, SelectionList, Strategy
from shopkeeper.flows.products.research.rules.reasons import Reasons, reasons
from shopkeeper.flows.products.research.rules.scoring import Part, Score
from shopkeeper.flows.products.research.states import Criterion, Decision
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class StrategyRow:
    id: int
    name: str
    state: str
    categories: list[str]
    price_low_minor: int
    price_high_minor: int
    target_margin_basis_points: int
    positioning: str
    findings: str
    made_at: datetime
    made_by: str
    submitted_by: str
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class CandidateRow:
    id: int
    code: str
    name: str
    category: str
    keyword: str
    source: str
    cost_minor: int | None
    competitor_minor: int | None
    price_minor: int | None
    monthly_sales: int | None
    turnover_days: int | None
    positioning: int | None
    note: str
    product_id: int | None
    is_dropped: bool

    @property
    def margin_basis_points(self) -> int | None:
        if not self.price_minor or self.cost_minor is None:
            return None
        return (self.price_minor - self.cost_minor) * 10_000 // self.price_minor


@dataclass(frozen=True, slots=True)
class ListRow:
    id: int
    version: int
    state: str
    period: str
    strategy: str
    target_minor: int
    candidates: int
    taken: int
    made_at: datetime
    made_by: str
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    submitted_by_id: int | None
    made_by_id: int
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate on a list: rank, total, the components it is made of, and why in short."""

    candidate: CandidateRow
    rank: int
    total: int
    parts: tuple[Part, ...]
    facts: Mapping[str, Any]
    decision: str
    decision_reason: str

    @property
    def why(self) -> Reasons:
        return reasons(Score(self.total, self.parts))

    @property
    def share_basis_points(self) -> int | None:
        return next((p.value for p in self.parts if p.criterion is Criterion.TARGET_SHARE), None)


def strategies(viewer: Actor, *, after: int = 0, limit: int = 50) -> tuple[list[StrategyRow], str]:
    """Strategies, newest first."""
    rows = Strategy.objects.order_by("-id")
    rows = rows.filter(id__lt=after) if after else rows
    found = list(rows[: limit + 1])
    people = _people(found, "made_by", "submitted_by", "decided_by")
    return [_strategy(row, people) for row in found[:limit]], _next(found, limit)


def strategy(viewer: Actor, strategy_id: int) -> StrategyRow | None:
    row = Strategy.objects.filter(id=strategy_id).first()
    return _strategy(row, _people([row], "made_by", "submitted_by", "decided_by")) if row else None


def _strategy(row: Strategy, people: Mapping[Any, str]) -> StrategyRow:
    names = ("name", "state", "categories", "price_low_minor", "price_high_minor", "target_margin_basis_points",
             "positioning", "findings", "made_at", "due_at", "decided_at", "decision_reason")  # fmt: skip
    return StrategyRow(
        id=row.pk,
        made_by=people.get(row.made_by, ""),
        submitted_by=people.get(row.submitted_by, ""),
        decided_by=people.get(row.decided_by, ""),
        **{name: getattr(row, name) for name in names},
    )


def candidates(
    viewer: Actor, *, tab: str = "open", text: str = "", after: int = 0, limit: int = 50
) -> tuple[list[CandidateRow], str]:
    """Candidates, newest first; tabs open, drafted, dropped."""
    rows = _candidates(tab, text).order_by("-id")
    rows = rows.filter(id__lt=after) if after else rows
    found = list(rows[: limit + 1])
    return [candidate_row(row) for row in found[:limit]], _next(found, limit)


def matching_candidates(viewer: Actor, *, tab: str, text: str, limit: int = 10_000) -> list[int]:
    """The candidates that the list shows, page after page."""
    return list(_candidates(tab, text).order_by("id").values_list("id", flat=True)[:limit])


def _candidates(tab: str, text: str) -> QuerySet[Candidate]:
    rows = Candidate.objects.filter(_TABS.get(tab, Q()))
    return rows.filter(Q(name__icontains=text) | Q(code__icontains=text) | Q(keyword__icontains=text)) if text else rows


_TABS = {
    "open": Q(product_id__isnull=True, dropped_at__isnull=True),
    "drafted": Q(product_id__isnull=False),
    "dropped": Q(dropped_at__isnull=False),
}


def candidate_counts(viewer: Actor) -> dict[str, int]:
    return Candidate.objects.aggregate(**{name: Count("id", filter=q) for name, q in _TABS.items()})


def candidate(viewer: Actor, candidate_id: int) -> CandidateRow | None:
    row = Candidate.objects.filter(id=candidate_id).first()
    return candidate_row(row) if row else None


def candidate_row(row: Candidate) -> CandidateRow:
    names = [name for name in CandidateRow.__dataclass_fields__ if name not in ("id", "is_dropped")]
    return CandidateRow(
        id=row.pk, is_dropped=row.dropped_at is not None, **{name: getattr(row, name) for name in names}
    )


def selection_lists(viewer: Actor, *, after: int = 0, limit: int = 50) -> tuple[list[ListRow], str]:
    """Versions of the list, newest first."""
    rows = _lists().order_by("-id")
    rows = rows.filter(id__lt=after) if after else rows
    found = list(rows[: limit + 1])
    people = _people(found, "made_by", "decided_by")
    return [_list(row, people) for row in found[:limit]], _next(found, limit)


def selection_list(viewer: Actor, list_id: int) -> tuple[ListRow, list[Entry]] | None:
    """One version with its entries by rank."""
    row = _lists().filter(id=list_id).first()
    if row is None:
        return None
    entries = Selection.objects.filter(list_id=list_id).select_related("candidate").order_by("rank", "id")
    return _list(row, _people([row], "made_by", "decided_by")), [_entry(entry) for entry in entries]


def _lists() -> Any:
    return SelectionList.objects.select_related("strategy").annotate(
        count=Count("entries"), taken=Count("entries", filter=Q(entries__decision=Decision.TAKE))
    )


def _list(row: Any, people: Mapping[Any, str]) -> ListRow:
    names = ("version", "state", "period", "target_minor", "made_at", "due_at", "decided_at", "decision_reason",
             "taken")  # fmt: skip
    return ListRow(
        id=row.pk,
        weights=in_order(row.weights),
        strategy=row.strategy.name,
        candidates=row.count,
        made_by=people.get(row.made_by, ""),
        decided_by=people.get(row.decided_by, ""),
        submitted_by_id=row.submitted_by,
        made_by_id=row.made_by,
        **{name: getattr(row, name) for name in names},
    )


def in_order(weights: Mapping[str, int]) -> dict[str, int]:
    """The weights in the order of the criteria: the database keeps a document's keys in an order of its own."""
    return {str(c): weights[c] for c in Criterion if c in weights}


def _entry(entry: Selection) -> Entry:
    found = {p["criterion"]: Part(Criterion(p["criterion"]), p["value"], p["mark"], p["weight"]) for p in entry.parts}
    parts = tuple(found[c] for c in Criterion if c in found)
    return Entry(
        candidate_row(entry.candidate), entry.rank, entry.total, parts, entry.facts, entry.decision,
        entry.decision_reason,
    )  # fmt: skip


def _people(rows: Any, *fields: str) -> dict[Any, str]:
    ids = {getattr(row, name) for row in rows for name in fields} - {None}
    return {0: T("系统", "System").text(), **dict(Person.objects.filter(id__in=ids).values_list("id", "name"))}


def _next(found: list[Any], limit: int) -> str:
    return str(found[limit - 1].pk) if len(found) > limit else ""


def to_complete(product_ids: Collection[int]) -> set[int]:
    """Those of these products that are still to be completed and submitted."""
    open_states = (ProductState.DRAFT, ProductState.RETURNED)
    return set(Product.objects.filter(id__in=list(product_ids), state__in=open_states).values_list("id", flat=True))

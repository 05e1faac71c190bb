"""The word list: ready for checks, as people page through it, and its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from django.db.models import Q, QuerySet

from shopkeeper.flows.products.publishing.models import Exemption, Term, WordVersion
from shopkeeper.flows.products.publishing.rules.findings import Granted
from shopkeeper.flows.products.publishing.rules.folding import fold
from shopkeeper.flows.products.publishing.rules.word_list import Term as ListTerm
from shopkeeper.flows.products.publishing.rules.word_list import WordList
from shopkeeper.flows.products.publishing.sql import words as sql
from shopkeeper.foundation.models import Person


@dataclass(frozen=True, slots=True)
class WordsInForce:
    """The list at its newest version; `version` 0 before there is any."""

    version: int
    words: WordList


_ready: dict[str, WordsInForce] = {}
_making = Lock()


def words_in_force() -> WordsInForce:
    """The newest list, made once per process and version."""
    newest = sql.NEWEST.first()
    version = newest.id if newest else 0
    with _making:
        found = _ready.get("list")
        if found is None or found.version != version:
            rows = sql.IN_FORCE.rows()
            terms = [ListTerm(r.text, r.severity, r.ground, r.suggestion, r.category, r.platform) for r in rows]
            found = _ready["list"] = WordsInForce(version, WordList(terms))
    return found


def exemptions_of(product_ids: Sequence[int], today: date) -> dict[int, list[Granted]]:
    """Exemptions in force today, by product."""
    found: dict[int, list[Granted]] = {}
    for row in sql.EXEMPT_NOW.rows(products=list(product_ids), today=today):
        found.setdefault(row.product_id, []).append(Granted(row.id, row.folded))
    return found


@dataclass(frozen=True, slots=True)
class TermFilter:
    """What is asked of the list; empty fields do not narrow it. `state`: in_force, retired or all."""

    state: str = "in_force"
    text: str = ""
    severity: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term as people see it."""

    id: int
    text: str
    severity: str
    ground: str
    suggestion: str
    category: str
    platform: str
    added_in: int
    added_at: datetime
    retired_in: int | None
    reason: str

    @property
    def is_retired(self) -> bool:
        return self.retired_in is not None


def terms_page(wanted: TermFilter, *, after: int | None = None, limit: int = 50) -> tuple[list[TermRow], str]:
    """A page of terms, newest first, and the key of the next one ('' where there is none)."""
    rows = _matching(wanted)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_term(values) for values in rows.order_by("-id").values(*_COLUMNS)[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def terms_to_export(wanted: TermFilter) -> Iterator[TermRow]:
    """All matching terms, oldest first."""
    return (_term(values) for values in _matching(wanted).order_by("id").values(*_COLUMNS).iterator(chunk_size=2_000))


def term_counts() -> dict[str, int]:
    """How many are in force, for the list's tabs."""
    return {"in_force": Term.objects.filter(retired_in=None).count()}


def term_ids_matching(wanted: TermFilter, limit: int = 10_000) -> list[int]:
    return list(_matching(wanted).order_by("id").values_list("id", flat=True)[:limit])


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One change of the list."""

    id: int
    made_at: datetime
    made_by: str
    reason: str
    added: int
    retired: int


def versions(limit: int = 20) -> list[VersionRow]:
    """The newest changes of the list, who made them and why."""
    rows = list(WordVersion.objects.order_by("-id")[:limit])
    people = dict(Person.objects.filter(id__in={row.made_by for row in rows}).values_list("id", "name"))
    return [
        VersionRow(row.pk, row.made_at, people.get(row.made_by, ""), row.reason, row.added, row.retired) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """An exemption of one product."""

    id: int
    product_id: int
    text: str
    kind: str
    proof: str
    reason: str
    valid_until: date | None
    granted_at: datetime
    granted_by: str
    is_in_force: bool


def exemption_rows(product_id: int, today: date) -> list[ExemptionRow]:
    """A product's exemptions, newest first, ended ones too."""
    rows = list(Exemption.objects.filter(product_id=product_id).order_by("-id")[:100])
    people = dict(Person.objects.filter(id__in={row.granted_by for row in rows}).values_list("id", "name"))
    return [
        ExemptionRow(
            id=row.pk,
            product_id=row.product_id,
            text=row.text,
            kind=row.kind,
            proof=row.proof,
            reason=row.reason,
            valid_until=row.valid_until,
            granted_at=row.granted_at,
            granted_by=people.get(row.granted_by, ""),
            is_in_force=row.revoked_at is None and (row.valid_until is None or row.valid_until >= today),
        )
        for row in rows
    ]


_COLUMNS = (
    "id", "text", "severity", "ground", "suggestion", "category", "platform", "added_in_id", "added_in__made_at",
    "retired_in_id", "added_in__reason", "retired_in__reason",
)  # fmt: skip


def _matching(wanted: TermFilter) -> QuerySet[Term]:
    rows = Term.objects.all()
    if wanted.state == "in_force":
        rows = rows.filter(retired_in=None)
    elif wanted.state == "retired":
        rows = rows.exclude(retired_in=None)
    if wanted.text:
        rows = rows.filter(Q(text__contains=wanted.text) | Q(folded__contains=fold(wanted.text) or wanted.text))
    if wanted.severity:
        rows = rows.filter(severity=wanted.severity)
    if wanted.ground:
        rows = rows.filter(ground=wanted.ground)
    return rows


def _term(values: dict[str, Any]) -> TermRow:
    return TermRow(
        **{name: values[name] for name in _COLUMNS[:7]},
        added_in=values["added_in_id"],
        added_at=values["added_in__made_at"],
        retired_in=values["retired_in_id"],
        reason=values["retired_in__reason"] or values["added_in__reason"],
    )

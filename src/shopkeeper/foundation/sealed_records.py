"""Records that hold sealed personal data, found from the models' own declarations; and reading them in plain.

A kind is a model's label such as `intake.order`. Plain values are given only to somebody who has just revealed
the record with a reason (commands/reveal_personal_data.py); they are in no outcome, log or stored answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db.models import Model

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.personal import Erased, open_json
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError, NotAllowed

SEALED = "_sealed"
MASKED = "_masked"
READABLE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SealedKind:
    """A model with sealed fields of one data subject per row."""

    name: str
    model: type[Model]
    sealed: tuple[str, ...]
    masked: tuple[str, ...]
    indexes: tuple[str, ...]
    has_shop: bool


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """Where a record's personal data is: whose it is, and the shop that decides who may look."""

    id: int
    subject_id: int
    shop_id: int | None
    is_erased: bool


@lru_cache(maxsize=1)
def sealed_kinds() -> Mapping[str, SealedKind]:
    """Every model that declares sealed personal fields and names their subject."""
    kinds = {}
    for model in apps.get_models():
        personal: Iterable[str] = getattr(model, "personal", ())
        names = {field.name for field in model._meta.concrete_fields}
        sealed = tuple(sorted(name for name in personal if name.endswith(SEALED)))
        if sealed and "subject_id" in names:
            kinds[model._meta.label_lower] = SealedKind(
                name=model._meta.label_lower,
                model=model,
                sealed=sealed,
                masked=tuple(sorted(name for name in names if name.endswith(MASKED))),
                indexes=tuple(sorted(set(personal) - set(sealed))),
                has_shop="shop" in names,
            )
    return kinds


@dataclass(frozen=True, slots=True)
class ErasedRow:
    id: int


ERASED_AMONG = Statement(
    "SELECT id FROM foundation_subjectkey WHERE id = ANY(%(ids)s::bigint[]) AND wrapped IS NULL", row=ErasedRow
)


def sealed_records(kind: str, ids: Iterable[int]) -> dict[int, SealedRecord]:
    """These records of a kind, in two statements; what does not exist is left out."""
    found = sealed_kinds().get(kind)
    if found is None:
        return {}
    columns = ("id", "subject_id", *(("shop_id",) if found.has_shop else ()))
    rows = list(found.model._default_manager.filter(pk__in=list(ids)).order_by("pk").values(*columns))
    erased = {row.id for row in ERASED_AMONG.rows(ids=[row["subject_id"] for row in rows])}
    return {
        row["id"]: SealedRecord(row["id"], row["subject_id"], row.get("shop_id"), row["subject_id"] in erased)
        for row in rows
    }


def scrub(subject_ids: list[int]) -> int:
    """Empty what masking and search kept of erased people, in every table; return how many rows."""
    touched = 0
    for kind in sealed_kinds().values():
        if not (kind.masked or kind.indexes):
            continue
        emptied: dict[str, Any] = {**dict.fromkeys(kind.masked, ""), **dict.fromkeys(kind.indexes)}
        touched += kind.model._default_manager.filter(subject_id__in=subject_ids).update(**emptied)
    return touched


@dataclass(frozen=True, slots=True)
class RevealRow:
    id: int


JUST_REVEALED = Statement(
    """
    SELECT id FROM foundation_event
    WHERE type = 'foundation.personal_data_revealed' AND subject_id = %(record)s::bigint
      AND actor_id = %(actor)s::bigint AND recorded_at > %(since)s::timestamptz AND data->>'kind' = %(kind)s::text
    LIMIT 1""",
    row=RevealRow,
)


def revealed_data(viewer: Actor, kind: str, record_id: int) -> dict[str, str]:
    """A record's personal data in plain, by field, for whoever revealed it within the last ten minutes.

    Raises BusinessError: "not_revealed" without a fresh reveal of the viewer's own, "erased" once the person is.
    """
    if not viewer.may(Permission.PERSONAL_REVEAL):
        raise NotAllowed(Permission.PERSONAL_REVEAL)
    since = machine_now() - READABLE_FOR
    if not JUST_REVEALED.first(record=record_id, actor=viewer.id, since=since, kind=kind):
        raise BusinessError("not_revealed")
    found = sealed_kinds()[kind]
    row = found.model._default_manager.values("subject_id", *found.sealed).get(pk=record_id)
    plain: dict[str, str] = {}
    for name in found.sealed:
        if row[name]:
            try:
                _flatten(open_json(row["subject_id"], bytes(row[name])), plain)
            except Erased as erased:
                raise BusinessError("erased") from erased
    return plain


def _flatten(document: Mapping[str, Any], into: dict[str, str]) -> None:
    """Nested documents become one level; empty values and switches say nothing and are left out."""
    for name, value in document.items():
        if isinstance(value, Mapping):
            _flatten(value, into)
        elif isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            into[name] = str(value)

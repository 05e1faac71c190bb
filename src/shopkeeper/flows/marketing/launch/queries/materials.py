"""Materials as people read them: the list with its counters, one with all its versions, the shop's colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from shopkeeper.flows.marketing.launch.models import Brand, Material, MaterialUse, MaterialVersion
from shopkeeper.flows.marketing.launch.queries.checking import briefs_of
from shopkeeper.flows.marketing.launch.rules.materials import Brief
from shopkeeper.flows.marketing.launch.sql import materials as sql
from shopkeeper.flows.marketing.launch.states import TO_MAKE, MaterialKind, MaterialState, Verdict
from shopkeeper.flows.products.listing.rules.findings import Finding, revived
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.sop.models import Deadline

TABS: dict[str, tuple[str, ...]] = {
    "in_review": (MaterialState.IN_REVIEW,),
    "to_make": TO_MAKE,
    "checking": (MaterialState.CHECKING,),
    "approved": (MaterialState.APPROVED,),
}


@dataclass(frozen=True, slots=True)
class ToMeasure:
    """The file of a version that waits for its checks."""

    material_id: int
    number: int
    kind: str
    digest: str
    shown_name: str


def to_measure(material_ids: Sequence[int]) -> dict[int, ToMeasure]:
    rows = sql.TO_MEASURE.rows(ids=sorted(material_ids))
    return {
        row.material_id: ToMeasure(row.material_id, row.number, row.kind, row.digest, row.shown_name) for row in rows
    }


@dataclass(frozen=True, slots=True)
class MaterialFilter:
    """What is asked of the list; `tab` is one of TABS, anything else means all."""

    tab: str = ""
    text: str = ""
    shop_id: int | None = None
    kind: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material as the list shows it; `digest` and `text` are the newest version's."""

    id: int
    campaign_id: int
    campaign: str
    shop_id: int
    shop: str
    kind: str
    title: str
    channel: str
    width: int
    height: int
    must_say: tuple[str, ...]
    notes: str
    state: str
    state_at: datetime
    brief_due_at: datetime
    briefed_at: datetime
    briefed_by: int
    newest: int
    approved: int
    due_at: datetime | None
    version_id: int | None
    digest: str
    text: str
    errors: int
    advice: int

    @property
    def tone(self) -> str:
        return (
            "red" if self.state == MaterialState.RETURNED else "amber" if self.state == MaterialState.IN_REVIEW else ""
        )

    @property
    def size(self) -> str:
        return f"{self.width} × {self.height}" if self.width else ""

    @property
    def is_picture(self) -> bool:
        return self.kind == MaterialKind.POSTER and bool(self.digest)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version with what was measured, found and decided."""

    id: int
    number: int
    digest: str
    shown_name: str
    text: str
    note: str
    verdict: str
    measures: dict[str, Any]
    findings: tuple[Finding, ...]
    made_at: datetime
    made_by: int
    maker: str
    checked_at: datetime | None
    decided_at: datetime | None
    decided_by: int | None
    decider: str
    is_approved: bool | None
    decision_reason: str

    @property
    def size(self) -> str:
        film = self.measures.get("film", {})
        width = self.measures.get("width") or film.get("width")
        height = self.measures.get("height") or film.get("height")
        return f"{width} × {height}" if width else ""

    @property
    def shades(self) -> list[dict[str, Any]]:
        return list(self.measures.get("shades", ()))

    @property
    def seconds(self) -> float | None:
        return (self.measures.get("film") or {}).get("seconds")

    @property
    def kilobytes(self) -> int:
        return round(int(self.measures.get("bytes", 0)) / 1_024)

    @property
    def is_waiting(self) -> bool:
        return self.verdict == Verdict.WAITING


@dataclass(frozen=True, slots=True)
class UseRow:
    number: int
    channel: str
    place: str
    used_from: datetime
    noted_at: datetime
    noted_by: str


@dataclass(frozen=True, slots=True)
class MaterialRecord:
    """One material whole: versions newest first, where it is used, what it is held against."""

    row: MaterialRow
    versions: tuple[VersionRow, ...]
    uses: tuple[UseRow, ...]
    brief: Brief
    briefer: str

    def version(self, number: int) -> VersionRow | None:
        return next((one for one in self.versions if one.number == number), None)


def material_counts(viewer: Actor) -> dict[str, int]:
    """How many per tab."""
    found = dict(_seen(viewer).values_list("state").annotate(n=Count("id")))
    return {tab: sum(found.get(str(state), 0) for state in states) for tab, states in TABS.items()}


def materials_page(
    viewer: Actor, wanted: MaterialFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[MaterialRow], str]:
    """A page of materials, newest first, and the key of the next one ('' where there is none)."""
    rows = _seen(viewer)
    if wanted.tab in TABS:
        rows = rows.filter(state__in=[str(state) for state in TABS[wanted.tab]])
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.campaign_id is not None:
        rows = rows.filter(campaign_id=wanted.campaign_id)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.text:
        rows = rows.filter(title__icontains=wanted.text) | rows.filter(campaign__name__icontains=wanted.text)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id")[: limit + 1])
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def material_record(viewer: Actor, material_id: int) -> MaterialRecord | None:
    """One material; None where there is none in the viewer's shops."""
    rows = _rows(_seen(viewer).filter(id=material_id))
    if not rows:
        return None
    versions = list(MaterialVersion.objects.filter(material_id=material_id).order_by("-number"))
    uses = list(MaterialUse.objects.filter(material_id=material_id).order_by("-id"))
    ids = {rows[0].briefed_by, *(one.noted_by for one in uses)}
    ids |= {id_ for one in versions for id_ in (one.made_by, one.decided_by) if id_}
    people = dict(Person.objects.filter(id__in=ids).values_list("id", "name"))
    brief = briefs_of(sql.OF_CAMPAIGNS.rows(campaigns=[rows[0].campaign_id]))[material_id]
    return MaterialRecord(
        rows[0],
        tuple(_version(one, people) for one in versions),
        tuple(UseRow(u.number, u.channel, u.place, u.used_from, u.noted_at, people.get(u.noted_by, "")) for u in uses),
        brief,
        people.get(rows[0].briefed_by, ""),
    )


def version_file(viewer: Actor, material_id: int, number: int) -> tuple[str, str] | None:
    """Digest and shown name of a version's file; None where there is none in the viewer's shops."""
    if not _seen(viewer).filter(id=material_id).exists():
        return None
    return (
        MaterialVersion.objects.filter(material_id=material_id, number=number)
        .exclude(digest="")
        .values_list("digest", "shown_name")
        .first()
    )


@dataclass(frozen=True, slots=True)
class BrandRow:
    shop_id: int
    shop: str
    colours: tuple[str, ...]


def brands_of(viewer: Actor) -> list[BrandRow]:
    """The viewer's shops with their colours."""
    shops = Shop.objects.filter(is_active=True).order_by("name")
    shops = shops if viewer.shops is None else shops.filter(id__in=viewer.shops)
    colours = dict(Brand.objects.values_list("shop_id", "colours"))
    return [BrandRow(id_, name, tuple(colours.get(id_, ()))) for id_, name in shops.values_list("id", "name")]


def _seen(viewer: Actor) -> QuerySet[Material]:
    rows = Material.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


_COLUMNS = (
    "id", "campaign_id", "campaign__name", "shop_id", "shop__name", "kind", "title", "channel", "width", "height",
    "must_say", "notes", "state", "state_at", "due_at", "briefed_at", "briefed_by", "newest", "approved",
)  # fmt: skip


def _rows(rows: QuerySet[Material]) -> list[MaterialRow]:
    values = list(rows.values(*_COLUMNS))
    ids = [value["id"] for value in values]
    due = dict(
        Deadline.objects.filter(kind__in=("material", "material_review"), subject_id__in=ids).values_list(
            "subject_id", "due_at"
        )
    )
    newest = {(value["id"], value["newest"]) for value in values}
    versions: dict[int, dict[str, Any]] = {
        one["material_id"]: {**one}
        for one in MaterialVersion.objects.filter(material_id__in=ids).values(
            "material_id", "number", "id", "digest", "text", "findings"
        )
        if (one["material_id"], one["number"]) in newest
    }
    return [_row(value, due.get(value["id"]), versions.get(value["id"])) for value in values]


def _row(value: dict[str, Any], due_at: datetime | None, version: dict[str, Any] | None) -> MaterialRow:
    findings = version["findings"] if version else []
    own = {name: value[name] for name in _COLUMNS if "__" not in name and name not in ("due_at", "must_say")}
    return MaterialRow(
        campaign=value["campaign__name"],
        shop=value["shop__name"],
        must_say=tuple(value["must_say"]),
        brief_due_at=value["due_at"],
        due_at=due_at,
        version_id=version["id"] if version else None,
        digest=version["digest"] if version else "",
        text=version["text"] if version else "",
        errors=sum(one["level"] == "error" for one in findings),
        advice=sum(one["level"] == "advice" for one in findings),
        **own,
    )


def _version(one: MaterialVersion, people: dict[int, str]) -> VersionRow:
    return VersionRow(
        one.pk,
        one.number,
        one.digest,
        one.shown_name,
        one.text,
        one.note,
        one.verdict,
        one.measures,
        tuple(map(revived, one.findings)),
        one.made_at,
        one.made_by,
        people.get(one.made_by, ""),
        one.checked_at,
        one.decided_at,
        one.decided_by,
        people.get(one.decided_by or 0, ""),
        one.is_approved,
        one.decision_reason,
    )

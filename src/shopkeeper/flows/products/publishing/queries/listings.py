"""Listings as people read them: the list with its counters, one with its fields side by side, its cases."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shopkeeper.flows.products.publishing.models import Listing, ListingSku, Mismatch
from shopkeeper.flows.products.publishing.queries.scope import in_shops
from shopkeeper.flows.products.publishing.rules.comparing import Compared
from shopkeeper.flows.products.publishing.sql import listings as sql
from shopkeeper.flows.products.publishing.states import SELLING, ListingState, MismatchState
from shopkeeper.flows.products.publishing.words import error_words, platform_words, reason_words
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person

ON_ITS_WAY = (ListingState.TO_PUBLISH, ListingState.PUBLISHING, ListingState.TAKING_DOWN)
BEING_TOLD = (ListingState.TO_PUBLISH, ListingState.PUBLISHING)
Verdict = Literal["never", "again", "equal", "differs", "explained"]
TABS = {
    "on_sale": (ListingState.ON_SALE,),
    "mismatch": (ListingState.MISMATCH,),
    "failed": (ListingState.FAILED,),
    "on_its_way": ON_ITS_WAY,
    "taken_down": (ListingState.TAKEN_DOWN,),
}


def said_by_listing(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What each platform was last told, as stored."""
    return {row.id: json.loads(row.said) for row in sql.JOBS.rows(ids=sorted(ids))}


def listed_products(ids: Collection[int]) -> set[int]:
    """Those of these products that stand in any shop, or ever did."""
    return set(Listing.objects.filter(product_id__in=list(ids)).values_list("product_id", flat=True))


@dataclass(frozen=True, slots=True)
class ListingFilter:
    """What is asked of the list; `tab` is one of TABS, anything else means all."""

    tab: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()
    shop_id: int | None = None
    product_id: int | None = None


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One product in one shop."""

    id: int
    product_id: int
    code: str
    title: str
    shop_id: int
    shop: str
    platform: str
    currency: str
    state: str
    state_at: datetime
    item_no: str
    version: int
    published_at: datetime | None
    checked_at: datetime | None
    checked_equal: bool | None
    wanted_at: datetime
    tries: int
    error: str
    reason: str
    has_case: bool

    @property
    def tone(self) -> str:
        """How the row is tinted: red where buyers see something wrong or nothing at all."""
        return "red" if self.state in (ListingState.MISMATCH, ListingState.FAILED) else ""

    @property
    def platform_said(self) -> str:
        return str(platform_words(self.platform))

    @property
    def remark(self) -> str:
        """Why it is not simply on sale: the platform's word, or the reason of whoever took it down."""
        return str(error_words(self.error) if self.error else reason_words(self.reason))

    @property
    def verdict(self) -> Verdict:
        """What the last look comes to: `again` where the shop was told since, or is about to be."""
        if self.checked_at is None:
            return "never"
        is_told_since = self.published_at is not None and self.published_at > self.checked_at
        if self.checked_equal is None or is_told_since or self.state in BEING_TOLD:
            return "again"
        if self.checked_equal:
            return "equal"
        return "differs" if self.has_case else "explained"

    @property
    def is_selling(self) -> bool:
        return self.state in (ListingState.ON_SALE, ListingState.MISMATCH)


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One variant in a shop: what it may show, what the shop accepted, what it was seen to show."""

    id: int
    sku_id: int
    code: str
    spec: str
    sku_no: str
    price_minor: int
    wanted: int
    told: int
    told_at: datetime | None
    is_waiting: bool
    error: str
    seen: int | None
    seen_at: datetime | None

    @property
    def remark(self) -> str:
        return str(error_words(self.error)) if self.error else ""

    @property
    def is_unlike(self) -> bool:
        """Was it seen to show something else than it accepted?"""
        return self.seen is not None and self.seen_at is not None and not self.is_waiting and self.seen != self.told


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of a listing that was not as we said."""

    id: int
    listing_id: int
    product_id: int
    code: str
    title: str
    shop_id: int
    shop: str
    platform: str
    currency: str
    state: str
    opened_at: datetime
    due_at: datetime
    differences: tuple[Compared, ...]
    ending: str
    ended_at: datetime | None
    ended_by: str
    reason: str
    listing_state: str
    published_at: datetime | None
    checked_at: datetime | None
    error: str

    @property
    def progress(self) -> Literal["open", "telling", "refused", "told", "ended"]:
        """How far settling it has come; `told` waits for the look that compares once more."""
        if self.state != MismatchState.OPEN:
            return "ended"
        if self.listing_state in BEING_TOLD:
            return "telling"
        if self.listing_state == ListingState.FAILED:
            return "refused"
        published, checked = self.published_at, self.checked_at
        is_told = published is not None and published > self.opened_at
        is_seen = published is not None and checked is not None and checked >= published
        return "told" if is_told and not is_seen else "open"

    @property
    def told_in_vain(self) -> bool:
        """It was told again, looked at, and still differs."""
        return self.progress == "open" and bool(self.published_at and self.published_at > self.opened_at)

    @property
    def error_said(self) -> str:
        return str(error_words(self.error))

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == MismatchState.OPEN else None


@dataclass(frozen=True, slots=True)
class ListingRecord:
    """One listing whole: the row, what was told, the last comparison field by field, variants, cases."""

    row: ListingRow
    said: dict[str, Any]
    compared: tuple[Compared, ...]
    skus: tuple[SkuRow, ...]
    cases: tuple[CaseRow, ...]
    wanted_by: str

    @property
    def is_waiting(self) -> bool:
        """Whether the shop has still to be told a quantity."""
        return self.row.state in SELLING and any(sku.is_waiting and not sku.error for sku in self.skus)

    @property
    def is_selling(self) -> bool:
        """Whether its quantities follow the stock: they may change at any moment, a moment after the stock did."""
        return self.row.state in SELLING

    @property
    def open_case(self) -> CaseRow | None:
        return next((case for case in self.cases if case.state == MismatchState.OPEN), None)


def listing_counts(viewer: Actor) -> dict[str, int]:
    """How many per tab."""
    counts = dict(in_shops(Listing.objects.all(), viewer).values_list("state").annotate(n=Count("id")))
    return {tab: sum(counts.get(str(state), 0) for state in states) for tab, states in TABS.items()}


def listings_page(
    viewer: Actor, wanted: ListingFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[ListingRow], str]:
    """A page of listings, newest first, and the key of the next one ('' where there is none)."""
    rows = _matching(viewer, wanted)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_row(values) for values in rows.order_by("-id").values(*_COLUMNS, "has_case")[: limit + 1]]
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def matching_listings(viewer: Actor, wanted: ListingFilter, limit: int = 10_000) -> list[int]:
    return list(_matching(viewer, wanted).order_by("id").values_list("id", flat=True)[:limit])


def listing_record(viewer: Actor, listing_id: int) -> ListingRecord | None:
    """One listing with everything known of it; None where it is not in the viewer's shops."""
    found = _listings(viewer).filter(id=listing_id)
    values = found.values(*_COLUMNS, "has_case", "said", "seen", "wanted_by").first()
    if values is None:
        return None
    people = Person.objects.filter(id=values["wanted_by"]).values_list("name", flat=True)
    return ListingRecord(
        row=_row(values),
        said=values["said"],
        compared=tuple(Compared(**row) for row in values["seen"].get("compared", ())),
        skus=tuple(_skus_of(listing_id)),
        cases=tuple(_cases(Mismatch.objects.filter(listing_id=listing_id))),
        wanted_by=people.first() or "",
    )


def case_record(viewer: Actor, case_id: int) -> CaseRow | None:
    """One case; None where it is not in the viewer's shops."""
    return next(iter(_cases(in_shops(Mismatch.objects.filter(id=case_id), viewer))), None)


def cases_page(
    viewer: Actor, state: str = "open", *, after: int | None = None, limit: int = 50
) -> tuple[list[CaseRow], str]:
    """A page of cases, newest first, and the next key."""
    rows = in_shops(Mismatch.objects.all(), viewer)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _cases(rows, limit + 1)
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


def shops_of_product(product_id: int) -> dict[int, ListingRow]:
    """A product's listings by shop, whoever looks: publishing asks before it offers."""
    rows = _with_case(Listing.objects.filter(product_id=product_id)).values(*_COLUMNS, "has_case")
    return {values["shop_id"]: _row(values) for values in rows}


_COLUMNS = (
    "id", "product_id", "product__code", "product__title", "shop_id", "shop__name", "shop__platform",
    "shop__currency", "state", "state_at", "item_no", "version", "published_at", "checked_at", "checked_equal",
    "wanted_at", "tries", "error", "reason",
)  # fmt: skip


def _with_case(rows: QuerySet[Listing]) -> QuerySet[Listing]:
    return rows.annotate(has_case=Exists(Mismatch.objects.filter(listing=OuterRef("id"), state=MismatchState.OPEN)))


def _listings(viewer: Actor) -> QuerySet[Listing]:
    return _with_case(in_shops(Listing.objects.all(), viewer))


def _matching(viewer: Actor, wanted: ListingFilter) -> QuerySet[Listing]:
    rows = _listings(viewer)
    if wanted.tab in TABS:
        rows = rows.filter(state__in=TABS[wanted.tab])
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.product_id is not None:
        rows = rows.filter(product_id=wanted.product_id)
    words = list(wanted.numbers) or ([wanted.text] if wanted.text else [])
    if words:
        exact = Q(item_no__in=words) | Q(product__code__in=words) | Q(skus__sku__code__in=words)
        rows = rows.filter(exact | Q(product__title__contains=wanted.text)).distinct()
    return rows


def _row(values: dict[str, Any]) -> ListingRow:
    own = {name: values[name] for name in _COLUMNS if "__" not in name}
    return ListingRow(
        **own,
        code=values["product__code"],
        title=values["product__title"],
        shop=values["shop__name"],
        platform=values["shop__platform"],
        currency=values["shop__currency"],
        has_case=values["has_case"],
    )


def _skus_of(listing_id: int) -> list[SkuRow]:
    rows = ListingSku.objects.filter(listing_id=listing_id).select_related("sku").order_by("sku_id")
    return [
        SkuRow(
            id=row.pk,
            sku_id=row.sku_id,
            code=row.sku.code,
            spec=row.sku.spec or row.sku.name,
            sku_no=row.sku_no,
            price_minor=row.price_minor,
            wanted=row.wanted,
            told=row.told,
            told_at=row.told_at,
            is_waiting=row.told_seq < row.wanted_seq,
            error=row.error,
            seen=row.seen,
            seen_at=row.seen_at,
        )
        for row in rows
    ]


def _cases(rows: QuerySet[Mismatch], limit: int = 50) -> list[CaseRow]:
    found = list(rows.select_related("listing__product", "shop").order_by("-id")[:limit])
    people = dict(Person.objects.filter(id__in={row.ended_by or 0 for row in found}).values_list("id", "name"))
    return [
        CaseRow(
            id=row.pk,
            listing_id=row.listing_id,
            product_id=row.listing.product_id,
            code=row.listing.product.code,
            title=row.listing.product.title,
            shop_id=row.shop_id,
            shop=row.shop.name,
            platform=row.shop.platform,
            currency=row.shop.currency,
            state=row.state,
            opened_at=row.opened_at,
            due_at=row.due_at,
            differences=tuple(Compared(**one) for one in row.differences),
            ending=row.ending,
            ended_at=row.ended_at,
            ended_by=people.get(row.ended_by or 0, ""),
            reason=row.reason,
            listing_state=row.listing.state,
            published_at=row.listing.published_at,
            checked_at=row.listing.checked_at,
            error=row.listing.error,
        )
        for row in found
    ]

"""The program's door to publishing: reads, and the word check for any text; every command has its own address."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router
from ninja.errors import HttpError

from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.listings import (
    ListingFilter,
    cases_page,
    listing_record,
    listings_page,
)
from shopkeeper.flows.products.publishing.queries.reviews import ReviewFilter, review_record, reviews_page
from shopkeeper.flows.products.publishing.queries.stock_board import push_board
from shopkeeper.flows.products.publishing.queries.word_lists import TermFilter, terms_page, words_in_force
from shopkeeper.flows.products.publishing.rules.findings import word_findings
from shopkeeper.flows.products.publishing.schemas import (
    FindingAnswer,
    ListingDetail,
    Listings,
    Mismatches,
    ReviewDetail,
    Reviews,
    ShopStockAnswer,
    Terms,
    TextCheck,
)
from shopkeeper.foundation import business_time
from shopkeeper.web.visitor import program

router = Router()
PAGE = 200
LONGEST_CHECK = 200_000


def _size(limit: int) -> int:
    return min(max(limit, 1), PAGE)


@router.get("/reviews", response=Reviews, operation_id="list_product_reviews")
def reviews(
    request: HttpRequest, state: str = "open", product_code: str = "", after: str = "", limit: int = 50
) -> dict[str, Any]:
    """Submissions; open ones by due time. `state` empty means all."""
    program(request, Permission.REVIEW_VIEW)
    wanted = ReviewFilter(state=state, numbers=(product_code,) if product_code else ())
    rows, next_key = reviews_page(wanted, after=after, limit=_size(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/reviews/{review_id}", response=ReviewDetail, operation_id="get_product_review")
def review(request: HttpRequest, review_id: int) -> dict[str, Any]:
    """One submission with its findings and what changed since the one decided before."""
    program(request, Permission.REVIEW_VIEW)
    found = review_record(review_id)
    if found is None:
        raise Http404
    return {
        **asdict(found.row),
        "said": dict(found.said),
        "findings": [one.as_row() for one in found.findings],
        "advice": list(found.advice),
        "marks": [asdict(mark) for mark in found.marks],
        "changes": [asdict(change) for change in found.changes],
        "word_version": found.word_version,
    }


@router.get("/words", response=Terms, operation_id="list_words")
def words(
    request: HttpRequest, state: str = "in_force", text: str = "", after: int | None = None, limit: int = 50
) -> dict[str, Any]:
    """The word list, newest first. `state`: in_force, retired, all."""
    program(request, Permission.WORDS_VIEW)
    rows, next_key = terms_page(TermFilter(state=state, text=text[:60]), after=after, limit=_size(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.post("/words/check", response=list[FindingAnswer], operation_id="check_words")
def check_words(request: HttpRequest, asked: TextCheck) -> list[dict[str, Any]]:
    """Listed words in any texts, by the list of now; nothing is kept. At most 200,000 characters together."""
    program(request, Permission.WORDS_VIEW)
    if sum(map(len, asked.texts.values())) > LONGEST_CHECK:
        raise HttpError(413, "too much text at once")
    found = word_findings(words_in_force().words, asked.texts, asked.category, asked.platforms)
    return [one.as_row() for one in found]


@router.get("/listings", response=Listings, operation_id="list_listings")
def listings(
    request: HttpRequest,
    tab: str = "",
    shop_id: int | None = None,
    product_id: int | None = None,
    text: str = "",
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Listings, newest first. `tab`: on_sale, mismatch, failed, on_its_way, taken_down; empty means all."""
    viewer = program(request, Permission.LISTING_VIEW)
    wanted = ListingFilter(tab=tab, text=text[:100], shop_id=shop_id, product_id=product_id)
    rows, next_key = listings_page(viewer, wanted, after=after, limit=_size(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/listings/{listing_id}", response=ListingDetail, operation_id="get_listing")
def listing(request: HttpRequest, listing_id: int) -> dict[str, Any]:
    """One listing: the last comparison field by field, and every variant's quantities."""
    found = listing_record(program(request, Permission.LISTING_VIEW), listing_id)
    if found is None:
        raise Http404
    return {
        **asdict(found.row),
        "compared": [one.as_row() for one in found.compared],
        "skus": [asdict(sku) for sku in found.skus],
        "open_case_id": found.open_case.id if found.open_case else None,
    }


@router.get("/mismatches", response=Mismatches, operation_id="list_mismatches")
def mismatches(request: HttpRequest, state: str = "open", after: int | None = None, limit: int = 50) -> dict[str, Any]:
    """Differences between us and the platforms, newest first; `id` is what fix- and explain-mismatches take."""
    rows, next_key = cases_page(program(request, Permission.LISTING_VIEW), state, after=after, limit=_size(limit))
    return {"items": [asdict(row) for row in rows], "next": next_key}


@router.get("/stock", response=list[ShopStockAnswer], operation_id="list_stock_in_shops")
def stock(request: HttpRequest) -> list[dict[str, Any]]:
    """Per shop: what waits to be told, delays of the last 24 hours in seconds, what disagrees."""
    viewer = program(request, Permission.LISTING_VIEW)
    return [asdict(row) for row in push_board(viewer, business_time.now())]

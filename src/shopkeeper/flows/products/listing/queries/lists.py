"""Products as the specialist lists them: by state, text, category, tag; with counters; a page or all of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.listing.models import Category, Product
from shopkeeper.flows.products.listing.queries.facts import ImageFacts, ProductFacts, product_facts
from shopkeeper.flows.products.listing.rules.searching import asked_grams, folded
from shopkeeper.flows.products.listing.rules.tree import Node, Tree
from shopkeeper.flows.products.listing.sql import searching as sql
from shopkeeper.flows.products.listing.states import ImageVerdict, ProductState
from shopkeeper.flows.products.listing.words import PLATFORMS
from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.models import Deadline

MOST_MATCHING = 10_000
PIECE = 2_000
SHORTEST_CODE = 3


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What is asked of the list; empty fields do not narrow it. `category_id` takes in all leaves below it."""

    state: str = ""
    text: str = ""
    codes: tuple[str, ...] = ()
    tag: str = ""
    category_id: int | None = None
    platform: str = ""


@dataclass(frozen=True, slots=True)
class ProductListRow:
    """One product in the list; prices of the SKUs on sale, in minor units."""

    id: int
    code: str
    title: str
    state: str
    version: int
    category: str
    tags: tuple[str, ...]
    platforms: tuple[str, ...]
    skus: int
    least_minor: int
    most_minor: int
    currency: str
    image: ImageFacts | None
    failed_images: int
    waiting_images: int
    edited_at: datetime | None
    due_at: datetime | None

    @property
    def tone(self) -> str:
        return "red" if self.state == ProductState.RETURNED or self.failed_images else ""

    @property
    def platform_words(self) -> list[T]:
        return [PLATFORMS[platform] for platform in self.platforms]


def product_counts() -> dict[str, int]:
    """How many products are in each state."""
    return {row.state: row.products for row in sql.COUNTS.rows()}


def matching_products(wanted: ProductFilter, *, after: int = 0, limit: int = MOST_MATCHING) -> list[int]:
    """The ids that match, newest first."""
    rows = sql.PRODUCTS.rows(
        grams=asked_grams(wanted.text),
        searched=folded(wanted.text),
        begins=_begins(wanted.text),
        state=wanted.state,
        tag=wanted.tag,
        leaves=_leaves_below(wanted.category_id),
        platform=wanted.platform,
        codes=list(wanted.codes),
        after=after,
        limit=limit,
    )
    return [row.id for row in rows]


def all_matching(wanted: ProductFilter) -> Iterator[int]:
    """Every id that matches, however many, newest first; read by pieces."""
    after = 0
    while ids := matching_products(wanted, after=after, limit=PIECE):
        yield from ids
        after = ids[-1]


def _begins(text: str) -> str:
    """The pattern of SKU codes and barcodes that begin so; nothing begins with no code."""
    code = text.strip()
    if not code.isascii() or len(code) < SHORTEST_CODE:
        return ""
    return re.sub(r"([\\%_])", r"\\\1", code) + "%"


def products_page(wanted: ProductFilter, *, after: int = 0, limit: int = 50) -> tuple[list[ProductListRow], str]:
    """A page of products, newest first, and the key of the next one ('' where there is none)."""
    ids = matching_products(wanted, after=after, limit=limit + 1)
    rows = list_rows(ids[:limit])
    return rows, str(ids[limit - 1]) if len(ids) > limit else ""


def list_rows(ids: Sequence[int]) -> list[ProductListRow]:
    """These products as rows, in this order."""
    facts = product_facts(ids)
    edited = dict(Product.objects.filter(id__in=list(ids)).values_list("id", "edited_at"))
    due = dict(
        Deadline.objects.filter(kind=KINDS["returned_product"].name, subject_id__in=list(ids)).values_list(
            "subject_id", "due_at"
        )
    )
    return [_row(facts[i], edited.get(i), due.get(i)) for i in ids if i in facts]


def category_tree() -> Tree:
    """The living tree, for choosing."""
    rows = Category.objects.order_by("level", "position", "id")
    return Tree(Node(*row) for row in rows.values_list("id", "parent_id", "level", "name", "is_retired"))


def leaf_choices() -> list[tuple[int, str]]:
    """Living leaves with their whole path."""
    tree = category_tree()
    leaves = [node for node in tree.nodes.values() if node.level == 3 and not node.is_retired]
    return [(node.id, " / ".join(tree.path(node.id))) for node in leaves]


def root_choices() -> list[tuple[int, str]]:
    roots = Category.objects.filter(level=1, is_retired=False).order_by("position", "id")
    return list(roots.values_list("id", "name"))


def _leaves_below(category_id: int | None) -> list[int]:
    """The leaves under a category; one that is not there matches nothing."""
    if category_id is None:
        return []
    tree = category_tree()
    leaves = [i for i in tree.with_all_below(category_id) if i in tree.nodes and tree.nodes[i].level == 3]
    return leaves or [0]


def _row(facts: ProductFacts, edited_at: datetime | None, due_at: datetime | None) -> ProductListRow:
    sold = [sku for sku in facts.skus if not sku.is_delisted]
    prices = [sku.price_minor for sku in sold]
    return ProductListRow(
        id=facts.id,
        code=facts.code,
        title=facts.title,
        state=facts.state,
        version=facts.version,
        category=facts.category.said if facts.category else "",
        tags=facts.tags,
        platforms=facts.platforms,
        skus=len(sold),
        least_minor=min(prices, default=0),
        most_minor=max(prices, default=0),
        currency=sold[0].currency if sold else "CNY",
        image=facts.main_image or next(iter(facts.images), None),
        failed_images=sum(image.verdict == ImageVerdict.FAILED for image in facts.images),
        waiting_images=sum(image.verdict == ImageVerdict.WAITING for image in facts.images),
        edited_at=edited_at,
        due_at=due_at,
    )

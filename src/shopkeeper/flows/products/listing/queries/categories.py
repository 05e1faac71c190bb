"""The category tree as its page shows it: nodes with their products, mappings and attributes."""

from dataclasses import dataclass, field

from django.db.models import Count

from shopkeeper.flows.products.listing.models import AttributeTemplate, Category, CategoryMapping, Product
from shopkeeper.flows.products.listing.queries.checking import templates
from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.flows.products.listing.states import ProductState


@dataclass(slots=True)
class CategoryNode:
    """One category with what is below it; `products` counts all of them."""

    id: int
    parent_id: int | None
    level: int
    name: str
    is_retired: bool
    products: int = 0
    mapped: dict[str, str] = field(default_factory=dict)
    attributes: int = 0
    children: list["CategoryNode"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CategoryRecord:
    """One category: its path, its own attributes and those it has from above, its mappings."""

    node: CategoryNode
    path: tuple[str, ...]
    own: tuple[AttributeRule, ...]
    inherited: tuple[AttributeRule, ...]
    mappings: dict[str, tuple[str, str]]


def category_roots() -> list[CategoryNode]:
    """The tree from its roots, in four statements; retired categories only where something is still in them."""
    nodes = _nodes()
    for node in sorted(nodes.values(), key=lambda n: -n.level):
        if node.parent_id is not None:
            nodes[node.parent_id].products += node.products
    for node in nodes.values():
        if node.parent_id is not None and not node.is_retired:
            nodes[node.parent_id].children.append(node)
    return [node for node in nodes.values() if node.level == 1 and not node.is_retired]


def category_record(category_id: int) -> CategoryRecord | None:
    """One category; None where there is none."""
    nodes = _nodes()
    node = nodes.get(category_id)
    if node is None:
        return None
    path: list[str] = []
    at: CategoryNode | None = node
    while at is not None:
        path.insert(0, at.name)
        at = nodes[at.parent_id] if at.parent_id else None
    own = AttributeTemplate.objects.filter(category_id=category_id).order_by("position", "id")
    rules = tuple(AttributeRule(a.name, a.kind, a.is_required, tuple(a.choices), tuple(a.units)) for a in own)
    named = {rule.name for rule in rules}
    every = templates([category_id]).get(category_id, [])
    mappings = CategoryMapping.objects.filter(category_id=category_id).order_by("platform")
    return CategoryRecord(
        node=node,
        path=tuple(path),
        own=rules,
        inherited=tuple(rule for rule in every if rule.name not in named),
        mappings={m.platform: (m.platform_leaf, m.platform_path) for m in mappings},
    )


def parent_choices(level: int) -> list[tuple[int, str]]:
    """Living categories of the level above, with their paths: where a category of this level may go."""
    rows = Category.objects.filter(level=level - 1, is_retired=False).select_related("parent")
    return [(row.pk, f"{row.parent.name} / {row.name}" if row.parent else row.name) for row in rows.order_by("id")]


def _nodes() -> dict[int, CategoryNode]:
    rows = Category.objects.order_by("level", "position", "id")
    nodes = {row.pk: CategoryNode(row.pk, row.parent_id, row.level, row.name, row.is_retired) for row in rows}
    sold = Product.objects.exclude(state=ProductState.RETIRED).filter(leaf_id__isnull=False)
    for leaf_id, products in sold.values_list("leaf_id").annotate(products=Count("id")):
        nodes[leaf_id].products = products
    for category_id, platform, leaf in CategoryMapping.objects.values_list("category_id", "platform", "platform_leaf"):
        nodes[category_id].mapped[platform] = leaf
    for category_id, count in AttributeTemplate.objects.values_list("category_id").annotate(count=Count("id")):
        nodes[category_id].attributes = count
    return nodes

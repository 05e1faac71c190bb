"""P2.3: a leaf of ours gets its platform leaf, and the attributes that products in it have."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.attributes import MOST_ATTRIBUTES, AttributeRule, unfit_rule
from shopkeeper.flows.products.listing.rules.tree import LEVELS
from shopkeeper.flows.products.listing.sql import categories as sql
from shopkeeper.flows.products.listing.states import Platform
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

LEAF_MOST = 60
PATH_MOST = 200


@dataclass(frozen=True, slots=True)
class MapCategory:
    """The platform's own number of the leaf; empty takes the mapping off. `path` is for people's eyes."""

    category_id: int
    platform: str
    platform_leaf: str
    platform_path: str = ""


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def map_categories(step: Step, items: Sequence[MapCategory]) -> list[Outcome]:
    """Map leaves; of one leaf and platform named twice the last stands.

    Refused: category_unknown, category_not_a_leaf, platform_unknown, platform_leaf_unreadable.
    """
    sql.LOCK_TREE.run()
    nodes = {row.id: row for row in sql.TREE.rows()}
    refusals = [_refusal(item, nodes.get(item.category_id)) for item in items]
    good = {(item.category_id, item.platform): item for item, code in zip(items, refusals, strict=True) if not code}
    put = [item for item in good.values() if item.platform_leaf.strip()]
    off = [item for item in good.values() if not item.platform_leaf.strip()]
    changed: set[int] = set()
    if put:
        rows = sql.MAP.rows(
            categories=[item.category_id for item in put],
            platforms=[item.platform for item in put],
            leaves=[item.platform_leaf.strip() for item in put],
            paths=[item.platform_path.strip()[:PATH_MOST] for item in put],
        )
        changed |= {row.id for row in rows}
    if off:
        rows = sql.UNMAP.rows(categories=[item.category_id for item in off], platforms=[item.platform for item in off])
        changed |= {row.id for row in rows}
    step.emit(*(events.CategoryChanged(i, "mapped") for i in sorted(changed)))
    outcomes = []
    for item, code in zip(items, refusals, strict=True):
        if code:
            outcomes.append(refused(code, item.category_id))
        else:
            outcomes.append(done(item.category_id) if item.category_id in changed else unchanged(item.category_id))
    return outcomes


def _refusal(item: MapCategory, node: sql.CategoryRow | None) -> str:
    if node is None or node.is_retired:
        return "category_unknown"
    if node.level != LEVELS:
        return "category_not_a_leaf"
    if item.platform not in set(Platform):
        return "platform_unknown"
    leaf = item.platform_leaf.strip()
    return "platform_leaf_unreadable" if len(leaf) > LEAF_MOST or any(c.isspace() for c in leaf) else ""


@dataclass(frozen=True, slots=True)
class SetTemplate:
    """All attributes of a category in their order; products of the categories below have them too."""

    category_id: int
    attributes: tuple[AttributeRule, ...]


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def set_templates(step: Step, items: Sequence[SetTemplate]) -> list[Outcome]:
    """Replace templates; the same one again is unchanged.

    Refused: category_unknown, attribute_twice, attribute_name_unreadable, attribute_kind_unknown,
    attribute_without_choices.
    """
    sql.LOCK_TREE.run()
    nodes = {row.id: row for row in sql.TREE.rows()}
    standing: dict[int, list[AttributeRule]] = {item.category_id: [] for item in items}
    for row in sql.ATTRIBUTES.rows(ids=sorted(standing)):
        rule = AttributeRule(row.name, row.kind, row.is_required, tuple(row.choices), tuple(row.units))
        standing[row.category_id].append(rule)
    written: dict[int, tuple[AttributeRule, ...]] = {}
    outcomes = []
    for item in items:
        code = _template_refusal(item, nodes.get(item.category_id))
        if code:
            outcomes.append(refused(code, item.category_id))
        elif list(item.attributes) == standing[item.category_id]:
            outcomes.append(unchanged(item.category_id))
        else:
            standing[item.category_id], written[item.category_id] = list(item.attributes), item.attributes
            outcomes.append(done(item.category_id))
    if written:
        rows = [
            {**asdict(rule), "category_id": category_id, "position": place}
            for category_id, rules in written.items()
            for place, rule in enumerate(rules)
        ]
        sql.CLEAR_ATTRIBUTES.run(ids=sorted(written))
        sql.WRITE_ATTRIBUTES.run(rows=as_json(rows))
        step.emit(*(events.CategoryChanged(i, "template") for i in sorted(written)))
    return outcomes


def _template_refusal(item: SetTemplate, node: sql.CategoryRow | None) -> str:
    if node is None or node.is_retired:
        return "category_unknown"
    names = [rule.name for rule in item.attributes]
    if len(set(names)) < len(names) or len(names) > MOST_ATTRIBUTES:
        return "attribute_twice"
    return next((code for rule in item.attributes if (code := unfit_rule(rule))), "")

"""P2.3: the tree of categories is built: added, renamed, moved, retired."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shopkeeper.flows.products.listing import events
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.rules.tree import Node, Tree
from shopkeeper.flows.products.listing.sql import categories as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class AddCategory:
    """A category under `parent_id`, or a root."""

    name: str
    parent_id: int | None = None


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def add_categories(step: Step, items: Sequence[AddCategory]) -> list[Outcome]:
    """Add categories; `id` is the category's, that of one already called so is unchanged.

    Refused: category_name_unreadable, category_unknown (no such parent), category_too_deep.
    """
    tree = _locked_tree()
    wanted: dict[tuple[int | None, str], AddCategory] = {}
    answers: list[Outcome | tuple[int | None, str]] = []
    for item in items:
        key = (item.parent_id, item.name.strip())
        refusal = tree.may_add(*key)
        if refusal == "category_name_taken" or key in wanted:
            answers.append(unchanged(tree.called(*key)))
        elif refusal:
            answers.append(refused(refusal, item.parent_id))
        else:
            wanted[key] = item
            answers.append(key)
    ids: dict[tuple[int | None, str], int] = {}
    if wanted:
        rows = sql.ADD.rows(
            parents=[parent for parent, _ in wanted],
            levels=[tree.nodes[parent].level + 1 if parent else 1 for parent, _ in wanted],
            names=[name for _, name in wanted],
            positions=[len(tree.nodes) + place for place in range(len(wanted))],
        )
        ids = {(row.parent_id, row.name): row.id for row in rows}
        step.emit(*(events.CategoryChanged(row.id, "added") for row in rows))
    return [answer if isinstance(answer, Outcome) else done(ids[answer]) for answer in answers]


@dataclass(frozen=True, slots=True)
class RenameCategory:
    category_id: int
    name: str


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def rename_categories(step: Step, items: Sequence[RenameCategory]) -> list[Outcome]:
    """Rename categories. Refused: category_unknown, category_name_unreadable, category_name_taken."""
    tree = _locked_tree()
    renamed: dict[int, str] = {}
    outcomes = []
    for item in items:
        name, node = item.name.strip(), tree.nodes.get(item.category_id)
        refusal = tree.may_rename(item.category_id, name)
        if refusal or node is None:
            outcomes.append(refused(refusal, item.category_id, name=name))
        elif node.name == name:
            outcomes.append(unchanged(node.id))
        else:
            tree.nodes[node.id] = replace(node, name=name)
            renamed[node.id] = name
            outcomes.append(done(node.id))
    if renamed:
        sql.RENAME.run(ids=list(renamed), names=list(renamed.values()))
        step.emit(*(events.CategoryChanged(i, "renamed") for i in renamed))
    return outcomes


@dataclass(frozen=True, slots=True)
class MoveCategory:
    """Everything below goes along."""

    category_id: int
    parent_id: int


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def move_categories(step: Step, items: Sequence[MoveCategory]) -> list[Outcome]:
    """Move categories under another parent of the same level as their own.

    Refused: category_unknown, category_cycle, category_wrong_level, category_name_taken.
    """
    tree = _locked_tree()
    moved: dict[int, int] = {}
    outcomes = []
    for item in items:
        node = tree.nodes.get(item.category_id)
        if node and node.parent_id == item.parent_id:
            outcomes.append(unchanged(node.id))
            continue
        refusal = tree.may_move(item.category_id, item.parent_id)
        if refusal or node is None:
            outcomes.append(refused(refusal, item.category_id))
            continue
        tree.nodes[node.id] = replace(node, parent_id=item.parent_id)
        moved[node.id] = item.parent_id
        outcomes.append(done(node.id))
    if moved:
        sql.MOVE.run(ids=list(moved), parents=list(moved.values()))
        step.emit(*(events.CategoryChanged(i, "moved") for i in moved))
    return outcomes


@dataclass(frozen=True, slots=True)
class RetireCategory:
    """A category and everything below it. Products are taken to another leaf first."""

    category_id: int


@command(clause="P2.3", permission=Permission.CATEGORY_EDIT, scope=EVERYWHERE)
def retire_categories(step: Step, items: Sequence[RetireCategory]) -> list[Outcome]:
    """Retire categories. Refused: category_unknown, category_in_use (with how many products)."""
    tree = _locked_tree()
    below = {item.category_id: tree.with_all_below(item.category_id) for item in items}
    used = {row.leaf_id: row.products for row in sql.IN_USE.rows(ids=sorted(set().union(*below.values())))}
    retired: set[int] = set()
    outcomes = []
    for item in items:
        node = tree.nodes.get(item.category_id)
        products = sum(used.get(i, 0) for i in below[item.category_id])
        if node is None:
            outcomes.append(refused("category_unknown", item.category_id))
        elif node.is_retired or node.id in retired:
            outcomes.append(unchanged(node.id))
        elif products:
            outcomes.append(refused("category_in_use", node.id, count=products))
        else:
            retired |= below[node.id]
            outcomes.append(done(node.id))
    if retired:
        sql.RETIRE.run(ids=sorted(retired))
        step.emit(*(events.CategoryChanged(i, "retired") for i in sorted(retired)))
    return outcomes


def _locked_tree() -> Tree:
    sql.LOCK_TREE.run()
    return Tree(Node(row.id, row.parent_id, row.level, row.name, row.is_retired) for row in sql.TREE.rows())

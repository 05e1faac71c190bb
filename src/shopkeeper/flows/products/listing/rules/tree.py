"""P2.3: the tree of exactly three levels. What may be added, moved and retired; cycles and wrong depths are refused."""

from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = 3
NAME_MOST = 60


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    parent_id: int | None
    level: int
    name: str
    is_retired: bool = False


class Tree:
    """The tree as it stands while a batch changes it in memory."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}

    def may_add(self, parent_id: int | None, name: str) -> str:
        """Empty, or the code of the refusal."""
        if not _good_name(name):
            return "category_name_unreadable"
        if parent_id is not None:
            parent = self.nodes.get(parent_id)
            if parent is None or parent.is_retired:
                return "category_unknown"
            if parent.level >= LEVELS:
                return "category_too_deep"
        return "category_name_taken" if self.called(parent_id, name) else ""

    def may_rename(self, node_id: int, name: str) -> str:
        node = self.nodes.get(node_id)
        if node is None or node.is_retired:
            return "category_unknown"
        if not _good_name(name):
            return "category_name_unreadable"
        other = self.called(node.parent_id, name)
        return "category_name_taken" if other and other != node_id else ""

    def may_move(self, node_id: int, parent_id: int) -> str:
        """A node goes under a parent of the level its own is on: the depth of everything below stays."""
        node, parent = self.nodes.get(node_id), self.nodes.get(parent_id)
        if node is None or parent is None or node.is_retired or parent.is_retired:
            return "category_unknown"
        if parent_id in self.with_all_below(node_id):
            return "category_cycle"
        if parent.level != node.level - 1:
            return "category_wrong_level"
        other = self.called(parent_id, node.name)
        return "category_name_taken" if other and other != node_id else ""

    def called(self, parent_id: int | None, name: str) -> int | None:
        """The living child of this name."""
        for node in self.nodes.values():
            if node.parent_id == parent_id and node.name == name and not node.is_retired:
                return node.id
        return None

    def with_all_below(self, node_id: int) -> set[int]:
        """A node and everything under it, retired ones too."""
        found = {node_id}
        for node in sorted(self.nodes.values(), key=lambda n: n.level):
            if node.parent_id in found:
                found.add(node.id)
        return found

    def path(self, node_id: int) -> tuple[str, ...]:
        """The names from the root."""
        node = self.nodes[node_id]
        return (*self.path(node.parent_id), node.name) if node.parent_id else (node.name,)

    def leaf_at(self, names: tuple[str, ...]) -> int | None:
        """The living leaf these names lead to; None for anything but three of them."""
        at: int | None = None
        for name in names:
            at = self.called(at, name)
            if at is None:
                return None
        return at if at is not None and len(names) == LEVELS else None


def _good_name(name: str) -> bool:
    return 0 < len(name) <= NAME_MOST and "/" not in name and name == name.strip()

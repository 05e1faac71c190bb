"""Who acts: a person, a program acting for one, or the system itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated somebody. `shops`/`warehouses` None means all; an empty set means none."""

    id: int
    name: str
    permissions: frozenset[str]
    shops: frozenset[int] | None = frozenset()
    warehouses: frozenset[int] | None = frozenset()
    roles: frozenset[str] = frozenset()
    kind: Literal["person", "program", "system"] = "person"

    def may(self, permission: str) -> bool:
        return self.kind == "system" or str(permission) in self.permissions

    def sees_shop(self, shop_id: int | None) -> bool:
        return shop_id is None or self.shops is None or shop_id in self.shops

    def sees_warehouse(self, warehouse_id: int | None) -> bool:
        return warehouse_id is None or self.warehouses is None or warehouse_id in self.warehouses


SYSTEM = Actor(0, "system", frozenset(), None, None, kind="system")

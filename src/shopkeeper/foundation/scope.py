"""Row scope: which shop or warehouse an item belongs to, checked before a command looks at it.

Rows outside the actor's shops and warehouses answer as if they did not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from shopkeeper.foundation.actor import Actor


class Scope(Protocol):
    """Says for each item whether the actor may see what it names."""

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]: ...


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Items name a row of `table` in `field`; its shop and warehouse columns decide (NULL is everybody's)."""

    table: str
    field: str
    shop: str | None = None
    warehouse: str | None = None

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        ids = [getattr(item, self.field) for item in items]
        shop = f"{self.shop}::bigint" if self.shop else "NULL::bigint"
        warehouse = f"{self.warehouse}::bigint" if self.warehouse else "NULL::bigint"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {shop}, {warehouse} FROM {self.table} WHERE id = ANY(%s::bigint[])",
                [ids],
            )
            seen = {
                row_id
                for row_id, shop_id, warehouse_id in cursor.fetchall()
                if actor.sees_shop(shop_id) and actor.sees_warehouse(warehouse_id)
            }
        return [row_id in seen for row_id in ids]


def ShopOf(table: str, field: str) -> RowsOf:
    return RowsOf(table, field, shop="shop_id")


def WarehouseOf(table: str, field: str) -> RowsOf:
    return RowsOf(table, field, warehouse="warehouse_id")


@dataclass(frozen=True, slots=True)
class InShop:
    """Items carry the shop's id themselves; one that is not there is seen by nobody, whoever sees all shops."""

    field: str = "shop_id"

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        ids = [getattr(item, self.field) for item in items]
        there = _there("foundation_shop", ids) if actor.shops is None else actor.shops
        return [shop_id is None or shop_id in there for shop_id in ids]


@dataclass(frozen=True, slots=True)
class InWarehouse:
    """Items carry the warehouse's id themselves; one that is not there is seen by nobody."""

    field: str = "warehouse_id"

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        ids = [getattr(item, self.field) for item in items]
        there = _there("foundation_warehouse", ids) if actor.warehouses is None else actor.warehouses
        return [warehouse_id is None or warehouse_id in there for warehouse_id in ids]


def _there(table: str, ids: Sequence[int | None]) -> frozenset[int]:
    """Which of these rows there are."""
    wanted = sorted({id_ for id_ in ids if id_ is not None})
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s::bigint[])", [wanted])
        return frozenset(row_id for (row_id,) in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The command is not about a shop or a warehouse; the permission alone decides."""

    def visible(self, actor: Actor, items: Sequence[Any]) -> list[bool]:
        return [True] * len(items)


EVERYWHERE = Everywhere()

"""The collector's keys, as the public door knows them: read rarely, kept while the database is away."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from shopkeeper.flows.analytics.collection.models import CollectorKey
from shopkeeper.flows.analytics.collection.sql import keys as sql
from shopkeeper.foundation.actor import Actor

log = logging.getLogger(__name__)
FRESH_S = 5.0
ASK_AGAIN_S = 1.0  # a key nobody knows is looked for at most that often, whoever sends it


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A shop that may send, and from which pages."""

    shop_id: int
    origins: frozenset[str]

    def allows(self, origin: str) -> bool:
        """A page must be one of the shop's; what is no page (a server of the shop's own) has no origin."""
        return not origin or origin in self.origins


def open_keys() -> dict[str, OpenKey]:
    """All keys in one statement."""
    return {row.key: OpenKey(row.shop_id, frozenset(row.origins.split())) for row in sql.OPEN_KEYS.rows()}


def _from_a_thread() -> dict[str, OpenKey]:
    """The same from a thread that keeps no connection."""
    try:
        return open_keys()
    finally:
        connection.close()


@dataclass(slots=True)
class KnownKeys:
    """What this process knows of keys. Old knowledge serves on where the database does not answer."""

    read: Callable[[], dict[str, OpenKey]] = _from_a_thread
    now: Callable[[], float] = time.monotonic
    _keys: dict[str, OpenKey] = field(default_factory=dict)
    _read_at: float | None = None
    _reading: "asyncio.Task[None] | None" = None

    async def find(self, key: str) -> OpenKey | None:
        age = float("inf") if self._read_at is None else self.now() - self._read_at
        if age > FRESH_S or (key not in self._keys and age > ASK_AGAIN_S):
            await self._refresh()
        return self._keys.get(key)

    async def _refresh(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._look())
        await self._reading

    async def _look(self) -> None:
        try:
            self._keys = await asyncio.to_thread(self.read)
        except DatabaseError as error:
            log.warning("the collector cannot read its keys: %s", error)
        self._read_at = self.now()


@dataclass(frozen=True, slots=True)
class CollectorRow:
    """A shop's collector as people see it."""

    shop_id: int
    shop: str
    key: str
    version: int
    origins: tuple[str, ...]
    is_open: bool


def collectors(viewer: Actor) -> list[CollectorRow]:
    """The collectors of the viewer's shops."""
    found = CollectorKey.objects.select_related("shop").order_by("shop_id")
    if viewer.shops is not None:
        found = found.filter(shop_id__in=viewer.shops)
    return [
        CollectorRow(row.shop_id, row.shop.name, row.key, row.version, tuple(row.origins.split()), row.is_open)
        for row in found
    ]

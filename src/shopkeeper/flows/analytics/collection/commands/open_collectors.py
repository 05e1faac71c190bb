"""D1.1: a shop's pages may send their traffic: it gets a key, and the pages it may come from."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.analytics.collection.events import CollectorClosed, CollectorOpened
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.sql import keys as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

KEY_BYTES = 18
_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,200}(:\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OpenCollector:
    """`origins` are the pages that may send, scheme and host only."""

    shop_id: int
    origins: Annotated[tuple[Annotated[str, Field(max_length=220)], ...], Field(max_length=4)] = ()


@command(clause="D1.1", permission=Permission.SOURCE_KEEP, scope=InShop())
def open_collectors(step: Step, items: Sequence[OpenCollector]) -> list[Outcome]:
    """Open shops' collectors; one that is open takes the new origins, its key stays.

    Refused: "page_origin_unreadable".
    """
    known = {row.shop_id: row for row in sql.LOCK_KEYS.rows(shops=sorted({item.shop_id for item in items}))}
    wanted: dict[int, str] = {}
    outcomes = []
    for item in items:
        wrong = next((origin for origin in item.origins if not _ORIGIN.fullmatch(origin)), None)
        origins = " ".join(sorted({origin.lower() for origin in item.origins}))
        row = known.get(item.shop_id)
        if wrong is not None:
            outcomes.append(refused("page_origin_unreadable", item.shop_id, origin=wrong))
        elif wanted.get(item.shop_id) == origins or (row and row.is_open and row.origins == origins):
            outcomes.append(unchanged(item.shop_id))
        else:
            wanted[item.shop_id] = origins
            outcomes.append(done(item.shop_id))
    sql.OPEN_COLLECTORS.run(
        now=step.now,
        shops=list(wanted),
        keys=[secrets.token_urlsafe(KEY_BYTES) for _ in wanted],
        origins=list(wanted.values()),
    )
    step.emit(*(CollectorOpened(shop) for shop in sorted(wanted) if shop not in known or not known[shop].is_open))
    return outcomes


@dataclass(frozen=True, slots=True)
class CloseCollector:
    shop_id: int


@command(clause="D1.1", permission=Permission.SOURCE_KEEP, scope=InShop())
def close_collectors(step: Step, items: Sequence[CloseCollector]) -> list[Outcome]:
    """Close shops' collectors: their pages are answered 404 from now on. Refused: "collector_not_open"."""
    known = {row.shop_id: row for row in sql.LOCK_KEYS.rows(shops=sorted({item.shop_id for item in items}))}
    closing: set[int] = set()
    outcomes = []
    for item in items:
        row = known.get(item.shop_id)
        if row is None:
            outcomes.append(refused("collector_not_open", item.shop_id))
        elif not row.is_open or item.shop_id in closing:
            outcomes.append(unchanged(item.shop_id))
        else:
            closing.add(item.shop_id)
            outcomes.append(done(item.shop_id))
    sql.CLOSE_COLLECTORS.run(shops=sorted(closing))
    step.emit(*(CollectorClosed(shop) for shop in sorted(closing)))
    return outcomes


@dataclass(frozen=True, slots=True)
class RenewCollectorKey:
    """`version` is that of the key at hand, so that two who renew at once do it once."""

    shop_id: int
    version: int


@command(clause="D1.1", permission=Permission.SOURCE_KEEP, scope=InShop())
def renew_collector_keys(step: Step, items: Sequence[RenewCollectorKey]) -> list[Outcome]:
    """Give collectors another key; pages with the old one are no longer listened to.

    Refused: "key_renewed_meanwhile", "collector_not_open".
    """
    versions = {item.shop_id: item.version for item in items}
    known = {row.shop_id: row for row in sql.LOCK_KEYS.rows(shops=sorted(versions))}
    renewed = {
        row.shop_id
        for row in sql.RENEW_KEYS.rows(
            shops=list(versions),
            versions=list(versions.values()),
            keys=[secrets.token_urlsafe(KEY_BYTES) for _ in versions],
        )
    }
    outcomes = []
    for item in items:
        if item.shop_id in renewed:
            outcomes.append(done(item.shop_id))
        else:
            is_open = item.shop_id in known and known[item.shop_id].is_open
            outcomes.append(refused("key_renewed_meanwhile" if is_open else "collector_not_open", item.shop_id))
    return outcomes

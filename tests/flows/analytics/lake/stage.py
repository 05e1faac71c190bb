"""A lake of the test's own, orders to fill it with, and the log readable within the test's transaction."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shopkeeper.flows.analytics.lake.commands.write_lake import WriteLake, write_lake
from shopkeeper.flows.analytics.lake.records.engine import connect
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.readers import EventRow
from shopkeeper.foundation.sql import ALL_STATEMENTS, Statement
from shopkeeper.shared.outcomes import Outcome
from tests import factories as make

NOON = make.NOON

# What readers may not see while its transaction runs is all there is in a test that is rolled back.
WHOLE_LOG = Statement(
    """
    SELECT id, xid, type, data::text, occurred_at, actor_id, clause FROM foundation_event
    WHERE (xid, id) > (%(xid)s::bigint, %(event_id)s::bigint) ORDER BY xid, id LIMIT %(limit)s::int""",
    row=EventRow,
)
ALL_STATEMENTS.remove(WHOLE_LOG)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def write() -> Outcome:
    """Write what was announced."""
    return write_lake.one(SYSTEM, WriteLake())


def rows(table: str, *, with_set_aside: bool = False, **wanted: Any) -> list[dict[str, Any]]:
    """The table's rows as they stand, by key."""
    with connect() as lake:
        found = lake.rows(lake.table(table, with_set_aside=with_set_aside))
    found = [row for row in found if all(row[name] == value for name, value in wanted.items())]
    return sorted(found, key=lambda row: [str(row[name]) for name in sorted(row)])


def order(shop: Shop, *, at: datetime = NOON, price: int = 5_000, pieces: int = 1, **fields: Any) -> int:
    """A paid order of one line, placed at a moment."""
    line = make.received_line(make.make_sku(price_minor=price), pieces)
    times = {"placed_at": at, "paid_at": at + timedelta(minutes=1), "modified_at": at + timedelta(minutes=2)}
    return make.make_order(shop, line, **{**times, **fields})

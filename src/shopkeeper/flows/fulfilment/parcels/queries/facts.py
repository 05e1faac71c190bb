"""Parcels as plain facts for analytics: states and moments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement, numbers


@dataclass(frozen=True, slots=True)
class ParcelFact:
    """One parcel with the time its order had to leave by."""

    id: int
    order_id: int
    shop_id: int
    zone: str
    courier: str
    warehouse_id: int
    state: str
    opened_at: datetime
    ship_by_at: datetime | None
    handed_over_at: datetime | None
    signed_at: datetime | None


PARCELS = Statement(
    """
    SELECT p.id, p.order_id, p.shop_id, s.zone, p.courier, p.warehouse_id, p.state, p.opened_at, o.ship_by_at,
           p.handed_over_at, p.signed_at
    FROM parcels_parcel AS p JOIN intake_order AS o ON o.id = p.order_id JOIN foundation_shop AS s ON s.id = p.shop_id
    WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id""",
    row=ParcelFact,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


IDS = Statement(
    "SELECT id FROM parcels_parcel WHERE id > %(after)s::bigint ORDER BY id LIMIT %(limit)s::int", row=IdRow
)


def parcel_facts(ids: Iterable[int]) -> list[ParcelFact]:
    """These parcels in the order of their ids; one that is not there is left out."""
    return PARCELS.rows(ids=numbers(ids))


def parcel_ids(after: int, limit: int) -> list[int]:
    """Ids of parcels, ascending, a piece at a time."""
    return [row.id for row in IDS.rows(after=after, limit=limit)]

"""M1.2: places of the own shop are booked for campaigns, and two never hold one at the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import campaigns as campaign_sql
from shopkeeper.flows.marketing.campaigns.sql import preparation as sql
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop, RowsOf, ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

OVER = (CampaignState.ENDED, CampaignState.REVIEWED, CampaignState.CANCELLED)


@dataclass(frozen=True, slots=True)
class AddOwnSlot:
    """A place in the shop's own pages, by name: 首页轮播 1."""

    shop_id: int
    name: Annotated[str, Field(min_length=1, max_length=60)]

    @property
    def key(self) -> tuple[int, str]:
        return self.shop_id, self.name.strip()


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=InShop())
def add_own_slots(step: Step, items: Sequence[AddOwnSlot]) -> list[Outcome]:
    """Name places that campaigns may book. Refused: "slot_unnamed". There already: unchanged."""
    fit = list(dict.fromkeys(item.key for item in items if _is_named(item)))
    named = {"shops": [shop for shop, _ in fit], "names": [name for _, name in fit]}
    made = {(row.shop_id, row.name): row.id for row in sql.MAKE_OWN_SLOTS.rows(**named)}
    known = {(row.shop_id, row.name): row.id for row in sql.OWN_SLOTS_BY_NAME.rows(**named)}
    outcomes = []
    for item in items:
        if not _is_named(item):
            outcomes.append(refused("slot_unnamed"))
            continue
        fresh = made.pop(item.key, None)
        outcomes.append(done(fresh) if fresh else unchanged(known[item.key]))
    return outcomes


def _is_named(item: AddOwnSlot) -> bool:
    return bool(item.name.strip()) and "\x00" not in item.name


@dataclass(frozen=True, slots=True)
class BookOwnSlot:
    slot_id: int
    campaign_id: int
    starts_at: datetime
    ends_at: datetime


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=ShopOf("campaigns_campaign", "campaign_id"))
def book_own_slots(step: Step, items: Sequence[BookOwnSlot]) -> list[Outcome]:
    """Book places for campaigns; the database itself refuses what overlaps. Done with `facts`: booking_id.

    Refused: "slot_unknown" (not there, or of another shop), "slot_time_backwards", "campaign_over", "slot_taken"
    (facts: `by`, the campaign that holds it, `until`). The same booking again: unchanged.
    """
    campaigns = {row.id: row for row in campaign_sql.LOCK.rows(campaigns=sorted({i.campaign_id for i in items}))}
    slots = {row.id: row for row in sql.LOCK_OWN_SLOTS.rows(slots=sorted({item.slot_id for item in items}))}
    held = sql.BOOKINGS.rows(slots=sorted(slots), since=min(item.starts_at for item in items))
    verdicts: list[Outcome | None] = []
    fresh: dict[tuple[int, datetime], BookOwnSlot] = {}
    for item in items:
        verdict = _judge(item, campaigns[item.campaign_id], slots.get(item.slot_id), held)
        if verdict is None:
            fresh[item.slot_id, item.starts_at] = item
            held.append(_as_row(item, campaigns[item.campaign_id]))
        verdicts.append(verdict)
    said = [
        {"slot_id": i.slot_id, "campaign_id": i.campaign_id, "starts_at": i.starts_at, "ends_at": i.ends_at}
        for i in fresh.values()
    ]
    booked = sql.BOOK.rows(bookings=as_json(said), now=step.now, actor_id=step.actor.id) if said else []
    ids = {(row.slot_id, row.starts_at): row.id for row in booked}
    return [
        verdict or done(item.campaign_id, booking_id=ids[item.slot_id, item.starts_at])
        for item, verdict in zip(items, verdicts, strict=True)
    ]


def _judge(
    item: BookOwnSlot,
    campaign: campaign_sql.CampaignRow,
    slot: sql.OwnSlotRow | None,
    held: Sequence[sql.BookingRow],
) -> Outcome | None:
    if slot is None or slot.shop_id != campaign.shop_id:
        return refused("slot_unknown", item.campaign_id)
    if item.ends_at <= item.starts_at:
        return refused("slot_time_backwards", item.campaign_id)
    if campaign.state in OVER:
        return refused("campaign_over", item.campaign_id)
    for row in held:
        if row.slot_id != item.slot_id or row.ends_at <= item.starts_at or row.starts_at >= item.ends_at:
            continue
        if (row.campaign_id, row.starts_at, row.ends_at) == (item.campaign_id, item.starts_at, item.ends_at):
            return unchanged(item.campaign_id, booking_id=row.id)
        return refused("slot_taken", item.campaign_id, by=row.code, until=row.ends_at.isoformat())
    return None


def _as_row(item: BookOwnSlot, campaign: campaign_sql.CampaignRow) -> sql.BookingRow:
    return sql.BookingRow(
        0, item.slot_id, campaign.id, campaign.shop_id, campaign.code, item.starts_at, item.ends_at, is_released=False
    )


@dataclass(frozen=True, slots=True)
class ReleaseOwnSlot:
    booking_id: int


# A booking is of its campaign's shop.
OF_BOOKING = RowsOf(
    "campaigns_slotbooking",
    "booking_id",
    shop="(SELECT c.shop_id FROM campaigns_campaign AS c WHERE c.id = campaign_id)",
)


@command(clause="M1.2", permission=Permission.CAMPAIGN_EDIT, scope=OF_BOOKING)
def release_own_slots(step: Step, items: Sequence[ReleaseOwnSlot]) -> list[Outcome]:
    """Give booked places back; the booking stays on record. Given back already: unchanged."""
    ids = sorted({item.booking_id for item in items})
    sql.LOCK_BOOKINGS.rows(bookings=ids)
    released = {row.id for row in sql.RELEASE.rows(bookings=ids, campaigns=[], now=step.now)}
    outcomes = []
    for item in items:
        outcomes.append(done(item.booking_id) if item.booking_id in released else unchanged(item.booking_id))
        released.discard(item.booking_id)
    return outcomes

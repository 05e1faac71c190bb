"""How well orders come in: per shop the cursor, its lag, the last error; and what could not be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.models import PullCursor
from shopkeeper.flows.fulfilment.intake.queries.scope import shops_of
from shopkeeper.flows.fulfilment.intake.sql import reading
from shopkeeper.flows.fulfilment.intake.states import IntakeHealth
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Shop
from shopkeeper.sop.models import Deadline
from shopkeeper.sop.policy import read_policies


@dataclass(frozen=True, slots=True)
class ShopIntake:
    """`health` late: nothing read for three pauses; off: never started."""

    shop_id: int
    shop: str
    platform: str
    health: IntakeHealth
    read_until: datetime | None
    lag_seconds: int | None
    last_pulled_at: datetime | None
    next_pull_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class UnreadableOrder:
    """An order of a platform that nobody's program can make out; a person has to look there."""

    id: int
    shop_id: int
    shop: str
    platform_no: str
    reason: str
    since: datetime
    due_at: datetime


def intake_status(viewer: Actor) -> list[ShopIntake]:
    """Every active shop of the viewer that is reached over a platform, worst first."""
    now, policy = business_time.now(), read_policies()
    shops = Shop.objects.filter(id__in=shops_of(viewer), is_active=True).exclude(platform="file").order_by("id")
    cursors = {cursor.shop_id: cursor for cursor in PullCursor.objects.filter(shop__in=shops)}
    errands = {row.subject_id: row for row in reading.PULL_ERRANDS.rows(shops=[shop.pk for shop in shops])}
    found = []
    for shop in shops:
        cursor, errand = cursors.get(shop.pk), errands.get(shop.pk)
        lag = now - cursor.read_until if cursor else None
        patience = timedelta(minutes=3 * policy("pull_minutes", shop.pk))
        error = (cursor.last_error if cursor else "") or (errand.last_error if errand else "")
        found.append(
            ShopIntake(
                shop_id=shop.pk,
                shop=shop.name,
                platform=shop.platform,
                health=_health(lag, patience, error),
                read_until=cursor.read_until if cursor else None,
                lag_seconds=max(0, int(lag.total_seconds())) if lag is not None else None,
                last_pulled_at=cursor.last_pulled_at if cursor else None,
                next_pull_at=errand.next_at if errand and not errand.is_given_up else None,
                last_error=error,
            )
        )
    order = (IntakeHealth.FAILING, IntakeHealth.LATE, IntakeHealth.OFF, IntakeHealth.OK)
    return sorted(found, key=lambda one: (order.index(one.health), one.shop_id))


def _health(lag: timedelta | None, patience: timedelta, error: str) -> IntakeHealth:
    if lag is None:
        return IntakeHealth.OFF
    if error:
        return IntakeHealth.FAILING
    return IntakeHealth.LATE if lag > patience else IntakeHealth.OK


def unreadable_orders(viewer: Actor, limit: int = 200) -> list[UnreadableOrder]:
    """Open duties about orders that could not be read, soonest due first."""
    names = dict(Shop.objects.filter(id__in=shops_of(viewer)).values_list("id", "name"))
    duties = Deadline.objects.filter(kind=deadlines.UNREADABLE.name, shop_id__in=list(names)).order_by("due_at", "id")
    return [
        UnreadableOrder(
            id=duty.subject_id,
            shop_id=duty.shop_id or 0,
            shop=names.get(duty.shop_id or 0, ""),
            platform_no=duty.label.partition(" ")[0],
            reason=duty.label.partition(" ")[2],
            since=duty.armed_at,
            due_at=duty.due_at,
        )
        for duty in duties[:limit]
    ]

"""O1.2: at 9:00, 14:00 and 18:00 a check session opens in each shop that checks in sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shopkeeper.flows.fulfilment.intake import deadlines
from shopkeeper.flows.fulfilment.intake.events import SessionOpened
from shopkeeper.flows.fulfilment.intake.models import CheckSession
from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Shop
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.clock import SHOP_ZONE, at_time, day_of, next_of
from shopkeeper.shared.outcomes import Outcome, done, unchanged
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import clock_times, policies


@dataclass(frozen=True, slots=True)
class OpenSession:
    shop_id: int


@command(clause="O1.2", permission=Permission.SESSION_OPEN, scope=InShop())
def open_check_sessions(step: Step, items: Sequence[OpenSession]) -> list[Outcome]:
    """Open the session that is due now and set the clock for the next; a session is opened once.

    Called by the sweeper at each check time, and once when a shop starts (then only the clock is set).
    """
    policy = policies(step)
    shops = {shop.id: shop for shop in Shop.objects.filter(id__in=[item.shop_id for item in items])}
    arms: list[Arm] = []
    due: list[CheckSession] = []
    for shop in shops.values():
        times = clock_times(policy("check_times", shop.id))
        arms.append(Arm(deadlines.NEXT_SESSION, shop.id, next_of(step.now, times), shop.id, None, shop.name))
        latest = _latest(step.now, times)
        if policy("check_mode", shop.id) == "sessions" and step.now - latest < timedelta(minutes=30):
            due.append(CheckSession(shop_id=shop.id, scheduled_at=latest, state_at=step.now, opened_at=step.now))
    opened = _insert_once(due)
    for session in opened:
        minutes = policy("session_minutes", session.shop_id)
        label = f"{shops[session.shop_id].name} {session.scheduled_at.astimezone(SHOP_ZONE):%m-%d %H:%M}"
        due_at = step.now + timedelta(minutes=minutes)
        arms.append(Arm(deadlines.SIGN_SESSION, session.pk, due_at, session.shop_id, None, label))
        step.emit(SessionOpened(session.pk, session.shop_id))
    arm(step, arms)
    by_shop = {session.shop_id: session.pk for session in opened}
    return [done(opened_id) if (opened_id := by_shop.get(item.shop_id)) else unchanged() for item in items]


def _latest(moment: datetime, times: list[time]) -> datetime:
    """The last check time at or before a moment."""
    today = day_of(moment)
    days = (today - timedelta(days=1), today)
    return max(at for day in days for t in times if (at := at_time(day, t)) <= moment)


def _insert_once(sessions: Sequence[CheckSession]) -> list[CheckSession]:
    """Insert sessions that are not there yet and return them with their ids."""
    keys = [(session.shop_id, session.scheduled_at) for session in sessions]
    there = set(
        CheckSession.objects.filter(
            shop_id__in=[shop for shop, _ in keys], scheduled_at__in=[at for _, at in keys]
        ).values_list("shop_id", "scheduled_at")
    )
    return CheckSession.objects.bulk_create(
        [session for session, key in zip(sessions, keys, strict=True) if key not in there]
    )

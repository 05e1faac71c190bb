"""Business time: the machine's, or in a simulated installation what the simulator last set."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shopkeeper.foundation.models import BusinessClock
from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now


@dataclass(frozen=True, slots=True)
class ClockRow:
    now: datetime


SIMULATED = Statement("SELECT now FROM foundation_businessclock WHERE id = 1", row=ClockRow)


def is_simulated() -> bool:
    return str(settings.SHOPKEEPER_CLOCK) == "simulated"


def now() -> datetime:
    """The business time of this installation, aware UTC."""
    if not is_simulated():
        return machine_now()
    row = SIMULATED.first()
    return row.now if row else machine_now()


def set_simulated(moment: datetime) -> None:
    """Move the simulated clock; it never runs backwards."""
    if not is_simulated():
        raise RuntimeError("business time can only be set in a simulated installation")
    clock, made = BusinessClock.objects.get_or_create(id=1, defaults={"now": moment})
    if not made and moment > clock.now:
        BusinessClock.objects.filter(id=1).update(now=moment)

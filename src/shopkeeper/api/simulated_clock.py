"""The door of a simulated installation's clock: set business time, and let everything come to rest.

Mounted only where business time is simulated; a real installation has no such address.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Router, Schema

from shopkeeper.foundation import business_time
from shopkeeper.foundation.permissions import Permission
from shopkeeper.shared.errors import NotAllowed

router = Router()


class ClockSet(Schema):
    now: datetime | None = None


class Rest(Schema):
    now: datetime
    handled: int
    next_due_at: datetime | None


@router.post("/settle", response=Rest)
def settle(request: HttpRequest, wanted: ClockSet) -> dict[str, Any]:
    """Set business time if given, then run sweeper, readers, errands and jobs until nothing is left to do."""
    actor = request.auth  # type: ignore[attr-defined]
    if not actor.may(Permission.CLOCK_SET):
        raise NotAllowed(Permission.CLOCK_SET)
    if wanted.now:
        business_time.set_simulated(wanted.now)
    pulse = import_string("shopkeeper.config.pulse.Pulse")()
    handled = pulse.until_rest()
    return {"now": business_time.now(), "handled": handled, "next_due_at": pulse.next_due_at()}

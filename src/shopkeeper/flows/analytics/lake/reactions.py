"""What the lake does when anything is announced: it sees to it that it will be written."""

from collections.abc import Sequence
from typing import Any

from shopkeeper.flows.analytics.lake.commands.write_lake import CallForWrite
from shopkeeper.flows.analytics.lake.commands.write_lake import call_for_write as call
from shopkeeper.flows.analytics.lake.queries.standing import is_called
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.events import Recorded
from shopkeeper.sop.events import PolicyChanged

INTERVALS = frozenset({"lake_write_minutes", "lake_night_time"})


def call_for_write(actor: Actor, events: Sequence[Recorded[Any]]) -> None:
    """Anything: the next write is set, unless it is; a changed interval counts at once."""
    if any(isinstance(e.event, PolicyChanged) and e.event.key in INTERVALS for e in events) or not is_called():
        call(actor, [CallForWrite()])

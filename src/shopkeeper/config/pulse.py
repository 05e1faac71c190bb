"""The worker's heartbeat: sweep deadlines, run readers, perform errands; until rest where time is stepped.

A worker performs errands with hands of their own beside the pulse: a platform that keeps one waiting, or a report
that takes seconds, holds up neither the clocks nor the quantities that the other shops are to hear.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from shopkeeper.config.gateways import performers
from shopkeeper.config.wiring import READERS
from shopkeeper.flows.analytics.collection import tasks as collection
from shopkeeper.foundation import errands, readers
from shopkeeper.sop import sweeper

log = logging.getLogger(__name__)
IDLE_PAUSE_S = 0.1
AWAY_PAUSE_S = 0.5
UNREAD_PATIENCE_S = 20.0
HANDS = 3


class Pulse:
    """One pass of everything that reacts; several workers may beat side by side."""

    def __init__(self) -> None:
        self.readers = {reader.name: reader for reader in READERS}
        self.performers = performers()
        readers.ensure_cursors(READERS)

    def beat(self) -> int:
        """One round of everything; return how much there was to do."""
        return self.react() + self.perform()

    def react(self) -> int:
        """Clocks, readers, what the collector gathered."""
        parts: tuple[Callable[[], int], ...] = (
            sweeper.sweep,
            sweeper.escalate_overdue,
            lambda: readers.run_readers(self.readers),
            collection.drain,
        )
        return sum(_guarded(part) for part in parts)

    def perform(self) -> int:
        """Errands that are due."""
        return _guarded(lambda: errands.perform_due(self.performers))

    def until_rest(self) -> int:
        """Beat until nothing is due, unread or to be said; return how much was done."""
        handled = 0
        patience = time.monotonic() + UNREAD_PATIENCE_S
        while True:
            done = self.beat()
            handled += done
            if done:
                patience = time.monotonic() + UNREAD_PATIENCE_S
            elif not readers.anything_unread():
                return handled
            elif time.monotonic() > patience:
                raise RuntimeError("some reader of the event log does not get past an event")
            else:
                time.sleep(0.002)  # a transaction elsewhere holds the horizon back

    def next_due_at(self) -> datetime | None:
        """The next moment at which something comes due by itself."""
        moments = [moment for moment in (sweeper.next_due_at(), errands.next_at()) if moment]
        return min(moments, default=None)


def _guarded(part: Callable[[], int]) -> int:
    """One part's fault does not stop the others; a database that is away stops all and is waited for."""
    try:
        return part()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("a part of the pulse failed")
        return 0


def react_for_ever(stopped: Callable[[], bool]) -> None:
    """The worker's pulse."""
    _for_ever(stopped, lambda pulse: pulse.react())


def perform_for_ever(stopped: Callable[[], bool]) -> None:
    """One of the worker's hands."""
    _for_ever(stopped, lambda pulse: pulse.perform())


def _for_ever(stopped: Callable[[], bool], beat: Callable[[Pulse], int]) -> None:
    """A loop that survives a database that goes away and comes back, and whatever else goes wrong once."""
    pulse: Pulse | None = None
    while not stopped():
        try:
            pulse = pulse or Pulse()
            if not beat(pulse):
                time.sleep(IDLE_PAUSE_S)
        except (OperationalError, InterfaceError) as error:
            log.warning("database away: %s", error)
            connection.close()
            time.sleep(AWAY_PAUSE_S)
        except Exception:  # a pulse that ended would leave a worker that looks alive and does nothing
            log.exception("a beat failed")
            connection.close()
            time.sleep(AWAY_PAUSE_S)
        finally:
            close_old_connections()

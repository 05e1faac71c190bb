"""Stepped time: it moves only when house and outside world have come to rest, and then to what is due next.

So nothing depends on how fast anything ran: the same seed tells the same story at any speed.
"""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from shopkeeper.simulator.house import House, HouseBroke
from shopkeeper.simulator.sandboxes.running import ControlDoor

CHINA = ZoneInfo("Asia/Shanghai")
Deed = Callable[[], None]
ROUNDS_MAX = 200


def moment(text: str) -> datetime:
    """An ISO moment of the house or a sandbox, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


class Steps:
    """The agenda of what people will do, and the clock both sides share."""

    def __init__(self, house: House, outside: ControlDoor, start: datetime) -> None:
        self.house = house
        self.outside = outside
        self.now = start
        self.start = start
        self.taken = 0
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._order = count()
        self._next_due: datetime | None = None
        self._sent = -1
        self._move_to(start)

    def day(self, number: int, hour: int, minute: int = 0) -> datetime:
        """A clock time in the shops, `number` days after the start (0 = the first day)."""
        date = self.start.astimezone(CHINA).date() + timedelta(days=number)
        return datetime(date.year, date.month, date.day, hour, minute, tzinfo=CHINA).astimezone(UTC)

    def at(self, when: datetime, deed: Deed) -> None:
        """Put something on the agenda; what is past is done at once after the present deed."""
        heapq.heappush(self._agenda, (max(when, self.now), next(self._order), deed))

    def after(self, deed: Deed, **delta: float) -> None:
        """Put something on the agenda some time from now."""
        self.at(self.now + timedelta(**delta), deed)

    def run_until(self, end: datetime) -> None:
        """Step from due moment to due moment until `end`, then stand there at rest."""
        while True:
            upcoming = self._upcoming()
            if upcoming is None or upcoming > end:
                break
            self._step(upcoming)
        if self.now < end:
            self._move_to(end)

    def _upcoming(self) -> datetime | None:
        moments = [self._agenda[0][0]] if self._agenda else []
        if self._next_due is not None:
            # What is due and yet at rest waits for something else; time must not stand still for it.
            moments.append(max(self._next_due, self.now + timedelta(seconds=1)))
        outside = self.outside.get("/clock")["next_at"]
        if outside:
            moments.append(max(moment(outside), self.now))
        return min(moments, default=None)

    def _step(self, to: datetime) -> None:
        self.taken += 1
        if to > self.now or not (self._agenda and self._agenda[0][0] <= self.now):
            self._move_to(to)
        while self._agenda and self._agenda[0][0] <= self.now:
            _, _, deed = heapq.heappop(self._agenda)
            deed()
            self.settle()

    def _move_to(self, to: datetime) -> None:
        """House first, so that what comes from outside finds its clock already moved."""
        self.now = to
        self._rest(to)
        self.outside.post("/clock", {"at": to.isoformat()})
        self._until_quiet()

    def settle(self) -> None:
        """Let both sides come to rest: nothing to deliver, nothing to react to."""
        self._rest(None)
        self._until_quiet()

    def _rest(self, to: datetime | None) -> None:
        due = self.house.rest(to)["next_due_at"]
        self._next_due = moment(due) if due else None

    def _until_quiet(self) -> None:
        """Deliver what the outside has to say, and have the house react, until nothing more is said."""
        for _ in range(ROUNDS_MAX):
            said = self.outside.post("/settle", {"timeout_s": 30})
            if said["pending"]:
                raise HouseBroke(f"{said['pending']} messages cannot be delivered")
            if said["sent"] == self._sent:
                return
            self._sent = said["sent"]
            self._rest(None)
        raise HouseBroke("house and outside world keep each other busy")

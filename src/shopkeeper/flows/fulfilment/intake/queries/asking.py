"""What somebody asks of the orders: tab, filters, and numbers typed or pasted, read into what indexes can find."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from shopkeeper.flows.fulfilment.intake.states import OrderState
from shopkeeper.foundation.personal import blind_index
from shopkeeper.shared.clock import at_time

ALL_STATES = tuple(str(state) for state in OrderState)
HELD = "held"
_OUR_NUMBER = re.compile(r"JY(\d{1,18})", re.ASCII | re.IGNORECASE)
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class OrderQuestion:
    """A list's question. `tab` is a state, `held` or empty for all; days are the shop's calendar days."""

    tab: str = ""
    shop_id: int | None = None
    hold: str = ""
    texts: Sequence[str] = ()
    from_day: date | None = None
    to_day: date | None = None

    @property
    def state(self) -> str | None:
        return self.tab if self.tab in ALL_STATES else None

    @property
    def held(self) -> bool:
        return self.tab == HELD or bool(self.hold)

    @property
    def since(self) -> datetime | None:
        return at_time(self.from_day, time()) if self.from_day else None

    @property
    def before(self) -> datetime | None:
        return at_time(self.to_day + timedelta(days=1), time()) if self.to_day and self.to_day.year < 9999 else None


@dataclass(frozen=True, slots=True)
class Sought:
    """What typed texts may mean: our ids, platform numbers, whole phone numbers, last four digits."""

    ids: list[int] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    phones: list[bytes] = field(default_factory=list)
    tails: list[bytes] = field(default_factory=list)


def sought(texts: Iterable[str]) -> Sought:
    """Read texts; nothing is searched by part, so every one is an index look-up."""
    found = Sought()
    for text in dict.fromkeys(text.strip()[:64] for text in texts):
        if ours := _OUR_NUMBER.fullmatch(text):
            found.ids.append(min(int(ours[1]), _BIGINT - 1))
        found.numbers.append(text)
        digits = "".join(c for c in text if c.isascii() and c.isdigit())
        if len(digits) == 4 and digits == text:
            found.tails.append(blind_index("phone-tail", digits))
        elif 7 <= len(digits) <= 14 and re.fullmatch(r"[+\d -]+", text):
            found.phones.append(blind_index("phone", digits[-11:]))
    return found


def cursor_of(row_id: int, at: datetime | None) -> str:
    """The key after which the next page begins."""
    return str(row_id) if at is None else f"{row_id}.{int(at.timestamp() * 1_000_000)}"


def read_cursor(text: str) -> tuple[int | None, datetime | None]:
    """A cursor's id and moment; one that makes no sense begins at the beginning."""
    row_id, _, micros = text.partition(".")
    if not (row_id.isascii() and row_id.isdecimal() and len(row_id) < 19):
        return None, None
    if not (micros.isascii() and micros.isdecimal() and len(micros) < 18):
        return int(row_id), None
    try:
        return int(row_id), datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(micros))
    except OverflowError:
        return None, None

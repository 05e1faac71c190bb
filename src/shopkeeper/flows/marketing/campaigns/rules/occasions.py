"""The trade's year by rule: festivals (solar, lunar, "second Sunday of May"), platform dates, seasons.

Lunar days come from a small table of our own; in a year it does not know they are left out, everything else stays.
Platform dates follow the habit of the last years: the platform's own notice counts, and a campaign's dates are typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SUNDAY = 6


class OccasionKind(StrEnum):
    FESTIVAL = "festival"
    PLATFORM = "platform"
    SEASON = "season"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occasion of a year, both days counted."""

    key: str
    kind: OccasionKind
    year: int
    first: date
    last: date

    @property
    def origin(self) -> str:
        """What a campaign that came of it remembers."""
        return f"occasion:{self.key}:{self.year}"


LUNAR: dict[int, dict[str, date]] = {
    2025: {
        "spring_festival": date(2025, 1, 29),
        "lantern": date(2025, 2, 12),
        "dragon_boat": date(2025, 5, 31),
        "qixi": date(2025, 8, 29),
        "mid_autumn": date(2025, 10, 6),
        "double_ninth": date(2025, 10, 29),
    },
    2026: {
        "spring_festival": date(2026, 2, 17),
        "lantern": date(2026, 3, 3),
        "dragon_boat": date(2026, 6, 19),
        "qixi": date(2026, 8, 19),
        "mid_autumn": date(2026, 9, 25),
        "double_ninth": date(2026, 10, 18),
    },
    2027: {
        "spring_festival": date(2027, 2, 6),
        "lantern": date(2027, 2, 20),
        "dragon_boat": date(2027, 6, 9),
        "qixi": date(2027, 8, 8),
        "mid_autumn": date(2027, 9, 15),
        "double_ninth": date(2027, 10, 8),
    },
}
# (key, kind, first month and day, last month and day)
_FIXED: tuple[tuple[str, OccasionKind, tuple[int, int], tuple[int, int]], ...] = (
    ("new_year", OccasionKind.FESTIVAL, (1, 1), (1, 1)),
    ("valentine", OccasionKind.FESTIVAL, (2, 14), (2, 14)),
    ("spring_launch", OccasionKind.SEASON, (3, 1), (3, 31)),
    ("women", OccasionKind.PLATFORM, (3, 4), (3, 8)),
    ("labour", OccasionKind.FESTIVAL, (5, 1), (5, 5)),
    ("five_twenty", OccasionKind.FESTIVAL, (5, 20), (5, 20)),
    ("children", OccasionKind.FESTIVAL, (6, 1), (6, 1)),
    ("mid_year", OccasionKind.PLATFORM, (5, 31), (6, 20)),
    ("summer_launch", OccasionKind.SEASON, (6, 21), (7, 31)),
    ("back_to_school", OccasionKind.SEASON, (8, 20), (9, 5)),
    ("autumn_launch", OccasionKind.SEASON, (8, 25), (9, 25)),
    ("nine_nine", OccasionKind.PLATFORM, (9, 7), (9, 9)),
    ("teacher", OccasionKind.FESTIVAL, (9, 10), (9, 10)),
    ("national", OccasionKind.FESTIVAL, (10, 1), (10, 7)),
    ("double_eleven", OccasionKind.PLATFORM, (10, 20), (11, 11)),
    ("winter_launch", OccasionKind.SEASON, (11, 15), (12, 5)),
    ("double_twelve", OccasionKind.PLATFORM, (12, 9), (12, 12)),
    ("christmas", OccasionKind.FESTIVAL, (12, 24), (12, 25)),
)
FAIR_BEGINS, FAIR_ENDS = timedelta(days=30), timedelta(days=8)  # before Spring Festival


def occasions_of(year: int) -> list[Occasion]:
    """All occasions of a year by their first day. One belongs to the year it ends in."""
    found = [Occasion(key, kind, year, date(year, *first), date(year, *last)) for key, kind, first, last in _FIXED]
    found += [Occasion(key, OccasionKind.FESTIVAL, year, day, day) for key, day in LUNAR.get(year, {}).items()]
    found += list(_moving(year))
    new_year = LUNAR.get(year, {}).get("spring_festival")
    if new_year:
        found.append(
            Occasion("new_year_fair", OccasionKind.PLATFORM, year, new_year - FAIR_BEGINS, new_year - FAIR_ENDS)
        )
    return sorted(found, key=lambda one: (one.first, one.last, one.key))


def occasions_between(first: date, last: date) -> list[Occasion]:
    """Occasions that touch a span of days, both counted."""
    found = [one for year in range(first.year, last.year + 2) for one in occasions_of(year)]
    return [one for one in found if one.first <= last and one.last >= first]


def occasion_of(key: str, year: int) -> Occasion | None:
    return next((one for one in occasions_of(year) if one.key == key), None)


def _moving(year: int) -> Iterator[Occasion]:
    """Days that are counted out each year."""
    for key, month, which in (("mother", 5, 2), ("father", 6, 3)):
        day = _sunday(year, month, which)
        yield Occasion(key, OccasionKind.FESTIVAL, year, day, day)
    qingming = date(year, 4, 4 if year % 4 in (0, 1) else 5)  # the sun's place; good to the end of this century's half
    yield Occasion("qingming", OccasionKind.FESTIVAL, year, qingming, qingming)


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7 + 7 * (which - 1))

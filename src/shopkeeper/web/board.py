"""The page kind Board: live tiles that each name their source and age and lead to their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T, unit_for
from shopkeeper.web.rendering import render_page
from shopkeeper.web.shown import big, money_parts

BIG_MONEY = 10_000
SPARK_WIDTH, SPARK_HEIGHT = 72, 26


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure. `at` is the business time it was true, `spark` its last values, oldest first, from zero."""

    title: T
    value: int | float | str | Money
    unit: T | str = ""
    url: str = ""
    tone: str = ""
    note: T | str = ""
    source: T | str = ""
    at: datetime | None = None
    spark: Sequence[float] = ()

    @property
    def is_money(self) -> bool:
        return isinstance(self.value, Money)

    @property
    def sign(self) -> str:
        return money_parts(self.value)[0] if isinstance(self.value, Money) else ""

    @property
    def said(self) -> str:
        """A sum of money as people say it: 347.45, and from ten thousand on 352.7万."""
        if not isinstance(self.value, Money):
            return ""
        whole = abs(self.value.minor) / 100
        return big(whole) if whole >= BIG_MONEY else money_parts(self.value)[1]

    @property
    def said_unit(self) -> T | str:
        return unit_for(self.value, self.unit) if isinstance(self.unit, T) else self.unit

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, int | float)

    @property
    def points(self) -> str:
        """The sparkline's points; its floor is zero, so that a small change looks small."""
        top = max([*self.spark, 1e-9])
        step = SPARK_WIDTH / max(len(self.spark) - 1, 1)
        return " ".join(
            f"{i * step:.1f},{SPARK_HEIGHT - value / top * (SPARK_HEIGHT - 2) - 1:.1f}"
            for i, value in enumerate(self.spark)
        )


def render_board(
    request: HttpRequest,
    template: str,
    *,
    title: T,
    tiles: Sequence[Tile],
    clause: str = "",
    live: str = "",
    **context: Any,
) -> HttpResponse:
    """Render a board; with `live` it refreshes itself when that desk's events happen."""
    view = {"title": title, "tiles": tiles, "clause": clause, "live": live, **context}
    return render_page(request, template, view)

"""How shops were served over spans of any length: a summary's figures, for whoever looks at a span and not at a day."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.products.listing.models import Sku
from shopkeeper.flows.service.feedback.rules.problems import ABOUT_CARRIAGE, ABOUT_GOODS
from shopkeeper.flows.service.feedback.sql import days as sql


@dataclass(frozen=True, slots=True)
class ShopSpan:
    """A shop's time; `number` is the asker's own."""

    number: int
    shop_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class SpanProblem:
    """A frequent problem; `goods` by name, `courier` by code."""

    kind: str
    goods: str
    courier: str
    tickets: int


@dataclass(frozen=True, slots=True)
class SpanFigures:
    tickets: int
    orders_paid: int
    first_asked: int
    first_in_time: int
    stars: tuple[int, int, int, int, int]
    problems: tuple[SpanProblem, ...]


def span_figures(spans: Sequence[ShopSpan], most_problems: int) -> dict[int, SpanFigures]:
    """The figures of spans by their number, in five statements however many they are. It asks nobody's rights."""
    if not spans:
        return {}
    given: dict[str, list[object]] = {
        "numbers": [span.number for span in spans],
        "shops": [span.shop_id for span in spans],
        "befores": [span.since for span in spans],
        "sinces": [span.since for span in spans],
        "untils": [span.until for span in spans],
    }
    tickets = Counter[int]()
    for row in sql.OPENED.rows(**given):
        tickets[row.n] += row.tickets
    rated = {row.n: (row.one, row.two, row.three, row.four, row.five) for row in sql.RATED.rows(**given)}
    problems = _problems(given, most_problems)
    return {
        row.n: SpanFigures(
            tickets[row.n],
            row.orders_paid,
            row.first_asked,
            row.first_in_time,
            rated.get(row.n, (0, 0, 0, 0, 0)),
            tuple(problems[row.n]),
        )
        for row in sql.COUNTS.rows(**given)
    }


def _problems(given: dict[str, list[object]], most: int) -> dict[int, list[SpanProblem]]:
    rows = sql.PROBLEMS.rows(
        **given, mosts=[most] * len(given["numbers"]), goods=list(ABOUT_GOODS), carriage=list(ABOUT_CARRIAGE)
    )
    skus = {row.sku_id for row in rows if row.sku_id}
    names = {sku.pk: f"{sku.code} {sku.name}" for sku in Sku.objects.filter(id__in=skus)} if skus else {}
    found: dict[int, list[SpanProblem]] = defaultdict(list)
    for row in rows:
        found[row.n].append(SpanProblem(row.kind, names.get(row.sku_id or 0, ""), row.courier, row.tickets))
    return found

"""Both sides of a ratio speak of the same shops: who bought is not held against visitors of other shops."""

from collections import defaultdict
from collections.abc import Iterable

from shopkeeper.flows.analytics.reports.rules.measures import MEASURES, source_of
from shopkeeper.flows.analytics.reports.rules.metric import Metric
from shopkeeper.flows.analytics.reports.rules.rows import rows_of
from shopkeeper.flows.analytics.reports.rules.sources import SOURCES, Scene, Table

TRAFFIC = frozenset({"visitors", "visits"})
Shops = tuple[int, ...]


def is_held_against_visitors(metric: Metric) -> bool:
    """Does it divide what orders tell by what traffic tells? Within either alone both sides have the same rows."""
    if source_of(metric.denominator or metric.numerator[0][1]) not in TRAFFIC:
        return False
    return any(source_of(name) not in TRAFFIC for _, name in metric.numerator)


def shops_unseen(scene: Scene, metric: Metric, by: str = "", seen: Iterable[int] | None = None) -> dict[object, Shops]:
    """Shops that have something on top of such a ratio and no visitors below it, by member of `by` ("" = the whole).

    `seen` are the shops whose visitors of the whole are known from elsewhere; without it, those our collector saw.
    """
    if scene.shops is not None and len(scene.shops) < 2:
        return {}
    keys = ["shop_id", *([by] if by else [])]
    known: set[tuple[int, ...]] = {(shop,) for shop in seen or ()}
    if seen is None:
        known = _keys(scene.rows("traffic"), keys)
    found: dict[object, set[int]] = defaultdict(set)
    for name in dict.fromkeys(name for _, name in metric.numerator):
        for key in _keys(_counted(scene, name), keys) - known:
            found[key[1] if by else None].add(key[0])
    return {member: tuple(sorted(shops)) for member, shops in found.items()}


def _counted(scene: Scene, name: str) -> Table:
    """The rows a measure counts."""
    table, rows = SOURCES[source_of(name)].make(scene, ()), MEASURES[name].rows
    return table if rows is None else table.filter(rows(table))


def _keys(table: Table, keys: list[str]) -> set[tuple[int, ...]]:
    return {tuple(row[key] for key in keys) for row in rows_of(table.select(*keys).distinct())}

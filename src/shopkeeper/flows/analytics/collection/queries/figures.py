"""Imported figures: set by set for the lake, and by day for people."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shopkeeper.flows.analytics.collection.models import Figure, FigureSet
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person

REPLACED = "replaced"  # the mark of a figure that the newer file no longer has


@dataclass(frozen=True, slots=True)
class FigureFact:
    """One figure as the lake keeps it. `version` is the set's id: a newer file's figure replaces an older's.

    By channel, sources of one class are added up: a visitor of two of them counts twice, as the platform counts.
    """

    shop_id: int
    source: str
    period: str
    day: date
    channel: str
    figure: str
    value: int
    version: int
    mark: str = ""


def sets_after(after: int = 0, limit: int = 500) -> list[int]:
    """Ids of figure sets taken in after one. Whoever takes in holds the shop's lock until commit, so within a shop
    ids ascend; across shops look back a little, or by the event FiguresTakenIn."""
    return list(FigureSet.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)[:limit])


def figures_of_sets(set_ids: Sequence[int]) -> list[FigureFact]:
    """The figures of sets, and with the mark "replaced" those that the set they replaced had and they have not."""
    sets = {row.pk: row for row in FigureSet.objects.filter(id__in=set_ids)}
    before = {row.replaces_id for row in sets.values() if row.replaces_id is not None}
    sums = _sums([*sets, *before])
    facts = []
    for id_, row in sorted(sets.items()):
        own = sums[id_]
        facts += [_fact(row, channel, figure, value) for (channel, figure), value in sorted(own.items())]
        gone = sums[row.replaces_id].keys() - own.keys() if row.replaces_id is not None else ()
        facts += [_fact(row, channel, figure, 0, REPLACED) for channel, figure in sorted(gone)]
    return facts


def _sums(set_ids: Sequence[int]) -> dict[int, dict[tuple[str, str], int]]:
    sums: dict[int, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for row in Figure.objects.filter(figure_set_id__in=set_ids).values_list(
        "figure_set_id", "channel", "figure", "value"
    ):
        sums[row[0]][row[1], row[2]] += row[3]
    return sums


def _fact(row: FigureSet, channel: str, figure: str, value: int, mark: str = "") -> FigureFact:
    return FigureFact(row.shop_id, row.source, row.period, row.starts_on, channel, figure, value, row.pk, mark)


@dataclass(frozen=True, slots=True)
class SetView:
    """One sheet's figures of a period, as they stood."""

    id: int
    shop_id: int
    shop: str
    source: str
    breakdown: str
    period: str
    starts_on: date
    ends_on: date
    taken_in_at: datetime
    person: str
    import_id: int | None
    is_current: bool
    figures: dict[str, dict[str, int]]  # channel as the platform calls it ("" = all) → figure → value

    @property
    def whole(self) -> dict[str, int | None]:
        """The whole shop's chief figures; none for a sheet of channels, whose visitors do not add up."""
        own = self.figures.get("", {})
        return {name: own.get(name) for name in ("visitors", "buyers", "orders", "paid_minor")}


@dataclass(frozen=True, slots=True)
class SetFilter:
    """What is asked of the list; empty fields do not narrow it."""

    shop_id: int | None = None
    breakdown: str = ""
    period: str = ""
    day: date | None = None
    with_replaced: bool = False


def sets_page(
    viewer: Actor, wanted: SetFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[SetView], str]:
    """Figure sets, newest first, and the key of the next page."""
    rows = FigureSet.objects.select_related("shop").order_by("-id")
    if viewer.shops is not None:
        rows = rows.filter(shop_id__in=viewer.shops)
    narrowing: dict[str, Any] = {
        "shop_id": wanted.shop_id,
        "breakdown": wanted.breakdown or None,
        "period": wanted.period or None,
        "starts_on": wanted.day,
        "id__lt": after,
        "replaced_at__isnull": None if wanted.with_replaced else True,
    }
    rows = rows.filter(**{name: value for name, value in narrowing.items() if value is not None})
    found = list(rows[: limit + 1])
    next_key = str(found[limit - 1].pk) if len(found) > limit else ""
    return _views(found[:limit]), next_key


def set_of(viewer: Actor, set_id: int) -> SetView | None:
    """One set of the viewer's shops."""
    row = FigureSet.objects.select_related("shop").filter(id=set_id).first()
    return _views([row])[0] if row is not None and viewer.sees_shop(row.shop_id) else None


def _views(rows: Sequence[FigureSet]) -> list[SetView]:
    people = dict(Person.objects.filter(id__in={row.taken_in_by for row in rows}).values_list("id", "name"))
    figures: dict[int, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for found in Figure.objects.filter(figure_set__in=rows).order_by("figure_set_id", "line", "id"):
        figures[found.figure_set_id][found.channel_name][found.figure] = found.value
    return [
        SetView(
            row.pk,
            row.shop_id,
            row.shop.name,
            row.source,
            row.breakdown,
            row.period,
            row.starts_on,
            row.ends_on,
            row.taken_in_at,
            people.get(row.taken_in_by, ""),
            row.figure_import_id,
            row.replaced_at is None,
            {name: dict(values) for name, values in figures[row.pk].items()},
        )
        for row in rows
    ]

"""Reads of restocking: reminders with their counters, one reminder whole, the thresholds people set."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.products.listing.models import Category, Sku
from shopkeeper.flows.products.stock.models import Reminder, RestockRule
from shopkeeper.flows.products.stock.ports import waiting_orders
from shopkeeper.flows.products.stock.queries.levels import LevelRow, levels_of_sku, skus_like
from shopkeeper.flows.products.stock.rules import with_waiting
from shopkeeper.flows.products.stock.sql import restocking as sql
from shopkeeper.flows.products.stock.states import ReminderState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.foundation.paging import moment_key, read_moment_key
from shopkeeper.shared.words import T

PUT_OFF, ORDERED = "snoozed", "ordered"
MOST_THRESHOLDS = 1_000
EXPORTED_AT_ONCE = 2_000
_COLUMNS = (
    "id", "sku_id", "sku__code", "sku__name", "sku__spec", "state", "opened_at", "due_at", "threshold", "free",
    "demand", "suggested", "arrive_by", "snoozes", "snoozed_until", "snooze_reason", "ordered_at", "ordered_quantity",
    "expected_on", "order_note", "ended_at", "ended_by", "ended_reason",
)  # fmt: skip
_DELISTED = T("商品已下架", "The SKU is delisted")


@dataclass(frozen=True, slots=True)
class ReminderFilter:
    """What is asked of the list; `state` empty means all.

    `ordered` are open ones whose pieces are still expected, `snoozed` those put off to a later day.
    """

    state: str = ""
    text: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder with the figures of the last look; pieces are of all warehouses together."""

    id: int
    sku_id: int
    code: str
    name: str
    spec: str
    state: str
    opened_at: datetime
    due_at: datetime
    threshold: int
    free: int
    demand: int
    suggested: int
    arrive_by: date
    snoozes: int
    snoozed_until: date | None
    snooze_reason: str
    ordered_at: datetime | None
    ordered_quantity: int | None
    expected_on: date | None
    order_note: str
    ended_at: datetime | None
    ended_by: int | None
    ended_reason: str
    waiting: int = 0  # pieces that waiting orders want and were not promised, as it is now
    pack_size: int = 1

    @property
    def is_open(self) -> bool:
        return self.state == ReminderState.OPEN

    @property
    def to_order(self) -> int:
        """What to order now: the suggestion of the last look, and what waiting orders lack."""
        return with_waiting(self.suggested, self.waiting, self.pack_size) if self.waiting else self.suggested

    @property
    def tone(self) -> str:
        """How the row is tinted: red where nothing is left."""
        return "red" if self.is_open and self.free <= 0 else ""

    @property
    def why_ended(self) -> str:
        return str(_DELISTED) if self.ended_reason == "delisted" else self.ended_reason


@dataclass(frozen=True, slots=True)
class Handled:
    """A person put a reminder off to a day, or noted that so many pieces were ordered for it."""

    at: datetime
    who: str
    day: date
    quantity: int | None
    note: str


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """One reminder, where the SKU lies as far as the viewer may see, what people did about it, who ended it."""

    row: ReminderRow
    levels: tuple[LevelRow, ...]
    handled: tuple[Handled, ...]
    ended_by: str


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """A threshold somebody set: of a SKU, or of a category by its path."""

    id: int
    sku_id: int | None
    category_id: int | None
    subject: str
    code: str
    threshold: int
    pack_size: int
    lead_days: int | None
    set_at: datetime
    set_by: str
    reason: str


def reminder_counts(today: date) -> dict[str, int]:
    """How many wait, are ordered, and are put off, for the list's tabs."""
    rows = Reminder.objects.filter(state=ReminderState.OPEN)
    ordered = Count("id", filter=_is_ordered(today))
    put_off = Count("id", filter=_is_put_off(today) & ~_is_ordered(today))
    found = rows.aggregate(all=Count("id"), ordered=ordered, put_off=put_off)
    waiting = found["all"] - found["ordered"] - found["put_off"]
    return {"open": waiting, ORDERED: found["ordered"], PUT_OFF: found["put_off"]}


def reminders_page(
    wanted: ReminderFilter, today: date, *, after: str = "", limit: int = 50
) -> tuple[list[ReminderRow], str]:
    """A page of reminders, what is due first, and the key of the next one ('' where there is none)."""
    rows = _matching(wanted, today)
    key = read_moment_key(after)
    if key is not None:
        due_at, reminder_id = key
        rows = rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=reminder_id))
    values = rows.order_by("due_at", "id").values_list(*_COLUMNS)[: limit + 1]
    found = _with_waiting([_row(one) for one in values])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], moment_key(last.due_at, last.id) if last else ""


def reminders_to_export(wanted: ReminderFilter, today: date) -> Iterator[ReminderRow]:
    """All matching reminders, what is due first, streamed."""
    rows = _matching(wanted, today).order_by("due_at", "id").values_list(*_COLUMNS)
    found = (_row(values) for values in rows.iterator(chunk_size=EXPORTED_AT_ONCE))
    while some := list(islice(found, EXPORTED_AT_ONCE)):
        yield from _with_waiting(some)


def matching_reminders(wanted: ReminderFilter, today: date, limit: int = 10_000) -> list[int]:
    """The open ones among what matches."""
    rows = _matching(wanted, today).filter(state=ReminderState.OPEN)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def reminder_record(viewer: Actor, reminder_id: int) -> ReminderRecord | None:
    """One reminder with the SKU's balances in the viewer's warehouses."""
    values = Reminder.objects.filter(id=reminder_id).values_list(*_COLUMNS).first()
    if values is None:
        return None
    row = _with_waiting([_row(values)])[0]
    person = Person.objects.filter(id=row.ended_by or 0).values_list("name", flat=True).first()
    handled = tuple(_handled(one) for one in sql.HANDLED.rows(reminder=reminder_id))
    return ReminderRecord(row, tuple(levels_of_sku(viewer, row.sku_id)), handled, person or "")


def _handled(row: sql.HandledRow) -> Handled:
    data = json.loads(row.data)
    if row.type == "stock.restock_ordered":
        return Handled(
            row.occurred_at, row.who, date.fromisoformat(data["expected_on"]), data["quantity"], data["note"]
        )
    return Handled(row.occurred_at, row.who, date.fromisoformat(data["until"]), None, data["reason"])


def open_reminder_of(sku_id: int) -> int | None:
    """The SKU's open reminder, if there is one."""
    return Reminder.objects.filter(sku_id=sku_id, state=ReminderState.OPEN).values_list("id", flat=True).first()


def thresholds(*, after: int = 0, limit: int = MOST_THRESHOLDS) -> list[ThresholdRow]:
    """Thresholds somebody set, those of categories first; `after` is the highest number read before."""
    rows = list(
        RestockRule.objects.filter(id__gt=after)
        .select_related("sku", "category__parent__parent")
        .order_by("id")[:limit]
    )
    names = dict(Person.objects.filter(id__in={row.set_by for row in rows}).values_list("id", "name"))
    found = [
        ThresholdRow(
            row.pk,
            row.sku_id,
            row.category_id,
            path_of(row.category) if row.category else str(row.sku and row.sku.name),
            row.sku.code if row.sku else "",
            row.threshold,
            row.pack_size,
            row.lead_days,
            row.set_at,
            names.get(row.set_by, ""),
            row.reason,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (row.category_id is None, row.subject, row.id))


def path_of(category: Category | None) -> str:
    """A category with those above it, written as a path."""
    names = []
    while category is not None:
        names.append(category.name)
        category = category.parent
    return " / ".join(reversed(names))


def category_choices() -> list[tuple[str, str]]:
    """Categories as choices of a form, by their path."""
    rows = Category.objects.filter(is_retired=False).select_related("parent__parent")
    return sorted(((str(row.pk), path_of(row)) for row in rows), key=lambda choice: choice[1])


def code_of_sku(sku_id: int) -> str:
    return Sku.objects.values_list("code", flat=True).get(id=sku_id)


def skus_under(category_ids: Collection[int]) -> list[int]:
    """SKUs that were ever stocked, of products under these categories."""
    return [row.sku_id for row in sql.SKUS_UNDER.rows(categories=list(category_ids))] if category_ids else []


def _matching(wanted: ReminderFilter, today: date) -> QuerySet[Reminder]:
    rows = Reminder.objects.all()
    if wanted.state == ORDERED:
        rows = rows.filter(_is_ordered(today), state=ReminderState.OPEN)
    elif wanted.state == PUT_OFF:
        rows = rows.filter(_is_put_off(today) & ~_is_ordered(today), state=ReminderState.OPEN)
    elif wanted.state == ReminderState.OPEN:
        rows = rows.filter(~_is_put_off(today) & ~_is_ordered(today), state=ReminderState.OPEN)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.numbers:
        return rows.filter(Q(sku__code__in=wanted.numbers) | Q(sku__barcode__in=wanted.numbers))
    return rows.filter(sku__in=skus_like(wanted.text)) if wanted.text else rows


def _is_ordered(today: date) -> Q:
    """Pieces were ordered and are still expected."""
    return Q(expected_on__isnull=False, expected_on__gte=today)


def _is_put_off(today: date) -> Q:
    return Q(snoozed_until__isnull=False, snoozed_until__gt=today)


def _with_waiting(rows: list[ReminderRow]) -> list[ReminderRow]:
    """The open ones with what orders wait for; two statements however many."""
    skus = sorted({row.sku_id for row in rows if row.is_open})
    wanted = waiting_orders().pieces_wanted(skus) if skus else {}
    if not wanted:
        return rows
    packs = {row.sku_id: row.pack_size for row in sql.PACKS.rows(skus=sorted(wanted))}
    return [
        replace(row, waiting=wanted[row.sku_id], pack_size=packs[row.sku_id])
        if row.is_open and row.sku_id in wanted
        else row
        for row in rows
    ]


def _row(values: Sequence[object]) -> ReminderRow:
    return ReminderRow(*values)  # type: ignore[arg-type]

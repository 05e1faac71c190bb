"""G2: a duty that a supervisor gives to somebody, and who may be given it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.sop.models import Deadline


@dataclass(frozen=True, slots=True)
class Duty:
    """An open duty; `holder` took it, `people` are who may do it: of its role, in its shop and warehouse."""

    id: int
    kind: str
    label: str
    role: str
    due_at: datetime
    holder: str
    people: tuple[tuple[int, str], ...]


def duty_to_assign(viewer: Actor, deadline_id: int) -> Duty | None:
    """None where it is closed, the system's own, or outside what the viewer sees."""
    row = Deadline.objects.select_related("claimed_by").filter(id=deadline_id).exclude(role="").first()
    if row is None or not (viewer.sees_shop(row.shop_id) and viewer.sees_warehouse(row.warehouse_id)):
        return None
    holder = row.claimed_by.name if row.claimed_by else ""
    return Duty(row.pk, row.kind, row.label, row.role, row.due_at, holder, _people(row))


def _people(row: Deadline) -> tuple[tuple[int, str], ...]:
    able = Person.objects.filter(is_active=True, roles__role=row.role)
    if row.shop_id is not None:
        able = able.filter(Q(all_shops=True) | Q(shops__shop_id=row.shop_id))
    if row.warehouse_id is not None:
        able = able.filter(Q(all_warehouses=True) | Q(warehouses__warehouse_id=row.warehouse_id))
    if row.claimed_by_id is not None:
        able = able.exclude(id=row.claimed_by_id)
    return tuple(able.distinct().order_by("name", "id").values_list("id", "name"))

"""Action items of reviews: lists, one, and those of a review."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from shopkeeper.flows.marketing.review.models import ActionItem, action_number
from shopkeeper.flows.marketing.review.queries.scope import in_shops, page_of, starting_at
from shopkeeper.flows.marketing.review.states import ActionState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.naming import names_of


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """What is asked of the list; empty fields do not narrow it."""

    state: str = ""
    shop_id: int | None = None
    review_id: int | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`meeting` is the number of the meeting that decided it, None where the report itself says it."""

    id: int
    review_id: int
    campaign: str
    shop_id: int
    shop: str
    meeting: int | None
    what: str
    owner_id: int
    owner: str
    role: str
    due_on: date
    due_at: datetime
    state: str
    note: str
    made_at: datetime
    ended_at: datetime | None
    ender: str

    @property
    def number(self) -> str:
        return action_number(self.id)

    @property
    def open_until(self) -> datetime | None:
        return self.due_at if self.state == ActionState.OPEN else None


def action_counts(viewer: Actor) -> dict[str, int]:
    rows = in_shops(ActionItem.objects.filter(state__in=[ActionState.PLANNED, ActionState.OPEN]), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def actions_page(
    viewer: Actor, wanted: ActionFilter, *, after: str = "", limit: int = 50
) -> tuple[list[ActionRow], str]:
    """A page of action items, newest first, and the next key."""
    rows = in_shops(ActionItem.objects.all(), viewer)
    asked = {"state": wanted.state, "shop_id": wanted.shop_id, "review_id": wanted.review_id, "owner": wanted.owner_id}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    before = starting_at(after)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found, next_key = page_of(list(_whole(rows).order_by("-id")[: limit + 1]), limit)
    return _rows(found), next_key


def action_row(viewer: Actor, action_id: int) -> ActionRow | None:
    """One action item; None where it is not in the viewer's shops."""
    found = _whole(in_shops(ActionItem.objects.filter(id=action_id), viewer)).first()
    return _rows([found])[0] if found else None


def actions_of(review_id: int) -> list[ActionRow]:
    return _rows(list(_whole(ActionItem.objects.filter(review_id=review_id)).order_by("number")))


def _whole(rows: "QuerySet[ActionItem]") -> "QuerySet[ActionItem]":
    return rows.select_related("review__campaign", "shop", "owner", "meeting")


def _rows(found: list[ActionItem]) -> list[ActionRow]:
    names = names_of({row.ended_by for row in found})
    return [
        ActionRow(
            id=row.pk,
            review_id=row.review_id,
            campaign=row.review.campaign.name,
            shop_id=row.shop_id,
            shop=row.shop.name,
            meeting=row.meeting.number if row.meeting else None,
            what=row.what,
            owner_id=row.owner_id,
            owner=row.owner.name,
            role=row.role,
            due_on=row.due_on,
            due_at=row.due_at,
            state=row.state,
            note=row.note,
            made_at=row.made_at,
            ended_at=row.ended_at,
            ender=names.get(row.ended_by or 0, ""),
        )
        for row in found
    ]

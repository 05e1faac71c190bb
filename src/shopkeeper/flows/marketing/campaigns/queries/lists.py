"""The list of campaigns, its counters, choices for forms, and what runs when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet, Sum
from django.utils.module_loading import import_string

from shopkeeper.flows.marketing.campaigns.models import BudgetItem, Campaign, CampaignTask, OwnSlot
from shopkeeper.flows.marketing.campaigns.permissions import Permission
from shopkeeper.flows.marketing.campaigns.sql import reading as sql
from shopkeeper.flows.marketing.campaigns.states import CampaignState
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person
from shopkeeper.shared.clock import at_time
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import ROLE_WORDS, Role

TABS: dict[str, tuple[str, ...]] = {
    "going": (CampaignState.LIVE,),
    "planned": (CampaignState.IDEA, CampaignState.PLANNED),
    "in_review": (CampaignState.IN_REVIEW,),
    "approved": (CampaignState.APPROVED,),
    "over": (CampaignState.ENDED, CampaignState.REVIEWED, CampaignState.CANCELLED),
}
_COLUMNS = (
    "id", "shop_id", "shop__name", "code", "name", "theme", "state", "starts_at", "ends_at", "currency",
    "goal_sales_minor", "expected_visitors", "expected_conversion_bp", "origin", "is_template", "due_at", "made_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CampaignFilter:
    """What is asked of the list; `tab` one of TABS, anything else means all."""

    tab: str = ""
    text: str = ""
    shop_id: int | None = None
    template: bool = False


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in a list. Money in minor units of its currency."""

    id: int
    shop_id: int
    shop: str
    code: str
    name: str
    theme: str
    state: str
    starts_at: datetime
    ends_at: datetime
    currency: str
    goal_sales_minor: int
    expected_visitors: int
    expected_conversion_bp: int
    origin: str
    is_template: bool
    due_at: datetime | None
    made_by: int
    planned_minor: int
    spent_minor: int

    @property
    def spent_percent(self) -> int | None:
        return self.spent_minor * 100 // self.planned_minor if self.planned_minor else None

    @property
    def tone(self) -> str:
        """How the row is tinted: amber to decide on, red where the money is nearly gone."""
        nearly = self.state == CampaignState.LIVE and (self.spent_percent or 0) >= 90
        return "red" if nearly else "amber" if self.state == CampaignState.IN_REVIEW else ""


def campaign_counts(viewer: Actor) -> dict[str, int]:
    """How many per tab."""
    rows = {row.state: row.count for row in sql.COUNTS.rows(shops=_shops(viewer))}
    return {tab: sum(rows.get(str(state), 0) for state in states) for tab, states in TABS.items()}


def campaigns_page(
    viewer: Actor, wanted: CampaignFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[CampaignLine], str]:
    """A page of campaigns, newest first, and the key of the next one ('' where there is none)."""
    rows = _seen(viewer)
    if wanted.tab in TABS:
        rows = rows.filter(state__in=[str(state) for state in TABS[wanted.tab]])
    elif wanted.tab in set(map(str, CampaignState)):
        rows = rows.filter(state=wanted.tab)
    if wanted.shop_id is not None:
        rows = rows.filter(shop_id=wanted.shop_id)
    if wanted.template:
        rows = rows.filter(is_template=True)
    if wanted.text:
        rows = rows.filter(Q(code__icontains=wanted.text) | Q(name__icontains=wanted.text))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _lines(list(rows.order_by("-id").values(*_COLUMNS)[: limit + 1]))
    return found[:limit], str(found[limit - 1].id) if len(found) > limit else ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with the campaign it is for, as it is found by its title."""

    id: int
    title: str
    campaign: str
    state: str


def tasks_called(viewer: Actor, text: str, limit: int = 5) -> list[TaskLine]:
    """Tasks of the viewer's campaigns whose title holds the text, newest first."""
    rows = CampaignTask.objects.filter(title__icontains=text)
    rows = rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)
    return [
        TaskLine(*row) for row in rows.order_by("-id").values_list("id", "title", "campaign__name", "state")[:limit]
    ]


def campaigns_between(viewer: Actor, first: date, last: date, shop_id: int | None = None) -> list[CampaignLine]:
    """Campaigns that touch a span of days, both counted, without those given up; by start."""
    since, until = at_time(first, time()), at_time(last + timedelta(days=1), time())
    rows = _seen(viewer).filter(starts_at__lt=until, ends_at__gt=since).exclude(state=CampaignState.CANCELLED)
    rows = rows if shop_id is None else rows.filter(shop_id=shop_id)
    return _lines(list(rows.order_by("starts_at", "id").values(*_COLUMNS)))


def origins_taken(viewer: Actor, shop_id: int, origins: Sequence[str]) -> dict[str, int]:
    """Which ideas a shop has taken up already: origin → campaign."""
    rows = _seen(viewer).filter(shop_id=shop_id, origin__in=origins).exclude(state=CampaignState.CANCELLED)
    return dict(rows.order_by("-id").values_list("origin", "id"))


def own_slot_choices(shop_id: int) -> list[tuple[str, str]]:
    rows = OwnSlot.objects.filter(shop_id=shop_id).order_by("name")
    return [(str(id_), name) for id_, name in rows.values_list("id", "name")]


def approver_roles() -> list[T]:
    """The roles that may approve a plan, as the house has given them out."""
    permissions_of = import_string(settings.SHOPKEEPER_ROLE_PERMISSIONS)
    return [ROLE_WORDS[role] for role in Role if Permission.CAMPAIGN_APPROVE in permissions_of([role])]


def person_choices() -> list[tuple[str, str]]:
    """People who may own a task, by name."""
    return [(str(id_), name) for id_, name in _people()]


def _people() -> list[tuple[int, str]]:
    return list(Person.objects.filter(is_active=True).order_by("name", "id").values_list("id", "name"))


def _shops(viewer: Actor) -> list[int] | None:
    return None if viewer.shops is None else sorted(viewer.shops)


def _seen(viewer: Actor) -> QuerySet[Any]:
    rows = Campaign.objects.all()
    return rows if viewer.shops is None else rows.filter(shop_id__in=viewer.shops)


def _lines(values: list[dict[str, Any]]) -> list[CampaignLine]:
    money = {
        row["campaign_id"]: (row["planned"], row["spent"])
        for row in BudgetItem.objects.filter(campaign_id__in=[v["id"] for v in values])
        .values("campaign_id")
        .annotate(planned=Sum(F("planned_minor") + F("raised_minor")), spent=Sum("spent_minor"))
    }
    return [
        CampaignLine(
            **{name: value for name, value in row.items() if name != "shop__name"},
            shop=row["shop__name"],
            planned_minor=money.get(row["id"], (0, 0))[0],
            spent_minor=money.get(row["id"], (0, 0))[1],
        )
        for row in values
    ]

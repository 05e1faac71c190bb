"""The page kind Work list: what the procedure asks of somebody now, grouped by when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from shopkeeper.shared.clock import day_of
from shopkeeper.shared.words import T
from shopkeeper.web.record import Action
from shopkeeper.web.rendering import render_page

MY_WORK = T("我的工作", "My work")
GROUPS: tuple[tuple[str, T, str], ...] = (
    ("overdue", T("已超时", "Overdue"), "red"),
    ("hour", T("一小时内", "Within the hour"), "amber"),
    ("today", T("今天", "Today"), "blue"),
    ("later", T("以后", "Later"), "grey"),
    ("not_yet", T("还没到时候", "Cannot be done yet"), "grey"),
    ("overseen", T("其他岗位上报，由你督办", "Of other roles, escalated to you"), "amber"),
)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line: what, which record, clause, countdown, the one action; `more` = take, hand over, …

    `opens_at` = not before then; `waits_for` = what opens it earlier; `note` = why it was handed over.
    `is_overseen` = somebody else's duty that was escalated; `whose` names their role.
    """

    id: int
    what: T | str
    record: str
    url: str
    clause: str
    due_at: datetime
    opens_at: datetime | None = None
    waits_for: T | None = None
    place: str = ""
    holder: str = ""
    is_mine: bool = False
    is_overseen: bool = False
    whose: str = ""
    note: str = ""
    action: Action | None = None
    more: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkGroup:
    key: str
    label: T
    tone: str
    items: list[WorkItem]


def grouped(items: Sequence[WorkItem], now: datetime) -> list[WorkGroup]:
    """Group by due time: overdue, next hour, today (the shop's day), later; then what cannot be done yet, and what is
    escalated from others.

    In a group the soonest stands first; empty groups are left out.
    """
    sorted_items: dict[str, list[WorkItem]] = {key: [] for key, _, _ in GROUPS}
    for item in sorted(items, key=lambda i: (i.due_at, i.id)):
        sorted_items[_group_of(item, now)].append(item)
    return [WorkGroup(key, label, tone, sorted_items[key]) for key, label, tone in GROUPS if sorted_items[key]]


def _group_of(item: WorkItem, now: datetime) -> str:
    if item.is_overseen:
        return "overseen"
    if item.opens_at and item.opens_at > now:  # late or not: nobody can do it now, and the counter says so, too
        return "not_yet"
    if item.due_at < now:
        return "overdue"
    if item.due_at <= now + timedelta(hours=1):
        return "hour"
    return "today" if day_of(item.due_at) == day_of(now) else "later"


def render_worklist(
    request: HttpRequest,
    items: Sequence[WorkItem],
    now: datetime,
    *,
    template: str = "web/worklist.html",
    title: T = MY_WORK,
    clause: str = "G2",
    live: str = "sop",
    **context: Any,
) -> HttpResponse:
    """Render the work list; it refreshes itself when deadlines move."""
    view = {"groups": grouped(items, now), "title": title, "clause": clause, "live": live, "count": len(items)}
    return render_page(request, template, {**view, **context})

"""What somebody new is told first: the clauses that are theirs, and where each of them is done."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.clauses import CLAUSES, Clause
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.models import FirstVisit
from shopkeeper.web.pages import PAGES, Page

MOST_CLAUSES = 12
MOST_SHARING = 3  # a duty that more roles than these may be given is nobody's own


@dataclass(frozen=True, slots=True)
class OwnClause:
    """A clause of the viewer's; `page` is where it is done, None where they open none of it."""

    clause: Clause
    page: Page | None

    @property
    def url(self) -> str:
        return reverse(self.page.name) if self.page else reverse("sop-clause", args=[self.clause.id])


def is_new(viewer: Actor) -> bool:
    """Whether the panel is still to be shown above the work list."""
    return not FirstVisit.objects.filter(person_id=viewer.id).exists()


def own_clauses(viewer: Actor) -> list[OwnClause]:
    """The clauses that name the viewer's roles, then those that only give them duties; each with its first page in
    the menu, else with that of the clauses beside it."""
    sharing = Counter(kind.title.zh for kind in KINDS.values() if kind.role)
    own = [kind for kind in KINDS.values() if kind.role in viewer.roles and sharing[kind.title.zh] <= MOST_SHARING]
    due = {kind.clause for kind in own}
    named = [clause for clause in CLAUSES.values() if set(clause.owners) & viewer.roles]
    mine = named + [clause for clause in CLAUSES.values() if clause.id in due and clause not in named]
    return [OwnClause(clause, _page_of(viewer, clause)) for clause in mine[:MOST_CLAUSES]]


def _page_of(viewer: Actor, clause: Clause) -> Page | None:
    beside = f"{clause.id.rpartition('.')[0]}." if "." in clause.id else ""
    return _first(viewer, lambda page: page.clause == clause.id) or (
        _first(viewer, lambda page: page.clause.startswith(beside)) if beside else None
    )


def _first(viewer: Actor, fits: Callable[[Page], bool]) -> Page | None:
    found = [page for page in PAGES.values() if fits(page) and page.menu and viewer.may(page.permission)]
    return min(found, key=lambda page: (page.menu.order if page.menu else 0, page.name), default=None)

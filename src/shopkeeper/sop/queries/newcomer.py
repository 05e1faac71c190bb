"""What somebody new is told first: the clauses that are theirs, and where each of them is done."""

from dataclasses import dataclass

from django.urls import reverse

from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.clauses import CLAUSES, Clause
from shopkeeper.sop.models import FirstVisit
from shopkeeper.web.pages import PAGES, Page

MOST_CLAUSES = 12


@dataclass(frozen=True, slots=True)
class OwnClause:
    """A clause that names one of the viewer's roles; `page` is where it is done, None where they open none of it."""

    clause: Clause
    page: Page | None

    @property
    def url(self) -> str:
        return reverse(self.page.name) if self.page else reverse("sop-clause", args=[self.clause.id])


def is_new(viewer: Actor) -> bool:
    """Whether the panel is still to be shown above the work list."""
    return not FirstVisit.objects.filter(person_id=viewer.id).exists()


def own_clauses(viewer: Actor) -> list[OwnClause]:
    """The clauses of the viewer's roles in the order of the procedure, each with its first page in the menu."""
    mine = [clause for clause in CLAUSES.values() if set(clause.owners) & viewer.roles]
    return [OwnClause(clause, _page_of(viewer, clause)) for clause in mine[:MOST_CLAUSES]]


def _page_of(viewer: Actor, clause: Clause) -> Page | None:
    found = [page for page in PAGES.values() if page.clause == clause.id and page.menu and viewer.may(page.permission)]
    return min(found, key=lambda page: (page.menu.order if page.menu else 0, page.name), default=None)

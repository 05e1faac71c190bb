"""G2: the first visit: what this house does, what is mine, how to move about. Always found again in one's own menu."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from shopkeeper.sop.commands.end_first_visit import EndFirstVisit, end_first_visit
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.queries.newcomer import own_clauses
from shopkeeper.sop.queries.work import work_counts
from shopkeeper.web.pages import Request, may_open, page, render_page


@page("start/", name="sop-start", clause="G2", permission=Permission.WORK_VIEW)
def start(request: Request) -> HttpResponse:
    """The panel as a page of its own, for whoever wants it back."""
    return render_page(request, "sop/start.html", {"start": panel_of(request.actor)})


@page("start/end/", name="sop-start-end", clause="G2", permission=Permission.WORK_VIEW, methods=("POST",))
def end(request: Request) -> HttpResponse:
    """Put the panel away and go to the work."""
    end_first_visit(request.actor, [EndFirstVisit()])
    return HttpResponseRedirect(reverse("sop-work"))


def panel_of(viewer: Actor) -> dict[str, Any]:
    """What the panel shows: own work and clauses, and which pages of the procedure the viewer may open."""
    return {
        "counts": work_counts(viewer, business_time.now(), with_overseen=True),
        "clauses": own_clauses(viewer),
        "may_read": may_open(viewer, "sop-procedure"),
        "may_see_board": may_open(viewer, "sop-board"),
    }

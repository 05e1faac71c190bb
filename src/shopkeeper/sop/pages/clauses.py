"""G1: a clause of the procedure: what it says, who answers for it, where its work is, how it went."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.clauses import CLAUSES, Clause
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.models import ClauseOwner
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.policy import POLICY_KEYS, read_policies
from shopkeeper.sop.queries.compliance import clause_counts
from shopkeeper.sop.queries.policy import said
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.web.pages import PAGES, MenuEntry, Request, page, render_page


@page("procedure/<str:clause_id>/", name="sop-clause", clause="G1", permission=Permission.COMPLIANCE_VIEW)
def clause(request: Request, clause_id: str) -> HttpResponse:
    """One clause; opens in the side sheet from every strip that names it."""
    found = CLAUSES.get(clause_id)
    if found is None:
        raise Http404(clause_id)
    now = business_time.now()
    counts = clause_counts(request.actor, now - timedelta(days=30), now + timedelta(seconds=1)).get(clause_id)
    value = read_policies()
    owners = ClauseOwner.objects.filter(clause=clause_id).select_related("shop", "owner", "deputy")
    return render_page(
        request,
        "sop/clause.html",
        {
            "clause": found.id,
            "found": found,
            "owners": owners_of(found),
            "named": [row for row in owners if request.actor.sees_shop(row.shop_id)],
            "counts": counts,
            "duties": _duties(clause_id),
            "watches": [k for k in KINDS.values() if k.clause == clause_id and not k.role and k.title.zh],
            "policies": [
                (key.label, said(key, value(key.name))) for key in POLICY_KEYS.values() if key.clause == clause_id
            ],
            "pages": [
                (entry.menu.label, reverse(entry.name))
                for entry in PAGES.values()
                if entry.clause == clause_id and entry.menu and request.actor.may(entry.permission)
            ],
            "commands": sorted(c.name for c in COMMANDS.values() if c.clause == clause_id),
        },
    )


def owners_of(clause: Clause) -> str:
    """The roles that answer for a clause."""
    return listed(ROLE_WORDS[owner] for owner in clause.owners) or str(ROLE_WORDS["system"])


def _duties(clause_id: str) -> list[dict[str, object]]:
    """What of a clause is somebody's work with a deadline; a duty that several roles share is named once."""
    by_title: dict[str, tuple[T, list[T]]] = {}
    for kind in KINDS.values():
        if kind.clause == clause_id and kind.role and kind.title.zh:
            by_title.setdefault(kind.title.zh, (kind.title, []))[1].append(ROLE_WORDS[kind.role])
    return [{"title": title, "role": listed(roles)} for title, roles in by_title.values()]


@page(
    "procedure/",
    name="sop-procedure",
    clause="G1",
    permission=Permission.COMPLIANCE_VIEW,
    menu=MenuEntry(T("规程条款", "Clauses"), section="procedure", order=2),
)
def procedure(request: Request) -> HttpResponse:
    """The whole procedure at a glance."""
    rows = [(clause, owners_of(clause)) for clause in CLAUSES.values()]
    with_pages = {entry.clause for entry in PAGES.values()} & {c.clause for c in COMMANDS.values()}
    return render_page(request, "sop/procedure.html", {"rows": rows, "running": with_pages})

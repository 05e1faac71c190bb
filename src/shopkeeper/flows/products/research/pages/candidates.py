"""P1.2 on screen: candidates, one form for new and known ones."""

from django.http import Http404, HttpResponse

from shopkeeper.flows.products.research.commands.propose_candidates import (
    DropCandidate,
    ProposeCandidate,
    drop_candidates,
    propose_candidates,
)
from shopkeeper.flows.products.research.permissions import Permission
from shopkeeper.flows.products.research.queries import selection as queries
from shopkeeper.flows.products.research.queries.selection import CandidateRow
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import BulkAction, Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page

CANDIDATES = Listing(
    key="candidates",
    title=T("候选商品", "Candidates"),
    clause="P1.2",
    record="research-candidate",
    columns=(
        Column("name", T("候选商品", "Candidate"), always=True),
        Column("category", T("类目", "Category")),
        Column("keyword", T("核心词", "Keyword")),
        Column("price", T("拟售价", "Price"), align="end"),
        Column("competitor", T("竞品价", "Competitor"), align="end"),
        Column("cost", T("成本", "Cost"), align="end"),
        Column("margin", T("毛利率", "Margin"), align="end"),
        Column("sales", T("预计月销", "Monthly sales"), align="end"),
        Column("turnover", T("周转天数", "Turnover"), align="end"),
        Column("source", T("来源", "Source")),
    ),
    tabs=(
        Tab("open", T("待评选", "Open"), tone="amber"),
        Tab("drafted", T("已建商品", "Drafted"), counted=False),
        Tab("dropped", T("已放弃", "Dropped"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    search=T("名称 / 编码 / 核心词", "Name / code / keyword"),
    bulk=(
        BulkAction(
            "drop", T("放弃", "Drop"), url="research-drop", icon="trash", tone="red", ask=T("为什么放弃？", "Why?")
        ),
    ),
    live="research",
)


@page(
    "candidates/",
    name="research-candidates",
    clause="P1.2",
    permission=Permission.RESEARCH_VIEW,
    menu=MenuEntry(T("候选商品", "Candidates"), section="products", order=14),
)
def candidates(request: Request) -> HttpResponse:
    asked = CANDIDATES.read(request)
    if asked.counting:
        return CANDIDATES.counters(request, queries.candidate_counts(request.actor))
    after = asked.after_id or 0
    rows, next_key = queries.candidates(request.actor, tab=asked.tab, text=asked.text, after=after, limit=asked.limit)
    may_edit = request.actor.may(Permission.CANDIDATE_EDIT)
    return CANDIDATES.render(
        request, asked, "research/candidates.html", rows=rows, next_key=next_key, may_edit=may_edit
    )


@page(
    "candidates/new/",
    name="research-candidate-new",
    clause="P1.2",
    permission=Permission.CANDIDATE_EDIT,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    return _form(request, None)


@page(
    "candidates/<int:candidate_id>/",
    name="research-candidate",
    clause="P1.2",
    permission=Permission.CANDIDATE_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, candidate_id: int) -> HttpResponse:
    row = queries.candidate(request.actor, candidate_id)
    if row is None:
        raise Http404
    return _form(request, row)


def _form(request: Request, row: CandidateRow | None) -> HttpResponse:
    return submit(
        request,
        propose_candidates,
        ProposeCandidate,
        template="research/candidate.html",
        done=T("候选已保存", "The candidate is saved"),
        context={"title": T("候选商品", "Candidate"), "row": row},
        initial=_values(row) if row else {},
        extra={"code": row.code} if row else {},
        to="research-candidates",
    )


def _values(row: CandidateRow) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(row, name) for name in ProposeCandidate.__dataclass_fields__}
    for name in ("cost_minor", "competitor_minor", "price_minor"):
        minor = getattr(row, name)
        values[name] = "" if minor is None else f"{minor / 100:.2f}"
    return values


@page(
    "candidates/drop/",
    name="research-drop",
    clause="P1.2",
    permission=Permission.CANDIDATE_EDIT,
    methods=("POST",),
)
def drop(request: Request) -> HttpResponse:
    chosen = CANDIDATES.chosen(request)
    ids, asked = chosen.ids, chosen.asked
    if chosen.all_matching:
        ids = queries.matching_candidates(request.actor, tab=asked.tab, text=asked.text)
    outcomes = run_once(request, drop_candidates, [DropCandidate(id_, chosen.reason) for id_ in ids])
    return answer_outcomes(request, outcomes, done=T("已放弃 {n} 个候选", "{n:# candidate|# candidates} dropped"))

"""D1.1 on screen: how fresh, how complete and how much at odds each source is; which tools are asked for every day."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.analytics.collection.commands.keep_sources import (
    AddSource,
    RetireSource,
    add_figure_sources,
    retire_figure_sources,
)
from shopkeeper.flows.analytics.collection.permissions import Permission
from shopkeeper.flows.analytics.collection.queries.deliveries import deliveries_page, sources_of
from shopkeeper.flows.analytics.collection.queries.quality import DAYS, Quality, data_quality
from shopkeeper.flows.analytics.collection.states import IMPORTED, FigureOrigin
from shopkeeper.flows.analytics.collection.words import LABELS, RULES_OF_SOURCES
from shopkeeper.flows.fulfilment.intake.queries.scope import shop_choices
from shopkeeper.foundation import business_time
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action


@page(
    "quality/",
    name="collection-quality",
    clause="D1.1",
    permission=Permission.COLLECTION_VIEW,
    menu=MenuEntry(T("数据质量", "Data quality"), section="data", order=65),
)
def quality(request: Request) -> HttpResponse:
    """Every source of every shop of the viewer's, worst to be seen at a glance."""
    now = business_time.now()
    found = data_quality(request.actor, now)
    may_keep = request.actor.may(Permission.SOURCE_KEEP)
    deliveries, _ = deliveries_page(request.actor, limit=14)
    return render_board(
        request,
        "collection/quality.html",
        title=T("数据质量", "Data quality"),
        tiles=_tiles(found),
        clause="D1.1",
        live="collection",
        found=found,
        days=DAYS,
        deliveries=deliveries,
        rules=[(LABELS[FigureOrigin][source].text, RULES_OF_SOURCES[source]) for source in FigureOrigin],
        asked=_asked(request) if may_keep else [],
        may_take_in=request.actor.may(Permission.FIGURES_TAKE_IN),
    )


def _tiles(found: Sequence[Quality]) -> list[Tile]:
    now = business_time.now()
    stale = sum(one.is_stale for one in found)
    source = T("各来源", "All sources")
    imported = [one for one in found if one.source in IMPORTED]
    complete, of = sum(one.complete for one in imported), sum(one.complete_of for one in imported)
    return [
        Tile(T("来源", "Sources"), len(found), source=source, at=now),
        Tile(T("不新鲜", "Stale"), stale, tone="red" if stale else "green", source=source, at=now),
        Tile(
            T("平台数据到位", "Platform figures in"),
            f"{complete}/{of}" if of else "–",
            T("天", "days"),
            tone="amber" if complete < of else "green" if of else "",
            note=T("其中 {n} 天迟到", "{n} of them late").format(n=sum(one.late for one in imported)),
            source=source,
            at=now,
        ),
        Tile(
            T("待核对差异", "To reconcile"),
            sum(one.open_cases for one in found),
            url=reverse("collection-disagreements"),
            tone="amber" if any(one.open_cases for one in found) else "green",
            source=source,
            at=now,
        ),
    ]


def _asked(request: Request) -> list[tuple[str, T, bool, Action]]:
    """For each shop and tool: whether its figures are asked for every day, and the action that changes it."""
    known = {(one.shop_id, one.source): one for one in sources_of(request.actor)}
    rows = []
    for key, name in shop_choices(request.actor):
        for source in sorted(IMPORTED):
            one = known.get((int(key), str(source)))
            is_asked = one is not None and not one.is_retired
            if one is not None and is_asked:
                url = reverse("collection-source-retire")
                action = Action(T("停用", "Stop"), url, {"source_id": one.id}, icon="x")
            else:
                url = reverse("collection-source-add")
                fields: dict[str, Any] = {"shop_id": int(key), "source": str(source)}
                action = Action(T("每日导入", "Ask every day"), url, fields, icon="plus")
            rows.append((name, LABELS[FigureOrigin][source].text, is_asked, action))
    return rows


@page(
    "sources/add/",
    name="collection-source-add",
    clause="D1.1",
    permission=Permission.SOURCE_KEEP,
    methods=("POST",),
)
def add_source(request: Request) -> HttpResponse:
    words = T("从今天起每天要求导入", "Asked for every day from today")
    return _run(request, add_figure_sources, read_form(request.POST, AddSource).item, words)


@page(
    "sources/retire/",
    name="collection-source-retire",
    clause="D1.1",
    permission=Permission.SOURCE_KEEP,
    methods=("POST",),
)
def retire_source(request: Request) -> HttpResponse:
    words = T("不再每天要求导入", "No longer asked for")
    return _run(request, retire_figure_sources, read_form(request.POST, RetireSource).item, words)


def _run(request: Request, command: Command[Any], item: Any, words: T) -> HttpResponse:
    outcomes = run_once(request, command, [item] if item is not None else [])
    return answer_outcomes(request, outcomes, done=words, to="collection-quality")

"""The warehouse board: what waits by when it must leave, waves in hand, what goes wrong."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.fulfilment.warehouse import queries
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission
from shopkeeper.flows.fulfilment.warehouse.queries.board import BUCKETS, STAGES
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action

BUCKET_WORDS = {
    "overdue": (T("已超时", "Overdue"), "red"),
    "soon": (T("2 小时内", "Within 2 h"), "amber"),
    "today": (T("今天", "Today"), ""),
    "tomorrow": (T("明天", "Tomorrow"), ""),
    "later": (T("以后", "Later"), ""),
    "none": (T("未要求", "No limit"), ""),
}
STAGE_WORDS = {
    "released": T("待配货", "To pick"),
    "picking": T("拣货中", "Picking"),
    "to_pack": T("待打包", "To pack"),
    "packed": T("待交运", "To hand over"),
}
ORDERS = T("单", "orders")
SOURCE = T("仓储台", "Warehouse desk")


@page(
    "",
    name="warehouse-board",
    clause="O2.1",
    permission=Permission.WAVE_VIEW,
    menu=MenuEntry(T("仓储看板", "Warehouse board"), section="warehouse", order=10),
)
def board(request: Request) -> HttpResponse:
    """Backlog by ship-by cut-off, waves, exceptions; `?warehouse=` narrows it to one."""
    asked = request.GET.get("warehouse", "")
    chosen = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = queries.board(request.actor, business_time.now(), chosen)
    return render_board(
        request,
        "warehouse/board.html",
        title=T("仓储看板", "Warehouse board"),
        clause="O2.1",
        live="warehouse",
        tiles=_tiles(found),
        board=found,
        chosen=chosen,
        backlog=_backlog(found),
        stages=[(STAGE_WORDS[stage], found.in_stage(stage)) for stage in STAGES],
        release=[(place, _release(place)) for place in found.waiting],
        may_release=request.actor.may(Permission.WAVE_RELEASE),
    )


def _tiles(found: queries.Board) -> list[Tile]:
    waves, queue = reverse("warehouse-waves"), reverse("warehouse-queue")
    states = found.states
    overdue = found.in_bucket("overdue")
    packing = sum(states.get(state, 0) for state in ("to_pack", "packing", "repicking"))
    short = T("缺 {short} 件，残次 {failed} 件", "{short} missing, {failed} failed")
    return [
        Tile(
            T("超过发货截止", "Past ship-by"), overdue, ORDERS,
            tone="red" if overdue else "", source=SOURCE, at=found.now,
        ),
        Tile(
            T("待配货", "To pick"), found.in_stage("released"), ORDERS,
            tone="amber" if found.waiting else "", source=SOURCE, at=found.now,
        ),
        Tile(
            T("拣货中", "Picking"), found.in_stage("picking"), ORDERS, f"{waves}?tab=picking",
            source=SOURCE, at=found.now,
        ),
        Tile(
            T("待打包", "To pack"), packing, ORDERS, f"{queue}?tab=to_pack", source=SOURCE, at=found.now,
            note=T("验货中 {n} 单", "{n} on a station").format(n=states.get("packing", 0)),
        ),
        Tile(
            T("待交运", "To hand over"), found.in_stage("packed"), ORDERS, reverse("warehouse-hand-over"),
            tone="amber" if found.unlabelled else "", source=SOURCE, at=found.now, note=_packed(found),
        ),
        Tile(
            T("待归位", "To put back"), states.get("returning", 0), ORDERS, f"{queue}?tab=returning",
            tone="amber" if states.get("returning") else "", source=SOURCE, at=found.now,
            note=short.format(short=found.short_today, failed=found.failed_today),
        ),
    ]  # fmt: skip


def _packed(found: queries.Board) -> T:
    """What of the parcels to hand over the courier would not take."""
    if found.unlabelled:
        return T("其中 {n} 件没打面单", "{n} without a label").format(n=found.unlabelled)
    return T("今日已打包 {n} 单", "{n} packed today").format(n=found.packed_today)


def _backlog(found: queries.Board) -> list[tuple[T, str, list[int], int]]:
    return [
        (
            *BUCKET_WORDS[bucket],
            [found.backlog.get(bucket, {}).get(stage, 0) for stage in STAGES],
            found.in_bucket(bucket),
        )
        for bucket in BUCKETS
        if bucket != "none" or found.in_bucket("none")
    ]


def _release(place: object) -> Action:
    warehouse_id = getattr(place, "warehouse_id", 0)
    return Action(
        T("生成波次", "Release waves"),
        reverse("warehouse-release"),
        {"warehouse_id": warehouse_id},
        icon="player-play",
    )

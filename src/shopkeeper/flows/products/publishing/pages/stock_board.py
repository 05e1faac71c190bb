"""P5 at a glance: per shop what waits to be told, how long a change takes to arrive, what disagrees."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.publishing.commands.sweep_stock import SweepStock, sweep_stock
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.stock_board import HOURS, BoardRow, push_board
from shopkeeper.flows.products.publishing.words import platform_words
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action

SOURCE = T("库存推送记录", "Record of pushes")
GOAL_S = 2.0


@page(
    "stock/",
    name="publishing-stock",
    clause="P5",
    permission=Permission.LISTING_VIEW,
    menu=MenuEntry(T("库存同步", "Stock in shops"), section="products", order=54),
)
def board(request: Request) -> HttpResponse:
    now = business_time.now()
    rows = push_board(request.actor, now)
    may = request.actor.may(Permission.STOCK_PUSH)
    return render_board(
        request,
        "publishing/stock_board.html",
        title=T("库存同步", "Stock in shops"),
        tiles=_tiles(rows),
        clause="P5",
        live="publishing",
        shops=[(row, platform_words(row.platform), _sweep(row) if may else None, _tone(row)) for row in rows],
        hours=HOURS,
    )


def _tone(row: BoardRow) -> str:
    if row.disagreeing or row.refused:
        return "red"
    return "amber" if row.waiting or (row.p95_s or 0) > GOAL_S else "green"


def _tiles(rows: Sequence[BoardRow]) -> list[Tile]:
    now = business_time.now()
    here = reverse("publishing-listings")
    waiting, refused = sum(row.waiting for row in rows), sum(row.refused for row in rows)
    disagreeing = sum(row.disagreeing for row in rows)
    slowest = max((row.p95_s or 0.0 for row in rows), default=0.0)
    variants = T("个规格", "variants")
    return [
        Tile(T("等待告知", "Waiting"), waiting, variants, tone="amber" if waiting else "green", source=SOURCE, at=now),
        Tile(
            T("平台拒绝", "Refused"),
            refused,
            variants,
            f"{here}?tab=on_sale",
            "red" if refused else "green",
            source=SOURCE,
            at=now,
        ),
        Tile(
            T("对账不符", "Disagreeing"),
            disagreeing,
            variants,
            f"{here}?tab=on_sale",
            "red" if disagreeing else "green",
            source=SOURCE,
            at=now,
        ),
        Tile(
            T("最慢店铺延迟", "Slowest shop"),
            round(slowest, 2) if any(row.pushes for row in rows) else "–",
            T("秒（95%）", "s (95%)"),
            tone="green" if slowest <= GOAL_S else "amber",
            note=T("目标 2 秒以内", "Goal: within 2 s"),
            source=SOURCE,
            at=now,
        ),
    ]


def _sweep(row: BoardRow) -> Action:
    return Action(
        T("立即对账", "Compare now"), reverse("publishing-sweep"), fields={"shop_id": row.shop_id}, icon="refresh"
    )


@page("stock/sweep/", name="publishing-sweep", clause="P5", permission=Permission.STOCK_PUSH, methods=("POST",))
def sweep(request: Request) -> HttpResponse:
    """Read one shop's quantities back now."""
    given = request.POST.get("shop_id", "")
    shop_id = int(given) if given.isdecimal() and len(given) < 19 else 0
    outcomes = run_once(request, sweep_stock, [SweepStock(shop_id)])
    return answer_outcomes(
        request, outcomes, done=T("正在对账", "The quantities are being read back"), to="publishing-stock"
    )

"""Pages of stock (P3.1, P5): levels, one SKU's lots and ledger in a warehouse, receiving, counting, moving."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.stock.commands.adjust_stock import AdjustStock, adjust_stock
from shopkeeper.flows.products.stock.commands.move_lots import MoveLot, move_lots
from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries import levels as queries
from shopkeeper.flows.products.stock.queries.bins import bin_choices
from shopkeeper.flows.products.stock.queries.restocking import open_reminder_of
from shopkeeper.flows.products.stock.words import LEDGER_KINDS
from shopkeeper.foundation.documents.xlsx import Column as SheetColumn
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.exporting import export
from shopkeeper.web.labels import label_of
from shopkeeper.web.listing import Column, Listing, ListQuery, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, render_record

LEVELS = Listing(
    key="levels",
    title=T("库存", "Stock"),
    clause="P5",
    record="stock-level",
    columns=(
        Column("code", T("商家编码", "SKU code"), always=True),
        Column("name", T("商品", "Product")),
        Column("warehouse", T("仓库", "Warehouse")),
        Column("on_hand", T("实物", "On hand"), align="end"),
        Column("promised", T("占用", "Reserved"), align="end"),
        Column("free", T("可用", "Available"), align="end"),
        Column("threshold", T("全部仓合计 / 预警值", "All warehouses / threshold"), align="end"),
        Column("quarantined", T("待处理", "Quarantine"), align="end"),
    ),
    tabs=(
        Tab("all", T("全部", "All")),
        Tab("low", T("低于预警值", "Below threshold"), tone="amber"),
        Tab("out", T("无货", "Out"), tone="red"),
    ),
    search=T("商家编码 / 条码 / 名称", "SKU code / barcode / name"),
    live="stock",
    exports=True,
)
SHEET = (
    SheetColumn(T("商家编码", "SKU code"), "id"),
    SheetColumn(T("条码", "Barcode"), "id"),
    SheetColumn(T("商品", "Product")),
    SheetColumn(T("规格", "Variant")),
    SheetColumn(T("仓库", "Warehouse")),
    SheetColumn(T("实物", "On hand"), "integer"),
    SheetColumn(T("占用", "Reserved"), "integer"),
    SheetColumn(T("可用", "Available"), "integer"),
    SheetColumn(T("预警值", "Threshold"), "integer"),
    SheetColumn(T("待处理", "Quarantine"), "integer"),
    SheetColumn(T("全部仓合计可用", "Available in all warehouses"), "integer"),
)


@page(
    "",
    name="stock-levels",
    clause="P5",
    permission=Permission.STOCK_VIEW,
    menu=MenuEntry(T("库存查询", "Stock levels"), section="stock", order=10),
)
def levels(request: Request) -> HttpResponse:
    asked = LEVELS.read(request)
    if asked.counting:
        return LEVELS.counters(request, queries.level_counts(request.actor))
    if asked.exporting:
        return _export(request, asked)
    after = asked.after_id or 0
    rows = queries.levels(request.actor, tab=asked.tab, text=asked.text, after=after, limit=asked.limit)
    next_key = str(rows[-1].id) if len(rows) == asked.limit else ""
    may_receive = request.actor.may(Permission.STOCK_RECEIVE)
    return LEVELS.render(request, asked, "stock/levels.html", rows=rows, next_key=next_key, may_receive=may_receive)


def _export(request: Request, asked: ListQuery) -> HttpResponse:
    """The list as a workbook; numbers stay text, pieces are numbers."""
    cells = (
        (
            row.code,
            row.barcode,
            row.name,
            row.spec,
            row.warehouse,
            row.on_hand,
            row.promised,
            row.free,
            row.threshold,
            row.quarantined,
            row.free_in_all,
        )
        for row in queries.all_levels(request.actor, tab=asked.tab, text=asked.text)
    )
    return export(request, "stock", T("库存", "Stock"), SHEET, cells)


@page("<int:stock_id>/", name="stock-level", clause="P3.1", permission=Permission.STOCK_VIEW)
def level(request: Request, stock_id: int) -> HttpResponse:
    """One SKU in one warehouse: lots in the order they will be picked, and everything that moved."""
    row = queries.level(request.actor, stock_id)
    if row is None:
        raise Http404
    may = request.actor.may
    happened = [
        Happening(
            entry.occurred_at,
            LEDGER_KINDS.get(entry.kind, T(entry.kind, entry.kind)).format(),
            who=entry.who,
            note=f"{entry.quantity:+d} · {entry.lot} {label_of(entry.reason, 'Verdict').text}".strip(),
            kind="state",
        )
        for entry in reversed(queries.ledger(row))
    ]
    reminder = open_reminder_of(row.sku_id) if may(Permission.RESTOCK_VIEW) else None
    receive_action = Action(T("入库", "Receive"), reverse("stock-receive", args=[row.id]), method="get", icon="plus")
    threshold_action = Action(
        T("设预警值", "Set the threshold"), f"{reverse('stock-thresholds')}?sku={row.code}", method="get", icon="bell"
    )
    head = RecordHead(
        title=T("库存", "Stock"),
        number=row.code,
        back="stock-levels",
        clause="P3.1",
        badges=(Badge(T("低于预警值", "Below threshold"), "amber", "bell"),) if row.is_low else (),
        primary=receive_action if may(Permission.STOCK_RECEIVE) else None,
        secondary=(threshold_action,) if may(Permission.THRESHOLD_SET) else (),
    )
    return render_record(
        request,
        "stock/level.html",
        head,
        timeline=happened,
        live="stock",
        row=row,
        lots=queries.lots(row),
        reminder=reminder,
        may_count=may(Permission.STOCK_ADJUST),
        may_move=may(Permission.LOT_MOVE),
    )


@page(
    "<int:stock_id>/receive/",
    name="stock-receive",
    clause="P3.1",
    permission=Permission.STOCK_RECEIVE,
    methods=("GET", "POST"),
)
def receive(request: Request, stock_id: int) -> HttpResponse:
    """Book a delivery; it becomes a lot of its own."""
    row = queries.level(request.actor, stock_id)
    if row is None:
        raise Http404
    return submit(
        request,
        receive_stock,
        ReceiveStock,
        template="stock/receive.html",
        context={"row": row, "cancel_url": reverse("stock-level", args=[stock_id])},
        done=T("已入库", "Received"),
        to="stock-level",
        args=[stock_id],
        extra={"sku_id": row.sku_id, "warehouse_id": row.warehouse_id},
    )


@page(
    "lots/<int:lot_id>/count/",
    name="stock-count",
    clause="P3.1",
    permission=Permission.STOCK_ADJUST,
    methods=("GET", "POST"),
)
def count(request: Request, lot_id: int) -> HttpResponse:
    """Say what a lot really holds; the form remembers what the books said when it was opened."""
    row, lot = _lot(request, lot_id)
    return submit(
        request,
        adjust_stock,
        AdjustStock,
        template="stock/count.html",
        context={"row": row, "lot": lot, "cancel_url": reverse("stock-level", args=[row.id])},
        initial={"seen": lot.on_hand},
        done=T("已按盘点数调整", "Adjusted to what was counted"),
        to="stock-level",
        args=[row.id],
        extra={"lot_id": lot_id},
    )


@page(
    "lots/<int:lot_id>/move/",
    name="stock-move",
    clause="P3.1",
    permission=Permission.LOT_MOVE,
    methods=("GET", "POST"),
)
def move(request: Request, lot_id: int) -> HttpResponse:
    """Lay a lot into another bin of its warehouse."""
    row, lot = _lot(request, lot_id)
    bins = [(code, code) for code in bin_choices(row.warehouse_id, is_quarantine=lot.is_quarantine) if code != lot.bin]
    return submit(
        request,
        move_lots,
        MoveLot,
        template="stock/move.html",
        context={"row": row, "lot": lot, "bins": bins, "cancel_url": reverse("stock-level", args=[row.id])},
        done=T("已移到新货位", "Moved"),
        to="stock-level",
        args=[row.id],
        extra={"lot_id": lot_id},
    )


def _lot(request: Request, lot_id: int) -> tuple[queries.LevelRow, queries.LotRow]:
    found = queries.lot(request.actor, lot_id)
    if found is None:
        raise Http404
    return found

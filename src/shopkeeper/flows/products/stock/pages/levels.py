"""Pages of stock (P3.1, P5): levels, and one SKU's lots and ledger in a warehouse."""

from django.http import Http404, HttpResponse

from shopkeeper.flows.products.stock.commands.receive_stock import ReceiveStock, receive_stock
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries import levels as queries
from shopkeeper.flows.products.stock.words import LEDGER_KINDS
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.listing import Column, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Happening, RecordHead, render_record

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
        Column("quarantined", T("待处理", "Quarantine"), align="end"),
    ),
    tabs=(
        Tab("all", T("全部", "All")),
        Tab("low", T("低于 10", "Below 10"), tone="amber"),
        Tab("out", T("无货", "Out"), tone="red"),
    ),
    search=T("商家编码 / 条码 / 名称", "SKU code / barcode / name"),
    live="stock",
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
    after = int(asked.after) if asked.after.isdigit() else 0
    rows = queries.levels(request.actor, tab=asked.tab, text=asked.text, after=after, limit=asked.limit)
    next_key = str(rows[-1].id) if len(rows) == asked.limit else ""
    return LEVELS.render(request, asked, "stock/levels.html", rows=rows, next_key=next_key)


@page("<int:stock_id>/", name="stock-level", clause="P3.1", permission=Permission.STOCK_VIEW)
def level(request: Request, stock_id: int) -> HttpResponse:
    """One SKU in one warehouse: lots in the order they will be picked, and everything that moved."""
    row = queries.level(request.actor, stock_id)
    if row is None:
        raise Http404
    happened = [
        Happening(
            entry.occurred_at,
            LEDGER_KINDS.get(entry.kind, T(entry.kind, entry.kind)).format(),
            who=entry.who,
            note=f"{entry.quantity:+d} · {entry.lot} {entry.reason}".strip(),
            kind="state",
        )
        for entry in queries.ledger(row)
    ]
    receive = Action(T("入库", "Receive"), f"/stock/{row.id}/receive/", method="get", icon="plus")
    head = RecordHead(
        title=T("库存", "Stock"),
        number=row.code,
        back="stock-levels",
        clause="P3.1",
        primary=receive if request.actor.may(Permission.STOCK_RECEIVE) else None,
    )
    return render_record(request, "stock/level.html", head, timeline=happened, row=row, lots=queries.lots(row))


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
        context={"row": row},
        done=T("已入库", "Received"),
        to=f"/stock/{stock_id}/",
        extra={"sku_id": row.sku_id, "warehouse_id": row.warehouse_id},
    )

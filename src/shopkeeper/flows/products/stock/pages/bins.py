"""Pages of bins (P3.1): a warehouse's places, made and put in walking order."""

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.stock.commands.put_bins import PutBin, put_bins
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries.bins import bins, warehouses_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import submit
from shopkeeper.web.listing import Column, Filter, Listing
from shopkeeper.web.pages import MenuEntry, Request, page

BINS = Listing(
    key="bins",
    title=T("货位", "Bins"),
    clause="P3.1",
    columns=(
        Column("code", T("货位", "Bin"), always=True),
        Column("warehouse", T("仓库", "Warehouse")),
        Column("kind", T("用途", "For")),
        Column("path_order", T("拣货顺序", "Walking order"), align="end"),
        Column("lots", T("批次", "Lots"), align="end"),
        Column("pieces", T("件数", "Pieces"), align="end"),
    ),
    filters=(Filter("warehouse", T("仓库", "Warehouse")),),
    search=T("货位号开头，例如 A-01", "How the code begins, for example A-01"),
    live="stock",
)


@page(
    "bins/",
    name="stock-bins",
    clause="P3.1",
    permission=Permission.BIN_KEEP,
    menu=MenuEntry(T("货位", "Bins"), section="stock", order=40),
)
def bins_page(request: Request) -> HttpResponse:
    asked = BINS.read(request)
    chosen = str(asked.filters.get("warehouse", ""))
    rows = bins(
        request.actor,
        warehouse_id=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None,
        text=asked.text,
        after=asked.after_id or 0,
        limit=asked.limit,
    )
    return BINS.render(
        request,
        asked,
        "stock/bins.html",
        rows=rows,
        next_key=str(rows[-1].id) if len(rows) == asked.limit else "",
        choices={"warehouse": warehouses_of(request.actor)},
    )


@page("bins/put/", name="stock-bin-put", clause="P3.1", permission=Permission.BIN_KEEP, methods=("GET", "POST"))
def put(request: Request) -> HttpResponse:
    """Make a bin, or give one another place in the walking order."""
    warehouses = warehouses_of(request.actor)
    given = {name: request.GET.get(name, "") for name in ("warehouse_id", "code", "path_order", "is_quarantine")}
    if len(warehouses) == 1 and not given["warehouse_id"]:
        given["warehouse_id"] = warehouses[0][0]
    return submit(
        request,
        put_bins,
        PutBin,
        template="stock/bin.html",
        context={
            "title": T("货位", "Bin"),
            "warehouses": warehouses,
            "cancel_url": reverse("stock-bins"),
        },
        initial=given,
        done=T("货位已保存", "The bin is kept"),
        to="stock-bins",
    )

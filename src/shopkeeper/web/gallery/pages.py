"""The gallery's pages, one per page kind. They answer 404 unless the installation is a demo or in debug."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from pydantic import Field

from shopkeeper.foundation import business_time
from shopkeeper.shared.money import Money
from shopkeeper.shared.outcomes import done, refused, unchanged
from shopkeeper.shared.words import T
from shopkeeper.web.board import Tile, render_board
from shopkeeper.web.command_forms import answer_outcomes
from shopkeeper.web.form_reading import FormState, read_form
from shopkeeper.web.gallery.samples import GOODS, SHOPS, STATE_LABELS, charts, orders
from shopkeeper.web.listing import BulkAction, Column, Filter, Listing, Tab
from shopkeeper.web.pages import SIGNED_IN, Request, page, render_page
from shopkeeper.web.personal_pages import revealed
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, Step, render_record
from shopkeeper.web.station import Answer, Station, StationKey, one_scan, read_scan, render_station
from shopkeeper.web.worklist import WorkItem, render_worklist

View = Callable[..., HttpResponse]
CLAUSE = "G5"


def shown(path: str, name: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Register a page of the gallery; elsewhere than in demo and debug it does not exist."""

    def register(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if not (settings.DEBUG or settings.SHOPKEEPER_DEMO):
                raise Http404
            return view(request, *args, **kwargs)

        path_ = f"gallery/{path}"
        return page(path_, name=name, clause=CLAUSE, permission=SIGNED_IN, methods=methods)(guarded)

    return register


ORDERS = Listing(
    key="gallery",
    title=T("订单", "Orders"),
    clause="O1.3",
    record="web-gallery-record",
    columns=(
        Column("number", T("订单号", "Order no."), always=True),
        Column("state", T("状态", "State")),
        Column("shop", T("店铺", "Shop")),
        Column("goods", T("商品", "Goods")),
        Column("quantity", T("数量", "Qty"), align="end"),
        Column("buyer", T("买家", "Buyer")),
        Column("paid", T("实付", "Paid"), align="end", sort="paid"),
        Column("ordered", T("下单时间", "Ordered"), sort="ordered"),
        Column("due", T("发货截止", "Ship by")),
        Column("memo", T("留言", "Message"), shown=False),
    ),
    tabs=(
        Tab("to_check", T("待审核", "To check"), tone="amber"),
        Tab("held", T("异常", "Exceptions"), tone="red"),
        Tab("to_pick", T("待拣货", "To pick")),
        Tab("shipped", T("已发货", "Shipped")),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop"), choices=[(str(i), name) for i, name in enumerate(SHOPS, 1)]),
        Filter("reason", T("异常原因", "Reason"), choices=(("address", T("地址异常", "Address")),)),
        Filter("ordered", T("下单日", "Ordered"), kind="dates"),
    ),
    search=T("订单号、手机后四位，可粘贴多个", "Order no., last 4 digits; paste many"),
    bulk=(
        BulkAction("confirm", T("确认", "Confirm"), url="web-gallery-act", primary=True, icon="check"),
        BulkAction("hold", T("挂起", "Hold"), url="web-gallery-act", ask=T("挂起原因", "Why hold?")),
    ),
    live="intake",
    arrivals="intake.order_taken_in",
    exports=True,
)

PICK = Station(
    title=T("拣货", "Picking"),
    clause="O2.1",
    prompt=T("扫描拣货单号", "Scan the pick list"),
    scan_url="web-gallery-scan",
    back="web-gallery",
    note=T("先进先出", "FIFO"),
    keys=(
        StationKey("F4", "CMD:REPRINT", T("重打", "Reprint")),
        StationKey("F6", "CMD:HOLD", T("挂起", "Hold")),
        StationKey("F8", "CMD:SHORT", T("缺货", "Short")),
        StationKey("F10", "CMD:NEXT", T("下一单", "Next")),
    ),
)


@shown("", "web-gallery")
def components(request: Request) -> HttpResponse:
    """Small parts in all their states."""
    now = business_time.now()
    context = {
        "title": T("组件", "Components"),
        "labels": list(STATE_LABELS.values()),
        "dues": [now + timedelta(minutes=m) for m in (-4000, -12, 25, 190, 800, 5000)],
        "moments": [now - timedelta(hours=h) for h in (0, 26, 200, 9000)],
        "amounts": [Money(123_450), Money(-9_900), Money(8_800, "BRL")],
        "numbers": [7, 4_321, 128_400, 352_000_000],
        "action": Action(T("确认", "Confirm"), reverse("web-gallery-act"), {"ids": 1}, icon="check"),
        "asking": Action(T("挂起", "Hold"), reverse("web-gallery-act"), ask=T("挂起原因", "Why hold?")),
        "off": Action(T("发货", "Ship"), "/", why_not=T("还没有打包", "Not packed yet")),
    }
    return render_page(request, "web/gallery/components.html", context)


@shown("list/", "web-gallery-list")
def listing(request: Request) -> HttpResponse:
    asked = ORDERS.read(request)
    if asked.counting:
        return ORDERS.counters(request, {"to_check": 128, "held": 17, "to_pick": 12_345, "shipped": 0})
    first = int(asked.after) if asked.after.isdecimal() else 0
    rows = [] if asked.text == "0" else orders(business_time.now(), asked.limit, first)
    next_key = str(first + asked.limit) if rows and first < 100 else ""
    return ORDERS.render(request, asked, "web/gallery/list.html", rows=rows, next_key=next_key, total=12_345)


@shown("act/", "web-gallery-act", ("POST",))
def act(request: Request) -> HttpResponse:
    """Pretend: the first is done, the second was done before, every fifth is refused."""
    chosen = ORDERS.chosen(request)
    ids = chosen.ids or [1]
    outcomes = [
        refused("not_found", i) if n % 5 == 4 else unchanged(i) if n == 1 else done(i) for n, i in enumerate(ids)
    ]
    return answer_outcomes(
        request, outcomes, done=T("已确认 {n} 单", "{n:# order|# orders} confirmed"), undo=request.path
    )


@shown("reveal/", "web-gallery-reveal", ("POST",))
def reveal(request: Request) -> HttpResponse:
    return revealed(request, "欧阳娜娜")


@shown("record/<int:order_id>/", "web-gallery-record")
def record(request: Request, order_id: int) -> HttpResponse:
    now = business_time.now()
    order = orders(now, 1, order_id - 1)[0]
    head = RecordHead(
        title=T("订单", "Order"),
        number=order.number,
        back="web-gallery-list",
        state=order.state,
        clause="O1.3",
        due_at=order.ship_by_at,
        badges=(Badge(T("送礼", "Gift"), "blue", "gift"), Badge(T("退款中", "Refund open"), "red")),
        steps=(
            Step(T("已付款", "Paid"), "done", now - timedelta(hours=5)),
            Step(T("审核", "Checked"), "now"),
            Step(T("拣货", "Picked")),
            Step(T("打包", "Packed")),
            Step(T("发货", "Shipped")),
            Step(T("签收", "Signed")),
        ),
        primary=Action(T("确认", "Confirm"), reverse("web-gallery-act"), {"ids": order.id}, icon="check"),
        secondary=(Action(T("打印", "Print"), reverse("web-gallery"), method="get", icon="printer"),),
        more=(
            Action(T("改地址", "Change address"), reverse("web-gallery-form"), method="get", icon="edit"),
            Action(T("取消订单", "Cancel"), reverse("web-gallery-act"), tone="red", icon="ban", ask=T("原因", "Why?")),
        ),
    )
    timeline = [
        Happening(now - timedelta(hours=5), T("买家付款", "Paid by the buyer"), "淘宝", tone="green"),
        Happening(now - timedelta(hours=4, minutes=50), T("订单进入后台", "Taken in"), "系统", kind="outside"),
        Happening(
            now - timedelta(hours=4, minutes=49),
            T("转异常：地址不完整", "Exception: address incomplete"),
            "系统",
            note="缺少门牌号；买家已留言补充",
            tone="red",
        ),
        Happening(now - timedelta(minutes=12), T("备注", "Note"), "林晓", "已电话确认门牌号", kind="note"),
    ]
    lines = [(GOODS[i], 1 + i, 6_800 * (i + 1)) for i in range(3)]
    return render_record(
        request, "web/gallery/record.html", head, timeline=timeline, live="intake", order=order, lines=lines
    )


@shown("board/", "web-gallery-board")
def board(request: Request) -> HttpResponse:
    now = business_time.now()
    desk, courier = T("订单台", "Intake"), T("快递100", "kuaidi100")
    here = reverse("web-gallery-list")
    tiles = [
        Tile(
            T("待审核", "To check"), 128, T("单", "orders"), here, "amber", source=desk, at=now, spark=(3, 8, 6, 14, 11)
        ),
        Tile(
            T("超时未发", "Ship overdue"),
            3,
            T("单", "orders"),
            here,
            "red",
            T("最早超 2 小时", "oldest 2 h"),
            desk,
            now,
        ),
        Tile(
            T("今日已发", "Shipped today"),
            12_845,
            T("单", "orders"),
            here,
            "green",
            T("较昨日 +12%", "+12%"),
            desk,
            now,
            (9, 12, 13),
        ),
        Tile(T("今日实付", "Paid today"), Money(352_680_045), url=here, source=desk, at=now),
        Tile(
            T("停滞包裹", "Stalled parcels"),
            17,
            T("件", "parcels"),
            here,
            "amber",
            source=courier,
            at=now - timedelta(minutes=7),
        ),
        Tile(T("准时率", "On time"), "98.6%", source=desk, at=now, note=T("目标 98%", "target 98%")),
    ]
    return render_board(
        request,
        "web/gallery/board.html",
        title=T("履约看板", "Fulfilment board"),
        tiles=tiles,
        charts=charts(),
        clause="G1",
        clauses=[("O1.2", 3, 3, 0, 0), ("O2.1", 412, 396, 14, 2), ("O3.1", 380, 380, 0, 0), ("O3.2", 17, 9, 6, 2)],
    )


@shown("work/", "web-gallery-work")
def work(request: Request) -> HttpResponse:
    now = business_time.now()
    rows = [
        (-130, T("审核会：14:00 场", "Check session of 14:00"), "3 单未决", "O1.2", T("办理", "Open")),
        (
            -12,
            T("联系快递：48 小时无更新", "Call the courier: 48 h without news"),
            "SF1402938475610",
            "O3.2",
            T("记录", "Log"),
        ),
        (24, T("平台发货截止前未出库", "Ship-by time comes near"), "3188412055390427", "O1.3", T("确认", "Confirm")),
        (50, T("拣货波次", "Pick wave"), "W-1123-07 · 42 行", "O2.1", T("开始", "Start")),
        (300, T("结算核对", "Check the settlement"), "昨日 412 单", "O4.1", T("核对", "Check")),
        (
            2_000,
            T("回访买家确认收货", "Ask the buyer to confirm receipt"),
            "3177120446390427",
            "O4.2",
            T("回访", "Call"),
        ),
    ]
    items = [
        WorkItem(
            id=i,
            what=what,
            record=record_,
            url=reverse("web-gallery-record", args=[i + 1]),
            clause=clause,
            due_at=now + timedelta(minutes=minutes),
            place=SHOPS[i % 3],
            holder="" if i % 2 else "林晓",
            is_mine=i == 0,
            action=Action(word, reverse("web-gallery-act"), {"ids": i}),
            more=(
                Action(
                    T("转交", "Hand over"), reverse("web-gallery-act"), ask=T("原因", "Why?"), icon="switch-horizontal"
                ),
            ),
        )
        for i, (minutes, what, record_, clause, word) in enumerate(rows)
    ]
    return render_worklist(request, items, now)


@dataclass(frozen=True, slots=True)
class SampleItem:
    """What the sample form makes: every kind of field once."""

    sku: Annotated[str, Field(min_length=3, max_length=40)]
    quantity: Annotated[int, Field(gt=0, le=9_999)]
    price_minor: Annotated[int, Field(ge=0)]
    warehouse: str
    fragile: bool = False
    note: Annotated[str, Field(max_length=200)] = ""


@shown("form/", "web-gallery-form", ("GET", "POST"))
def form(request: Request) -> HttpResponse:
    state: FormState[SampleItem] = FormState(values={"sku": "TEA-AJ-100", "quantity": 12, "price_minor": "68.00"})
    status = 200
    if request.method == "POST":
        state = read_form(request.POST, SampleItem)
        if state.item is not None:
            return answer_outcomes(request, [done(1)], done=T("已保存", "Saved"), to="web-gallery-form")
        status = 422
    context = {
        "title": T("收货登记", "Receive goods"),
        "clause": "P3.1",
        "state": state,
        "cancel_url": reverse("web-gallery"),
        "warehouses": [("hz", T("杭州仓", "Hangzhou")), ("gz", T("广州仓", "Guangzhou"))],
    }
    return render_page(request, "web/gallery/form.html", context, status=status)


def _tote(picked: int) -> list[tuple[str, str, int, int]]:
    return [(f"A-0{i + 1}-0{i + 2}", name, 1 if i < picked else 0, 1) for i, name in enumerate(GOODS)]


@shown("station/", "web-gallery-station")
def station(request: Request) -> HttpResponse:
    return render_station(
        request,
        PICK,
        "web/gallery/station.html",
        {"lines": _tote(0), "due_at": business_time.now() + timedelta(minutes=42)},
        state={"picked": "0"},
        next_step=T("去 A-01-02，取 安吉白茶 1 件", "Go to A-01-02, take 1"),
        progress=(0, 5),
    )


@shown("station/scan/", "web-gallery-scan", ("POST",))
@one_scan
def station_scan(request: Request) -> HttpResponse:
    """A pretended tote of five pieces: codes with an X are wrong, commands are acknowledged."""
    scan = read_scan(request)
    picked = int(scan.context.get("picked", "0"))
    if scan.code.startswith("CMD:"):
        return Answer.warn(T("已挂起", "On hold"), scan.code).respond(request, scan)
    if "X" in scan.code:
        wrong = T("商品不符", "Wrong piece")
        return Answer.bad(wrong, T("要拣的是 安吉白茶", "Pick white tea"), repeat=True).respond(request, scan)
    picked = min(picked + 1, 5)
    says = T("拣齐了", "Complete") if picked == 5 else T("对了", "Right")
    answer = Answer.good(
        says,
        GOODS[picked - 1],
        progress=(picked, 5),
        next=T("送到打包台 3", "Bring it to packing 3")
        if picked == 5
        else T("去 A-0{n}-0{m}", "Go to A-0{n}-0{m}").format(n=picked + 1, m=picked + 2),
        context={"picked": str(picked)},
    )
    return answer.respond(request, scan, panel="web/gallery/station.html#panel", context={"lines": _tote(picked)})

"""Customer service's list of cases, and the doors by which a case is opened."""

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from shopkeeper.flows.service.aftersale.commands.open_aftersale import OpenAfterSale, WantedPieces, open_aftersale
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.queries.cases import (
    CaseFilter,
    case_counts,
    cases_page,
    shops_of,
)
from shopkeeper.flows.service.aftersale.queries.opening import OrderToOpen, order_to_open
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.flows.service.aftersale.words import LABELS
from shopkeeper.shared.money import to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import MISTAKES, WHOLE, FormState
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

REASONS = [(str(reason), LABELS[Reason][reason].text) for reason in Reason]
CASES = Listing(
    key="aftersale",
    title=T("售后单", "After-sale cases"),
    clause="S2.3",
    record="aftersale-case",
    columns=(
        Column("number", T("售后单号", "Case no."), always=True),
        Column("state", T("状态", "State")),
        Column("reason", T("原因", "Reason")),
        Column("goods", T("商品", "Goods")),
        Column("solution", T("方案", "Solution")),
        Column("buyer", T("买家", "Buyer")),
        Column("shop", T("店铺", "Shop")),
        Column("order", T("订单", "Order")),
        Column("asked", T("平台申请金额", "Asked on the platform"), align="end", shown=False),
        Column("opened", T("申请时间", "Opened")),
        Column("due", T("给方案时限", "Offer by")),
    ),
    tabs=(
        Tab("opened", T("待给方案", "To offer"), tone="amber"),
        Tab("offered", T("待买家答复", "Buyer's answer"), tone="blue"),
        Tab("return_awaited", T("待退货", "Return awaited"), tone="blue"),
        Tab("received", T("退货处理", "Returned goods"), tone="amber"),
        Tab("accepted", T("执行中", "Carried out"), tone="blue"),
        Tab("settled", T("已完结", "Settled"), tone="green", counted=False),
        Tab("refused", T("已拒绝/关闭", "Refused, closed"), counted=False),
        Tab("all", T("全部", "All"), counted=False),
    ),
    filters=(
        Filter("shop", T("店铺", "Shop")),
        Filter("reason", T("原因", "Reason"), choices=REASONS),
    ),
    search=T("售后单号 / 订单号 / 平台单号，可粘贴多个", "Case, order or platform no., paste many"),
    live="aftersale",
    arrivals="aftersale.after_sale_opened",
)


@page(
    "",
    name="aftersale-list",
    clause="S2.3",
    permission=Permission.CASE_VIEW,
    menu=MenuEntry(T("售后单", "Cases"), section="aftersale", order=1),
)
def cases(request: Request) -> HttpResponse:
    asked = CASES.read(request)
    if asked.counting:
        return CASES.counters(request, case_counts(request.actor))
    shop = str(asked.filters.get("shop", ""))
    wanted = CaseFilter(
        tab="" if asked.tab == "all" else asked.tab,
        reason=str(asked.filters.get("reason", "")),
        text=asked.text,
        numbers=tuple(asked.numbers),
        shop_id=int(shop) if shop.isdecimal() and len(shop) < 19 else None,
    )
    rows, next_key = cases_page(request.actor, wanted, after=asked.after, limit=asked.limit)
    return CASES.render(
        request,
        asked,
        "aftersale/cases.html",
        rows=rows,
        next_key=next_key,
        choices={"shop": shops_of(request.actor)},
        may_open=request.actor.may(Permission.CASE_OPEN),
    )


@page(
    "new/",
    name="aftersale-new",
    clause="S2.3",
    permission=Permission.CASE_OPEN,
    methods=("GET", "POST"),
)
def new_case(request: Request) -> HttpResponse:
    """Find the order, choose pieces and reason; a case that is open already is shown instead."""
    given = request.POST if request.method == "POST" else request.GET
    number = given.get("order", "").strip()[:80]
    found = order_to_open(request.actor, number) if number else None
    state: FormState[OpenAfterSale] = FormState(values={"order": number, "reason": given.get("reason", "")})
    if number and found is None:
        state.errors["order"] = T("没有找到这个订单，请核对单号。", "There is no such order. Check the number.").text()
    if request.method == "POST" and found is not None:
        answer = _open(request, state, found)
        if answer is not None:
            return answer
    view = {
        "title": T("新建售后单", "New case"),
        "state": state,
        "found": found,
        "reasons": REASONS,
        "ticket": _ticket(given) or "",
    }
    status = 422 if request.method == "POST" and state.errors else 200
    return render_page(request, "aftersale/new.html", view, status=status)


def _open(request: Request, state: FormState[OpenAfterSale], found: OrderToOpen) -> HttpResponse | None:
    """Open the case; None where something is wrong, said in `state`."""
    item = _item(request, state, found)
    if item is None:
        return None
    outcomes = run_once(request, open_aftersale, [item])
    if not outcomes[0].ok:
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = T("售后单已建立，48 小时内给出方案", "The case is open; offer a solution within 48 hours")
    return answer_outcomes(request, outcomes, done=words, to=reverse("aftersale-case", args=[outcomes[0].id]))


def _item(request: Request, state: FormState[OpenAfterSale], found: OrderToOpen) -> OpenAfterSale | None:
    posted = request.POST
    reason, words = posted.get("reason", ""), posted.get("words", "").replace("\x00", "").strip()[:2_000]
    state.values |= {"words": words, "loss_minor": posted.get("loss_minor", "")}
    if reason not in set(Reason):
        state.errors["reason"] = T("请选择原因", "Choose the reason").text()
    pieces = []
    for line in found.lines:
        text = posted.get(f"pieces-{line.id}", "").strip()
        state.values[f"pieces-{line.id}"] = text
        if text.isdecimal() and len(text) < 7 and int(text):
            pieces.append(WantedPieces(line.id, int(text)))
    if not pieces:
        state.errors[WHOLE] = T("请填写要售后的数量", "Say how many pieces it is about").text()
    loss = posted.get("loss_minor", "").strip()
    loss_minor = None
    if loss:
        try:
            loss_minor = to_minor(loss)
        except ValueError:
            state.errors["loss_minor"] = MISTAKES["money"].text()
    if state.errors:
        return None
    return OpenAfterSale(found.id, Reason(reason), tuple(pieces), words, loss_minor, _ticket(posted))


def _ticket(given: QueryDict) -> int | None:
    """The ticket the case is opened for."""
    text = given.get("ticket", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def number_or_404(text: str) -> int:
    """A whole number out of a form; anything else does not exist."""
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)

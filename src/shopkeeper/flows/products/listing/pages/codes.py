"""O1.3/P2.1 on screen: other codes under which orders name our SKUs, put and taken away."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.name_skus import DropAlias, PutAlias, drop_aliases, put_aliases
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.aliases import AliasLine, aliases_page
from shopkeeper.flows.products.listing.queries.searching import sku_choices, sku_id_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text, refusal_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action


@page(
    "codes/",
    name="listing-codes",
    clause="O1.3",
    permission=Permission.PRODUCT_EDIT,
    methods=("GET", "POST"),
    menu=MenuEntry(T("编码对应", "Other codes"), section="products", order=27),
)
def codes(request: Request) -> HttpResponse:
    """The form above what is put; a mistake shows it again with what was entered."""
    state: FormState[PutAlias] = FormState(values={"code": request.GET.get("code", "")})
    if request.method == "POST":
        state = _read(request)
        if state.item is not None:
            outcomes = run_once(request, put_aliases, [state.item])
            if outcomes[0].ok:
                words = T("已对应，等这个编码的订单自动匹配", "Done; orders that wait for this code are matched now")
                return answer_outcomes(request, outcomes, done=words, to="listing-codes")
            state.errors[WHOLE] = outcome_text(outcomes[0])
    searched = request.GET.get("q", "").replace("\x00", "")[:60]
    rows, next_key = aliases_page(searched, after=request.GET.get("after", ""))
    view = {
        "title": T("编码对应", "Other codes"),
        "state": state,
        "wanted": request.GET.get("wanted", "").replace("\x00", "")[:200],
        "searched": searched,
        "choices": sku_choices(str(state.values.get("sku_code", ""))),
        "rows": [(row, _removal(row)) for row in rows],
        "next_key": next_key,
    }
    return render_page(request, "listing/codes.html", view, status=422 if state.errors else 200)


def _read(request: Request) -> FormState[PutAlias]:
    """A SKU is typed by its code or barcode; the item names it by id."""
    state = read_form(request.POST, PutAlias, {"sku_id": 0})
    sku_code = request.POST.get("sku_code", "").replace("\x00", "").strip()
    state.values["sku_code"] = sku_code
    if state.item is None:
        return state
    sku_id = sku_id_of(sku_code) if sku_code else None
    if sku_id is None:
        state.errors["sku_code"] = refusal_text("sku_not_found", "listing").text()
        state.item = None
    else:
        state.item = replace(state.item, sku_id=sku_id)
    return state


def _removal(row: AliasLine) -> Action:
    sure = T(
        "以后的订单不再按“{code}”匹配到 {goods}（{sku}），会当成没有编码的异常订单停下。确定取消？",
        "Orders from now on are no longer matched by “{code}” to {goods} ({sku}): they stop as orders whose code is "
        "unknown. Take it away?",
    )
    return Action(
        T("取消对应", "Take away"),
        reverse("listing-code-drop", args=[row.id]),
        icon="trash",
        sure=sure.format(code=row.code, goods=row.goods, sku=row.sku_code),
    )


@page("codes/choices/", name="listing-code-choices", clause="O1.3", permission=Permission.PRODUCT_EDIT)
def choices(request: Request) -> HttpResponse:
    """The variants that what was typed may mean: by code, barcode, name or specification."""
    typed = request.GET.get("sku_code", "").replace("\x00", "")
    return render_page(request, "listing/code_choices.html", {"choices": sku_choices(typed)})


@page(
    "codes/<int:alias_id>/drop/",
    name="listing-code-drop",
    clause="O1.3",
    permission=Permission.PRODUCT_EDIT,
    methods=("POST",),
)
def drop(request: Request, alias_id: int) -> HttpResponse:
    """Orders that were matched stay matched."""
    outcomes = run_once(request, drop_aliases, [DropAlias(alias_id)])
    words = T("已取消，之后的订单不再按它匹配", "Taken away: orders from now on are not matched by it")
    return answer_outcomes(request, outcomes, done=words, to="listing-codes")

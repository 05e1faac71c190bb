"""Page of warning thresholds (P3.1): of SKUs and of categories, set with the reason."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.queries.searching import sku_id_of
from shopkeeper.flows.products.stock.commands.set_thresholds import SetThreshold, set_thresholds
from shopkeeper.flows.products.stock.permissions import Permission
from shopkeeper.flows.products.stock.queries.restocking import (
    MOST_THRESHOLDS,
    category_choices,
    thresholds,
)
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import outcome_text, refusal_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action


@page(
    "thresholds/",
    name="stock-thresholds",
    clause="P3.1",
    permission=Permission.THRESHOLD_SET,
    methods=("GET", "POST"),
    menu=MenuEntry(T("预警值", "Thresholds"), section="stock", order=30),
)
def thresholds_page(request: Request) -> HttpResponse:
    """The form above what is set; a mistake shows it again with what was entered."""
    state: FormState[SetThreshold] = FormState(values={"code": request.GET.get("sku", ""), "pack_size": 1})
    if request.method == "POST":
        state = _read(request)
        if state.item is not None:
            outcomes = run_once(request, set_thresholds, [state.item])
            if outcomes[0].ok:
                return answer_outcomes(
                    request, outcomes, done=T("预警值已保存", "The threshold is set"), to="stock-thresholds"
                )
            state.errors[WHOLE] = outcome_text(outcomes[0])
    policy, rows = read_policies(), thresholds()
    view = {
        "title": T("库存预警值", "Warning thresholds"),
        "state": state,
        "general": policy("restock_threshold"),
        "lead_days": policy("restock_lead_days"),
        "categories": category_choices(),
        "rows": [(row, _removal(row.sku_id, row.category_id)) for row in rows],
        "is_cut": len(rows) == MOST_THRESHOLDS,
    }
    return render_page(request, "stock/thresholds.html", view, status=422 if state.errors else 200)


def _read(request: Request) -> FormState[SetThreshold]:
    """A SKU is typed by its code; the item names it by id."""
    state = read_form(request.POST, SetThreshold, {"sku_id": None})
    code = request.POST.get("code", "").replace("\x00", "").strip()
    state.values["code"] = code
    if state.item is not None and code:
        sku_id = sku_id_of(code)
        if sku_id is None:
            state.errors["code"] = refusal_text("sku_unknown", "stock").text()
            state.item = None
        else:
            state.item = replace(state.item, sku_id=sku_id)
    if state.item is not None and state.item.threshold is None:
        state.errors["threshold"] = T("请填预警值", "Enter the threshold").text()
        state.item = None
    return state


def _removal(sku_id: int | None, category_id: int | None) -> Action:
    fields = {"sku_id": sku_id or "", "category_id": category_id or ""}
    ask = T("为什么恢复为上一级预警值？", "Why back to the general threshold?")
    return Action(T("删除", "Remove"), reverse("stock-threshold-remove"), fields=fields, icon="trash", ask=ask)


@page(
    "thresholds/remove/",
    name="stock-threshold-remove",
    clause="P3.1",
    permission=Permission.THRESHOLD_SET,
    methods=("POST",),
)
def remove(request: Request) -> HttpResponse:
    """Take a threshold away: the next one up counts."""
    state = read_form(request.POST, SetThreshold, {"threshold": None, "pack_size": 1, "lead_days": None})
    items = [state.item] if state.item is not None else []
    outcomes = run_once(request, set_thresholds, items)
    done = T("已恢复为上一级预警值", "Back to the threshold above")
    return answer_outcomes(request, outcomes, done=done, to="stock-thresholds")

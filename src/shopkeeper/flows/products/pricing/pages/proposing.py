"""Pages that bring prices about (P3.2): the form with margins as one types, a file of prices, target margins."""

from io import BytesIO
from typing import Any, BinaryIO, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from shopkeeper.flows.products.pricing.commands.propose_prices import ProposePrice, propose_prices
from shopkeeper.flows.products.pricing.commands.set_target_margins import SetTargetMargin, set_target_margins
from shopkeeper.flows.products.pricing.forms import put_refusal, read_price_form
from shopkeeper.flows.products.pricing.imports import (
    HEADINGS,
    PricesRefused,
    RowAnswer,
    first_rows,
    run_prices_import,
    template_sheet,
)
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.flows.products.pricing.queries.margins import margins_of
from shopkeeper.flows.products.pricing.queries.plans import (
    SkuToPrice,
    category_choices,
    plan_record,
    shops_of,
    sku_to_price,
    skus_like,
    targets,
)
from shopkeeper.flows.products.pricing.states import PriceName
from shopkeeper.flows.products.pricing.words import LABELS
from shopkeeper.foundation.files import FileKind, FileRefused, kept_files
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.exporting import XLSX
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import error_text, outcome_text
from shopkeeper.web.pages import MenuEntry, Request, page, render_page

ROWS_SHOWN = 200
KEPT = ("cost_minor", "competitor_minor", "list_minor", "sale_minor", "discount_minor", "member_minor")


@page("new/", name="price-new", clause="P3.2", permission=Permission.PRICE_PROPOSE, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Propose the prices of one SKU; what is wrong stands at its field, what was entered stays."""
    shops = shops_of(request.actor)
    state = _given(request) if request.method != "POST" else FormState()
    if request.method == "POST":
        sku = sku_to_price(request.actor, request.POST.get("code", ""))
        state = read_price_form(request.POST, sku.sku_id if sku else None, {key for key, _ in shops})
        if state.item is not None:
            outcomes = run_once(request, propose_prices, [state.item])
            if outcomes[0].ok:
                plan = reverse("price-plan", args=[outcomes[0].id])
                return answer_outcomes(request, outcomes, done=_told(outcomes[0].facts), to=plan)
            put_refusal(state, outcomes[0])
    view = {
        "title": T("提交定价", "Propose prices"),
        "state": state,
        "shops": shops,
        "skus": skus_like(""),
        "sees_all": request.actor.shops is None,
        "cancel_url": reverse("price-plans"),
        **_margins(request, state),
    }
    return render_page(request, "pricing/new.html", view, status=422 if state.errors else 200)


@page("margins/", name="price-margins", clause="P3.2", permission=Permission.PRICE_PROPOSE, methods=("POST",))
def margins(request: Request) -> HttpResponse:
    """The margins of what stands in the form right now; nothing is written."""
    sku = sku_to_price(request.actor, request.POST.get("code", ""))
    state = read_price_form(request.POST, sku.sku_id if sku else None, {key for key, _ in shops_of(request.actor)})
    return render_page(request, "pricing/margins.html", _margins(request, state))


def _told(facts: dict[str, Any]) -> T:
    """Where a plan stands after it was proposed."""
    return {
        "proposed": T("已提交。毛利低于目标，等经理审批", "Proposed. It misses the target and waits for a manager"),
        "scheduled": T("已提交，到时自动生效", "Proposed; it takes effect at its time"),
    }.get(str(facts.get("state", "")), T("已生效", "In force"))


def _given(request: Request) -> FormState[ProposePrice]:
    """An empty form, or the prices of a plan to go on from."""
    state: FormState[ProposePrice] = FormState(values={"code": request.GET.get("sku", "")})
    plan = request.GET.get("plan", "")
    found = plan_record(request.actor, int(plan)) if plan.isdecimal() and len(plan) < 19 else None
    if found is not None:
        state.values |= {"code": found.row.code, "shop_id": found.row.shop_id or ""}
        amounts = {name: getattr(found.row, name) for name in KEPT}
        state.values |= {
            name: str(Money(minor)).replace(",", "") for name, minor in amounts.items() if minor is not None
        }
    return state


def _margins(request: Request, state: FormState[ProposePrice]) -> dict[str, Any]:
    """What the side of the form shows: the SKU, what holds now, the margin at every price."""
    shop = str(state.values.get("shop_id", ""))
    shop_id = int(shop) if shop.isdecimal() and len(shop) < 19 and request.actor.sees_shop(int(shop)) else None
    sku: SkuToPrice | None = sku_to_price(request.actor, str(state.values.get("code", "")), shop_id)
    return {"sku": sku, "table": margins_of(sku, state.values) if sku else ()}


@page(
    "import/",
    name="price-import",
    clause="P3.2",
    permission=Permission.PRICE_PROPOSE,
    methods=("GET", "POST"),
    menu=MenuEntry(T("批量定价", "Prices by file"), section="products", order=32),
)
def import_file(request: Request) -> HttpResponse:
    """A file is tried out first: every row says what would become of it. Then it is proposed."""
    state: FormState[Any] = FormState()
    answers: list[RowAnswer] = []
    digest = ""
    if request.method == "POST":
        state.values = {"reason": request.POST.get("reason", "").strip()[:300]}
        digest = _kept(request, state)
        answers = _run(request, state, digest, is_dry_run=request.POST.get("go") != "1") if digest else []
        if request.POST.get("go") == "1" and not state.errors:
            outcomes = [answer.outcome for answer in answers]
            return answer_outcomes(
                request, outcomes, done=T("已提交 {n} 行定价", "{n:# row|# rows} proposed"), to="price-plans"
            )
    view = {
        "title": T("批量定价", "Prices by file"),
        "state": state,
        "answers": [(answer, _would(answer)) for answer in first_rows(answers, ROWS_SHOWN)],
        "fit": sum(answer.outcome.changed for answer in answers),
        "refused": sum(not answer.outcome.ok for answer in answers),
        "same": sum(answer.outcome.ok and not answer.outcome.changed for answer in answers),
        "digest": digest if answers else "",
        "headings": [(title, name in ("sku_code", "sale_minor")) for name, title, _ in HEADINGS],
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
    }
    return render_page(request, "pricing/import.html", view, status=422 if state.errors else 200)


def _kept(request: Request, state: FormState[Any]) -> str:
    """The digest of the file: of the one just sent, or of the one tried out before."""
    if request.POST.get("go") == "1":
        return request.POST.get("digest", "")
    upload = request.FILES.get("file")
    if upload is None:
        state.errors["file"] = T("请选择文件", "Choose a file").text()
        return ""
    try:
        allowed = {FileKind.CSV, FileKind.XLSX}
        return kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", allowed).digest
    except FileRefused as refusal:
        state.errors["file"] = error_text(refusal)
        return ""


def _run(request: Request, state: FormState[Any], digest: str, *, is_dry_run: bool) -> list[RowAnswer]:
    try:
        return run_prices_import(request.actor, digest, reason=state.values["reason"], is_dry_run=is_dry_run)
    except (PricesRefused, BusinessError) as refusal:
        state.errors["file"] = error_text(refusal)
    except (FileNotFoundError, ValueError):
        state.errors["file"] = T("文件不在了，请重新选择", "The file is gone. Choose it again").text()
    return []


def _would(answer: RowAnswer) -> str:
    """What would become of a row, in words; the price it is about in front."""
    if answer.outcome.ok:
        return ""
    price = str(answer.outcome.facts.get("price") or "")
    named = f"{LABELS[PriceName][PriceName(price)].text}: " if price in set(PriceName) else ""
    return named + outcome_text(answer.outcome)


@page("import/template.xlsx", name="price-import-template", clause="P3.2", permission=Permission.PRICE_PROPOSE)
def template(request: Request) -> HttpResponse:
    """An empty table with the headings."""
    target = BytesIO()
    template_sheet(target)
    headers = {"Content-Disposition": 'attachment; filename="prices.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=headers)


@page(
    "targets/",
    name="price-targets",
    clause="P3.2",
    permission=Permission.TARGET_SET,
    methods=("GET", "POST"),
)
def target_margins(request: Request) -> HttpResponse:
    """Target margins of categories; an empty one takes the target away."""
    state: FormState[SetTargetMargin] = FormState()
    if request.method == "POST":
        state = read_form(request.POST, SetTargetMargin)
        if state.item is not None:
            outcomes = run_once(request, set_target_margins, [state.item])
            if outcomes[0].ok:
                done = T("毛利率目标已保存", "The target margin is set")
                return answer_outcomes(request, outcomes, done=done, to="price-targets")
            state.errors[WHOLE] = outcome_text(outcomes[0])
    view = {
        "title": T("毛利率目标", "Target margins"),
        "state": state,
        "general": f"{read_policies()('target_margin_basis_points') / 100:g}%",
        "categories": category_choices(),
        "rows": targets(),
    }
    return render_page(request, "pricing/targets.html", view, status=422 if state.errors else 200)

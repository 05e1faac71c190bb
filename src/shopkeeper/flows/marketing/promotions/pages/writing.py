"""Writing a promotion (M2.3): a short form per kind that reads as a sentence, and what it does beside it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.marketing.promotions.commands.save_rule import save_rule
from shopkeeper.flows.marketing.promotions.forms import RuleForm, asked_codes, read_rule_form, values_of
from shopkeeper.flows.marketing.promotions.pages.for_a_plan import asked_query, asked_values, plan_url
from shopkeeper.flows.marketing.promotions.permissions import Permission
from shopkeeper.flows.marketing.promotions.queries.goods import goods_by_code
from shopkeeper.flows.marketing.promotions.queries.rules import VersionRow, opened_of, shops_of, sku_codes
from shopkeeper.flows.marketing.promotions.rules.codec import BEARERS, KINDS
from shopkeeper.flows.marketing.promotions.rules.examples import examples
from shopkeeper.flows.marketing.promotions.rules.offers import FlashPrice, Gift
from shopkeeper.flows.marketing.promotions.states import PromotionState
from shopkeeper.flows.marketing.promotions.words import BEARERS as BEARER_WORDS
from shopkeeper.flows.marketing.promotions.words import KINDS as KIND_WORDS
from shopkeeper.flows.marketing.promotions.words import LAYERS, conditions, sentence
from shopkeeper.flows.products.pricing.queries.plans import category_choices
from shopkeeper.foundation import business_time
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page, render_page

EMPTY = {"quantity": 1, "n": 2, "pieces": 3, "bearer_shop": 100, "mixed": "1", "stack_with": "*"}


@page("new/", name="promotion-new", clause="M2.3", permission=Permission.RULE_EDIT, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new promotion: first its kind, then its sentence."""
    kind = request.GET.get("kind", "reduction")
    form = RuleForm(values={**EMPTY, "kind": kind if kind in KINDS else "reduction"})
    form.values |= asked_values(request, shops_of(request.actor))
    return _form(request, form, title=T("新建促销", "New promotion"))


@page(
    "<int:rule_id>/edit/",
    name="promotion-edit",
    clause="M2.3",
    permission=Permission.RULE_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, rule_id: int) -> HttpResponse:
    """Its draft, or the next version of what is published; code and shop stay."""
    row = opened_of(request.actor, rule_id)
    if row is None or row.state == PromotionState.IN_REVIEW:
        raise Http404
    return _form(request, _given(row), title=T("修改促销", "Edit a promotion"), fixed=row)


@page("example/", name="promotion-example", clause="M2.3", permission=Permission.RULE_EDIT, methods=("POST",))
def example(request: Request) -> HttpResponse:
    """What the form says right now, and what it does to carts; nothing is written."""
    return render_page(request, "promotions/example.html", _example(_read(request)))


def _read(request: Request, fixed: VersionRow | None = None) -> RuleForm:
    posted = request.POST.copy()
    if fixed is not None:
        posted["code"], posted["shop_id"] = fixed.code, str(fixed.shop_id or "")
    codes = asked_codes(posted)
    ids = {code: goods.id for code, goods in goods_by_code(codes, 0).items()}
    shops = {key for key, _ in shops_of(request.actor)}
    return read_rule_form(posted, ids, shops)


def _given(row: VersionRow) -> RuleForm:
    """The form filled with what a version says."""
    terms = row.terms
    named = {*terms.skus, *terms.excluded_skus}
    named |= set(terms.offer.choices) if isinstance(terms.offer, Gift) else set()
    named |= set(terms.offer.prices) if isinstance(terms.offer, FlashPrice) else set()
    form = RuleForm(values=values_of(terms, sku_codes(sorted(named)), row.starts_at, row.ends_at))
    form.values |= {"code": row.code, "name": row.name, "shop_id": row.shop_id or ""}
    form.terms = terms
    return form


def _form(request: Request, form: RuleForm, *, title: T, fixed: VersionRow | None = None) -> HttpResponse:
    if request.method == "POST":
        form = _read(request, fixed)
        if form.item is not None:
            outcomes = run_once(request, save_rule, [form.item])
            if outcomes[0].ok:
                query = asked_query(request)
                to = reverse("promotion", args=[outcomes[0].id]) + (f"?{query}" if query else "")
                done = T("草稿已保存。确认无误后请提交审核", "The draft is saved. Submit it once it is right")
                return answer_outcomes(request, outcomes, done=done, to=to)
            form.errors[WHOLE] = outcome_text(outcomes[0])
    kind = form.values.get("kind", "reduction")
    chosen = set(form.values.get("categories", ()))
    view = {
        "title": title,
        "state": form,
        "fixed": fixed,
        "kind": kind,
        "kinds": [(name, words, _kind_url(request, name)) for name, words in KIND_WORDS.items()],
        "tiers": [(n, f"at{n}", f"off{n}") for n in range(1, 6)],
        "layers": [(name, LAYERS[name]) for name in ("shop", "platform")],
        "bearers": [(f"bearer_{who}", BEARER_WORDS[who].zh, BEARER_WORDS[who].en) for who in BEARERS],
        "shops": shops_of(request.actor),
        "sees_all": request.actor.shops is None,
        "categories": [(key, name, key in chosen) for key, name in category_choices()],
        "plan_url": plan_url(request, fixed.id if fixed else None),
        "cancel_url": _cancel_url(request, fixed),
        **_example(form),
    }
    return render_page(request, "promotions/write.html", view, status=422 if form.errors else 200)


def _kind_url(request: Request, kind: str) -> str:
    return "&".join(filter(None, (f"{reverse('promotion-new')}?kind={kind}", asked_query(request))))


def _cancel_url(request: Request, fixed: VersionRow | None) -> str:
    if fixed:
        return reverse("promotion", args=[fixed.id])
    return plan_url(request) or reverse("promotions")


def _example(form: RuleForm) -> dict[str, Any]:
    """The sentence, its conditions, and carts around its thresholds."""
    if form.terms is None:
        return {"says": None, "wrong": form.whole_error}
    return {
        "says": sentence(form.terms),
        "conditions": conditions(form.terms),
        "examples": examples(form.terms, business_time.now()),
    }

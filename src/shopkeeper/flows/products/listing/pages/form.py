"""P2.1: the product form, checked as one types; an edit is of the version that was read."""

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.save_product import save_product
from shopkeeper.flows.products.listing.forms import (
    Missed,
    ProductForm,
    draft_of,
    empty_form,
    form_of,
    is_as_returned,
    read_product,
    with_matrix,
)
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.checking import mapped_platforms, templates, wanted
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, product_facts
from shopkeeper.flows.products.listing.queries.lists import leaf_choices
from shopkeeper.flows.products.listing.queries.record import product_record
from shopkeeper.flows.products.listing.queries.saying import told
from shopkeeper.flows.products.listing.queries.shops import platforms_of_shops
from shopkeeper.flows.products.listing.rules.checks import check_product
from shopkeeper.flows.products.listing.rules.findings import errors, revived
from shopkeeper.flows.products.listing.rules.platforms import RULES, known, title_bytes
from shopkeeper.flows.products.listing.states import NoReasonClass, Platform, ProductState, Promise
from shopkeeper.flows.products.listing.words import NO_REASON, PLATFORMS, PROMISES
from shopkeeper.shared.words import T
from shopkeeper.sop.policy import read_policies
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE
from shopkeeper.web.labels import outcome_text
from shopkeeper.web.pages import Request, page, render_page


@page("new/", name="listing-new", clause="P2.1", permission=Permission.PRODUCT_EDIT, methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """A new product; `?code=&title=&spec=&price=` fill in what an order says of its first SKU."""
    if request.method == "POST":
        return _save(request, None)
    given = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:most]
        for name, most in (("code", 60), ("title", 200), ("spec", 100), ("price", 20))
    }
    return _show(request, empty_form(platforms_of_shops(request.actor), Missed(**given)), None)


@page(
    "<int:product_id>/edit/",
    name="listing-edit",
    clause="P2.1",
    permission=Permission.PRODUCT_EDIT,
    methods=("GET", "POST"),
)
def edit(request: Request, product_id: int) -> HttpResponse:
    """An edit of the version that was read; a stale one keeps what was entered."""
    facts = product_facts([product_id]).get(product_id)
    if facts is None:
        raise Http404
    if request.method == "POST":
        return _save(request, facts)
    return _show(request, form_of(facts), facts)


def _save(request: Request, facts: ProductFacts | None) -> HttpResponse:
    form = read_product(request.POST, facts)
    if form.item is not None:
        outcomes = run_once(request, save_product, [form.item])
        outcome = outcomes[0]
        if outcome.ok:
            words = T("已保存第 {version} 版", "Version {version} saved")
            return answer_outcomes(request, outcomes, done=words, to="listing-product", args=(outcome.id,))
        form.errors[WHOLE] = outcome_text(outcome)
        if outcome.code == "stale_version" and facts is not None:
            # What was typed stays; saved once more it is an edit of the version that stands now.
            form.values["version"] = facts.version
    return _show(request, form, facts, status=422)


def _show(request: Request, form: ProductForm, facts: ProductFacts | None, status: int = 200) -> HttpResponse:
    leaf = form.leaf
    template = templates([leaf]).get(leaf, []) if leaf else []
    named = {rule.name for rule in template}
    view = {
        "title": T("编辑商品", "Edit product") if facts else T("录入商品", "New product"),
        "state": form,
        "form": form,
        "facts": facts,
        "leaves": leaf_choices(),
        "template": [(rule, form.attributes.get(rule.name, "")) for rule in template],
        "more": [(name, value) for name, value in form.attributes.items() if name not in named] or [("", "")],
        "platforms": [(p, PLATFORMS[p], p in form.values["platforms"]) for p in Platform],
        "promises": [(p, PROMISES[p], p in form.values["promises"]) for p in Promise],
        "classes": [(c, NO_REASON[c]) for c in NoReasonClass],
        "prices_fixed": bool(facts and (facts.approved_version or facts.state == ProductState.APPROVED)),
        "cancel_url": reverse("listing-product", args=[facts.id]) if facts else reverse("listing-products"),
        **_returned(facts),
        **_checked(form, facts),
    }
    return render_page(request, "listing/form.html", view, status=status)


def _returned(facts: ProductFacts | None) -> dict[str, object]:
    """What the reviewer returned the product with: it is read where it is mended."""
    review = product_record(facts.id) if facts else None
    if review is None or not review.was_returned:
        return {}
    return {"review": review, "marked": told(map(revived, review.review_findings))}


@page("check/", name="listing-check", clause="P2.1", permission=Permission.PRODUCT_EDIT, methods=("POST",))
def check(request: Request) -> HttpResponse:
    """The checks of a form as it stands, while one types."""
    facts = _of_form(request)
    return render_page(request, "listing/checks.html", _checked(read_product(request.POST, facts), facts))


@page("variants/", name="listing-variants", clause="P2.1", permission=Permission.PRODUCT_EDIT, methods=("POST",))
def variants(request: Request) -> HttpResponse:
    """The matrix of the form with a row for every combination typed, or one empty row more."""
    facts = _of_form(request)
    form = read_product(request.POST, facts)
    if form.values["dims"]:
        with_matrix(form)
    else:
        form.rows.append(dict.fromkeys(("code", "spec", "barcode", "weight", "cost", "price", "off"), ""))
    fixed = bool(facts and (facts.approved_version or facts.state == ProductState.APPROVED))
    return render_page(request, "listing/variants.html", {"form": form, "prices_fixed": fixed})


@page("attributes/", name="listing-attributes", clause="P2.1", permission=Permission.PRODUCT_EDIT, methods=("POST",))
def attributes(request: Request) -> HttpResponse:
    """The attributes of the category just chosen, with what was entered kept."""
    form = read_product(request.POST, _of_form(request))
    template = templates([form.leaf]).get(form.leaf, []) if form.leaf else []
    named = {rule.name for rule in template}
    more = [(name, value) for name, value in form.attributes.items() if name not in named and value]
    view = {
        "template": [(rule, form.attributes.get(rule.name, "")) for rule in template],
        "more": more or [("", "")],
    }
    return render_page(request, "listing/attributes.html", view)


def _of_form(request: Request) -> ProductFacts | None:
    text = request.POST.get("product_id", "")
    product_id = int(text) if text.isdecimal() and len(text) < 19 else 0
    return product_facts([product_id]).get(product_id) if product_id else None


def _checked(form: ProductForm, facts: ProductFacts | None) -> dict[str, object]:
    """What the checks say, and how long the title is for each platform."""
    leaf, policies = form.leaf, read_policies()
    template = templates([leaf]).get(leaf, []) if leaf else []
    mapped = mapped_platforms([leaf]).get(leaf, frozenset()) if leaf else frozenset()
    findings = check_product(draft_of(form, template, mapped, facts), wanted(policies))
    size = title_bytes(form.values["title"].strip())
    return {
        "findings": told(findings),
        "unfit": len(errors(findings)),
        "advised": len(findings) - len(errors(findings)),
        "untouched": facts is not None and is_as_returned(form, facts),
        "lengths": [(PLATFORMS[p], size, RULES[p].title_bytes) for p in known(form.values["platforms"])],
    }

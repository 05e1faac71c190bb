"""P2.3: the tree of categories: built, mapped to the platforms, given attributes."""

from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse

from shopkeeper.flows.products.listing.commands.change_categories import (
    AddCategory,
    MoveCategory,
    RenameCategory,
    RetireCategory,
    add_categories,
    move_categories,
    rename_categories,
    retire_categories,
)
from shopkeeper.flows.products.listing.commands.map_categories import (
    MapCategory,
    SetTemplate,
    map_categories,
    set_templates,
)
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.categories import (
    CategoryRecord,
    category_record,
    category_roots,
    parent_choices,
)
from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.flows.products.listing.states import AttributeKind, Platform
from shopkeeper.flows.products.listing.words import ATTRIBUTE_KINDS, PLATFORMS
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import read_form
from shopkeeper.web.pages import MenuEntry, Request, page, render_page
from shopkeeper.web.record import Action, RecordHead, render_record

EMPTY_LINES = 3


@page(
    "categories/",
    name="listing-categories",
    clause="P2.3",
    permission=Permission.PRODUCT_VIEW,
    menu=MenuEntry(T("类目与属性", "Categories"), section="products", order=26),
)
def categories(request: Request) -> HttpResponse:
    """The whole tree, and a line to add to each node."""
    view = {
        "title": T("类目与属性", "Categories and attributes"),
        "roots": category_roots(),
        "may_edit": request.actor.may(Permission.CATEGORY_EDIT),
        "platforms": [(p, PLATFORMS[p]) for p in Platform],
    }
    return render_page(request, "listing/categories.html", view)


def _found(category_id: int) -> CategoryRecord:
    found = category_record(category_id)
    if found is None:
        raise Http404
    return found


@page("categories/<int:category_id>/", name="listing-category", clause="P2.3", permission=Permission.PRODUCT_VIEW)
def category(request: Request, category_id: int) -> HttpResponse:
    """One category: name, place, platform leaves, attributes."""
    found = _found(category_id)
    node = found.node
    may_edit = request.actor.may(Permission.CATEGORY_EDIT) and not node.is_retired
    retire = Action(T("停用", "Retire"), reverse("listing-retire-category", args=[node.id]), icon="ban", tone="red")
    head = RecordHead(
        title=T("类目", "Category"),
        number=" / ".join(found.path),
        back="listing-categories",
        clause="P2.3",
        more=(retire,) if may_edit else (),
    )
    blank = AttributeRule("")
    return render_record(
        request,
        "listing/category.html",
        head,
        found=found,
        node=node,
        may_edit=may_edit,
        parents=[(i, name) for i, name in parent_choices(node.level) if i != node.parent_id],
        mappings=[(p, PLATFORMS[p], *found.mappings.get(p, ("", ""))) for p in Platform] if node.level == 3 else [],
        lines=[*found.own, *[blank] * EMPTY_LINES] if may_edit else found.own,
        kinds=[(kind, ATTRIBUTE_KINDS[kind]) for kind in AttributeKind],
        kind_words=ATTRIBUTE_KINDS,
    )


def _run(
    request: Request, command: Command[Any], item: Any, done: T, to: str = "", args: tuple[int, ...] = ()
) -> HttpResponse:
    """Run one item; the page it was sent from shows what came of it."""
    outcomes = run_once(request, command, [item] if item is not None else [])
    return answer_outcomes(request, outcomes, done=done, to=to or None, args=args)


@page(
    "categories/add/",
    name="listing-add-category",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def add(request: Request) -> HttpResponse:
    item = read_form(request.POST, AddCategory).item
    return _run(request, add_categories, item, T("已添加", "Added"), "listing-categories")


@page(
    "categories/<int:category_id>/rename/",
    name="listing-rename-category",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def rename(request: Request, category_id: int) -> HttpResponse:
    item = read_form(request.POST, RenameCategory, {"category_id": category_id}).item
    return _run(request, rename_categories, item, T("已改名", "Renamed"), "listing-category", (category_id,))


@page(
    "categories/<int:category_id>/move/",
    name="listing-move-category",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def move(request: Request, category_id: int) -> HttpResponse:
    item = read_form(request.POST, MoveCategory, {"category_id": category_id}).item
    return _run(request, move_categories, item, T("已移动", "Moved"), "listing-category", (category_id,))


@page(
    "categories/<int:category_id>/retire/",
    name="listing-retire-category",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def retire(request: Request, category_id: int) -> HttpResponse:
    item = RetireCategory(category_id)
    return _run(request, retire_categories, item, T("已停用", "Retired"), "listing-categories")


@page(
    "categories/<int:category_id>/map/",
    name="listing-map-category",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def map_(request: Request, category_id: int) -> HttpResponse:
    """All platforms of the form at once; an emptied one is taken off."""
    items = [
        MapCategory(
            category_id, platform, request.POST.get(f"leaf_{platform}", ""), request.POST.get(f"path_{platform}", "")
        )
        for platform in Platform
    ]
    outcomes = run_once(request, map_categories, items)
    words = T("平台类目已更新", "Platform leaves updated")
    return answer_outcomes(request, outcomes, done=words, to="listing-category", args=(category_id,))


@page(
    "categories/<int:category_id>/template/",
    name="listing-template",
    clause="P2.3",
    permission=Permission.CATEGORY_EDIT,
    methods=("POST",),
)
def template(request: Request, category_id: int) -> HttpResponse:
    item = SetTemplate(category_id, tuple(_rules(request.POST)))
    return _run(
        request, set_templates, item, T("属性模板已更新", "Attributes updated"), "listing-category", (category_id,)
    )


def _rules(posted: QueryDict) -> list[AttributeRule]:
    """The lines of the form that have a name."""
    columns = [posted.getlist(name) for name in ("name", "kind", "required", "choices", "units")]
    return [
        AttributeRule(name.strip(), kind, required == "1", _parts(choices), _parts(units))
        for name, kind, required, choices, units in zip(*columns, strict=False)
        if name.strip()
    ]


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip())

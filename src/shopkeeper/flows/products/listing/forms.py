"""The product form: what was typed becomes one item of save_product; what cannot be read is said at its field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as every_pair
from typing import Any, TypeVar

from django.http import QueryDict

from shopkeeper.flows.products.listing.commands.save_product import SaveProduct
from shopkeeper.flows.products.listing.profiles.sheet import Unreadable, amount, specification, whole_number
from shopkeeper.flows.products.listing.queries.facts import ProductFacts, SkuFacts
from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.flows.products.listing.rules.checks import Draft, PictureFacts, SkuEntryFacts
from shopkeeper.flows.products.listing.rules.entries import SkuEntry, spec_said
from shopkeeper.flows.products.listing.states import ProductState
from shopkeeper.flows.products.listing.words import REFUSALS
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T

TEXTS = ("code", "title", "core_keyword", "selling_points", "scenarios", "description", "leaf_id", "no_reason", "dims")
SKU_FIELDS = ("code", "spec", "barcode", "weight", "cost", "price", "off")
EMPTY_ROWS = 1
MOST_ROWS = 600
SPECIFICATION = T("规格", "Specification")
WRONG = "wrong"  # of a row: the cell that cannot be read
Read = TypeVar("Read")
UNREAD_COST = 1  # one was typed, so that it is not said to be missing
ATTRIBUTE = "attribute:"


@dataclass(slots=True)
class ProductForm:
    """The form as it stands: texts by field, a row of texts per variant, what is wrong, the item once all is right."""

    values: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    item: SaveProduct | None = None

    @property
    def whole_error(self) -> str:
        return self.errors.get("", "")

    @property
    def leaf(self) -> int:
        text = str(self.values.get("leaf_id", ""))
        return int(text) if text.isdecimal() and len(text) < 19 else 0


@dataclass(frozen=True, slots=True)
class Missed:
    """What an order says of goods whose code nobody knows; the price in minor units, as text."""

    code: str = ""
    title: str = ""
    spec: str = ""
    price: str = ""


def empty_form(platforms: Sequence[str], missed: Missed = Missed()) -> ProductForm:
    """A new product, meant for the platforms one has shops on; for a code that is missed, with what is known of it."""
    values: dict[str, Any] = dict.fromkeys(TEXTS, "")
    values |= {"platforms": list(platforms), "promises": ["no_reason_return"], "no_reason": "yes"}
    is_price = missed.price.isdecimal() and len(missed.price) < 14
    row = {
        "code": missed.code,
        "spec": _with_name(missed.spec),
        "price": str(Money(int(missed.price))).replace(",", "") if is_price and int(missed.price) else "",
    }
    return ProductForm({**values, "title": missed.title}, rows=[{**dict.fromkeys(SKU_FIELDS, ""), **row}])


def _with_name(spec: str) -> str:
    """A specification as the form reads it: one that came without a name gets one."""
    try:
        specification(spec)
    except Unreadable:
        return f"{SPECIFICATION}：{spec}"
    return spec


def form_of(facts: ProductFacts) -> ProductForm:
    """The form of a product as it stands."""
    values = {
        "code": facts.code,
        "title": facts.title,
        "core_keyword": facts.core_keyword,
        "selling_points": "\n".join(facts.selling_points),
        "scenarios": "\n".join(facts.scenarios),
        "description": facts.description,
        "leaf_id": facts.category.id if facts.category else "",
        "platforms": list(facts.platforms),
        "promises": list(facts.promises),
        "no_reason": facts.no_reason,
        "dims": "",
        "version": facts.version,
    }
    return ProductForm(values, dict(facts.attributes), [_row_of(sku) for sku in facts.skus])


def _row_of(sku: SkuFacts) -> dict[str, str]:
    return {
        "code": sku.code,
        "spec": "；".join(f"{name}：{value}" for name, value in sku.spec_values.items()) or sku.spec,
        "barcode": sku.barcode,
        "weight": str(sku.weight_g),
        "cost": str(Money(sku.cost_minor)).replace(",", ""),
        "price": str(Money(sku.price_minor)).replace(",", ""),
        "off": "1" if sku.is_delisted else "",
    }


def is_as_returned(form: ProductForm, facts: ProductFacts) -> bool:
    """Was the product returned, and says the form just what was submitted then?"""
    if facts.state != ProductState.RETURNED or facts.version != facts.submitted_version:
        return False
    return _said(form) == _said(form_of(facts))


def _said(form: ProductForm) -> list[object]:
    """What a form says, however it was put in."""
    texts = [str(form.values[name]).replace("\r\n", "\n") for name in TEXTS if name not in ("code", "dims")]
    ticked = [sorted(form.values[name]) for name in ("platforms", "promises")]
    attributes = {name: value for name, value in form.attributes.items() if value}
    return [*texts, *ticked, attributes, [row for row in form.rows if any(row.values())]]


def read_product(posted: QueryDict, product: ProductFacts | None = None) -> ProductForm:
    """Read the form; `item` stays None while something cannot be read."""
    form = ProductForm({name: _clean(posted.get(name, "")) for name in (*TEXTS, "version")})
    form.values["platforms"] = posted.getlist("platforms")
    form.values["promises"] = posted.getlist("promises")
    names = [key for key in posted if key.startswith(ATTRIBUTE)]
    form.attributes = {key.removeprefix(ATTRIBUTE): _clean(posted.get(key, "")) for key in names}
    _read_more(posted, form)
    columns = [posted.getlist(f"sku_{name}")[:MOST_ROWS] for name in SKU_FIELDS]
    form.rows = [
        {name: _clean(text) for name, text in zip(SKU_FIELDS, row, strict=True)} for row in zip(*columns, strict=False)
    ]
    skus = [entry for row in form.rows if (entry := _entry(row, form, product))]
    if not form.errors:
        form.item = _item(form, skus, product)
    return form


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _read_more(posted: QueryDict, form: ProductForm) -> None:
    """Attributes the template does not know: a name and a value each."""
    names, values = posted.getlist("more_name"), posted.getlist("more_value")
    for name, value in zip(names, values, strict=False):
        if _clean(name) and _clean(value):
            form.attributes.setdefault(_clean(name), _clean(value))


def _entry(row: dict[str, str], form: ProductForm, product: ProductFacts | None) -> SkuEntry | None:
    """One row of the matrix; an empty one is passed over."""
    if not any(row[name] for name in SKU_FIELDS if name != "off"):
        return None
    standing = {sku.code: sku for sku in product.skus} if product else {}
    sku = standing.get(row["code"])
    # A specification that came without names (a file's) stays as it is until it is written with them.
    unnamed = sku is not None and not sku.spec_values and row["spec"] == sku.spec
    spec = None if unnamed else _read(specification, row, "spec", form)
    weight, cost, price = (
        _read(read, row, name, form) if row[name] else None
        for name, read in (("weight", whole_number), ("cost", amount), ("price", amount))
    )
    if row.get(WRONG):
        return None
    return SkuEntry(
        row["code"],
        spec,
        row["barcode"],
        weight_g=weight,
        cost_minor=cost,
        price_minor=price,
        is_delisted=row["off"] == "1",
    )


def _read(read: Callable[[str], Read], row: dict[str, str], name: str, form: ProductForm) -> Read | None:
    """A cell of the matrix; where it cannot be read, its row says which it is, and the form why."""
    try:
        return read(row[name])
    except Unreadable as error:
        row.setdefault(WRONG, name)
        form.errors.setdefault("skus", f"{row['code'] or '–'}：{REFUSALS[str(error)].text()}")
        return None


def _item(form: ProductForm, skus: Sequence[SkuEntry], product: ProductFacts | None) -> SaveProduct:
    values = form.values
    version = str(values["version"])
    return SaveProduct(
        code=product.code if product else values["code"],
        product_id=product.id if product else None,
        version=int(version) if product and version.isdecimal() and len(version) < 9 else None,
        title=values["title"],
        core_keyword=values["core_keyword"],
        selling_points=tuple(values["selling_points"].splitlines()),
        scenarios=tuple(values["scenarios"].splitlines()),
        description=values["description"].replace("\r\n", "\n"),
        attributes=form.attributes,
        leaf_id=form.leaf,
        platforms=tuple(values["platforms"]),
        promises=tuple(values["promises"]),
        no_reason=values["no_reason"],
        skus=tuple(skus),
    )


def draft_of(
    form: ProductForm, template: Sequence[AttributeRule], mapped: frozenset[str], product: ProductFacts | None
) -> Draft:
    """The form as the checks see it, with the pictures the product has."""
    rows = [row for row in form.rows if row["code"] or row["spec"]]
    return Draft(
        title=form.values["title"],
        core_keyword=form.values["core_keyword"],
        selling_points=form.values["selling_points"].splitlines(),
        scenarios=form.values["scenarios"].splitlines(),
        attributes=form.attributes,
        platforms=form.values["platforms"],
        has_leaf=bool(form.leaf),
        mapped=mapped,
        template=template,
        pictures=[PictureFacts(image.id, image.role, image.verdict) for image in product.images] if product else (),
        skus=[_sku_facts(row) for row in rows],
        promises=form.values["promises"],
        no_reason=form.values["no_reason"],
    )


def _sku_facts(row: Mapping[str, str]) -> SkuEntryFacts:
    """A variant as far as the checks look at it; what cannot be read is said when it is saved, not here."""
    try:
        spec = spec_said(list(specification(row["spec"]).items()))
    except Unreadable:
        spec = row["spec"]
    try:
        cost = amount(row["cost"]) if row["cost"] else 0
    except Unreadable:
        cost = UNREAD_COST
    return SkuEntryFacts(row["code"], spec, 0, cost, row["off"] == "1")


def with_matrix(form: ProductForm) -> ProductForm:
    """The rows of every combination of the dimensions typed (`颜色：白色 黑色`), those there already kept."""
    dims: list[list[tuple[str, str]]] = []
    for line in form.values["dims"].splitlines():
        name, colon, values = line.replace("：", ":", 1).partition(":")
        parts = [part for part in re.split(r"[\s,，、/]+", values.strip()) if part]
        if colon and name.strip() and parts:
            dims.append([(name.strip(), part) for part in parts])
    there = {row["spec"] for row in form.rows}
    form.rows = [row for row in form.rows if any(row[name] for name in ("code", "spec"))]
    for number, pairs in enumerate(every_pair(*dims) if dims else (), start=len(form.rows) + 1):
        spec = "；".join(f"{name}：{value}" for name, value in pairs)
        if spec in there or len(form.rows) >= MOST_ROWS:
            continue
        base = form.values["code"]
        pattern = form.rows[0] if form.rows else dict.fromkeys(SKU_FIELDS, "")
        kept = {name: pattern[name] for name in ("weight", "cost", "price")}
        form.rows.append({**dict.fromkeys(SKU_FIELDS, ""), **kept, "spec": spec, "code": f"{base}-{number:02d}"})
    return form

"""P2.1: is a product complete and fit to be looked at? Run as one types, and again when it is submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.products.listing.rules.attributes import AttributeRule, check_attributes
from shopkeeper.flows.products.listing.rules.findings import Finding
from shopkeeper.flows.products.listing.rules.platforms import RULES, known
from shopkeeper.flows.products.listing.rules.titles import check_title
from shopkeeper.flows.products.listing.states import ImageRole, ImageVerdict, NoReasonClass, Promise

LINE_MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the policy wants of every product."""

    selling_points: int
    scenarios: int
    title_repeats: int
    pictures: int


@dataclass(frozen=True, slots=True)
class PictureFacts:
    id: int
    role: str
    verdict: str


@dataclass(frozen=True, slots=True)
class SkuEntryFacts:
    code: str
    spec: str
    price_minor: int
    cost_minor: int
    is_delisted: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A product as far as its checks look at it. `mapped` are the platforms its leaf is mapped to."""

    title: str
    core_keyword: str
    selling_points: Sequence[str]
    scenarios: Sequence[str]
    attributes: Mapping[str, str]
    platforms: Sequence[str]
    has_leaf: bool
    mapped: frozenset[str]
    template: Sequence[AttributeRule]
    pictures: Sequence[PictureFacts]
    skus: Sequence[SkuEntryFacts]
    promises: Sequence[str] = ()
    no_reason: str = NoReasonClass.YES


def check_product(draft: Draft, wanted: Wanted) -> list[Finding]:
    """Every finding, in the order of the form."""
    return [
        *check_title(draft.title, draft.core_keyword, draft.platforms, wanted.title_repeats),
        *check_lines("selling_points", draft.selling_points, wanted.selling_points),
        *check_lines("scenarios", draft.scenarios, wanted.scenarios),
        *check_category(draft),
        *check_attributes(draft.attributes, draft.template),
        *check_skus(draft.skus),
        *check_promises(draft.promises, draft.no_reason),
        *check_pictures(draft, wanted.pictures),
    ]


def check_lines(place: str, lines: Sequence[str], least: int) -> list[Finding]:
    """Selling points or scenarios: enough of them, none too long, none twice."""
    said = [line.strip() for line in lines if line.strip()]
    findings = []
    if len(said) < least:
        findings.append(Finding(f"{place}_missing", place, {"count": len(said), "least": least}))
    for number, line in enumerate(said, start=1):
        if len(line) > LINE_MOST:
            findings.append(Finding("line_too_long", place, {"number": number, "limit": LINE_MOST}))
    if len(set(said)) < len(said):
        findings.append(Finding("line_twice", place, level="advice"))
    return findings


def check_category(draft: Draft) -> list[Finding]:
    """A leaf of our tree, mapped to every platform the product is meant for."""
    if not draft.platforms:
        return [Finding("platforms_missing", "platforms")]
    if not draft.has_leaf:
        return [Finding("category_missing", "leaf")]
    missing = [platform for platform in draft.platforms if platform not in draft.mapped]
    return [Finding("category_not_mapped", "leaf", {"platform": platform}) for platform in missing]


def check_skus(skus: Sequence[SkuEntryFacts]) -> list[Finding]:
    """At least one variant on sale; each with a specification of its own; a cost, so that it can be priced."""
    sold = [sku for sku in skus if not sku.is_delisted]
    if not sold:
        return [Finding("skus_missing", "skus")]
    findings = []
    specs: set[str] = set()
    for sku in sold:
        if len(sold) > 1 and not sku.spec:
            findings.append(Finding("sku_without_spec", "skus", {"code": sku.code}))
        elif sku.spec in specs:
            findings.append(Finding("sku_spec_twice", "skus", {"code": sku.code, "spec": sku.spec}))
        specs.add(sku.spec)
        if sku.cost_minor <= 0:
            findings.append(Finding("sku_without_cost", "skus", {"code": sku.code}, "advice"))
    return findings


def check_promises(promises: Sequence[str], no_reason: str) -> list[Finding]:
    """The law gives seven days without reason unless the goods are exempt; the two must say the same."""
    promised = Promise.NO_REASON_RETURN in promises
    if promised and no_reason != NoReasonClass.YES:
        return [Finding("no_reason_promised_though_exempt", "promises", {"no_reason": no_reason}, "advice")]
    if not promised and no_reason == NoReasonClass.YES:
        return [Finding("no_reason_not_promised", "promises")]
    return []


def check_pictures(draft: Draft, least: int) -> list[Finding]:
    """A main picture, as many as wanted, no more than a platform takes, and every one of them passed."""
    findings = []
    shown = [picture for picture in draft.pictures if picture.role != ImageRole.DETAIL]
    mains = [picture for picture in shown if picture.role == ImageRole.MAIN]
    if not mains:
        findings.append(Finding("main_image_missing", "images"))
    if len(shown) < least:
        findings.append(Finding("images_too_few", "images", {"count": len(shown), "least": least}))
    for platform in known(list(draft.platforms)):
        for count, most, code in (
            (len(shown), RULES[platform].most_pictures, "images_too_many"),
            (len(draft.pictures) - len(shown), RULES[platform].most_details, "details_too_many"),
        ):
            if most and count > most:
                findings.append(Finding(code, "images", {"platform": platform, "count": count, "limit": most}))
    for verdict, code in ((ImageVerdict.WAITING, "images_waiting"), (ImageVerdict.FAILED, "images_failed")):
        count = sum(picture.verdict == verdict for picture in draft.pictures)
        if count:
            findings.append(Finding(code, "images", {"count": count}))
    return findings

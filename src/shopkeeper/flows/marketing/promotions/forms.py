"""Shape of the promotion form: a sentence of a few fields per kind becomes terms; a mistake stands at its field."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict

from shopkeeper.flows.marketing.promotions.commands.save_rule import SaveRule
from shopkeeper.flows.marketing.promotions.rules.codec import BEARERS, BadTerms, Terms, read_terms, write_terms
from shopkeeper.flows.marketing.promotions.rules.rates import permille
from shopkeeper.flows.marketing.promotions.words import TENTHS
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.money import Money, to_minor
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import MISTAKES, WHOLE, FormState
from shopkeeper.web.labels import refusal_text

TIERS = 5
TEXTS = ("code", "name", "shop_id", "kind", "layer", "skus", "excluded_skus", "goods_tags", "levels",
         "segments", "stack_with", "tags", "mutex_group", "prices", "choices")  # fmt: skip
AMOUNTS = ("threshold_minor", "most_minor", "off_minor", "cost_minor", "budget_minor")
NUMBERS = ("threshold_pieces", "n", "pieces", "times", "quantity", "uses", "uses_per_buyer", "priority")
FLAGS = ("every", "counts_pieces", "mixed", "needs_coupon", "only_new")
MOMENTS = ("starts_at", "ends_at")
FIELD_OF = {"offer": WHOLE, "bearers": "bearer_shop"}


class RuleForm(FormState[SaveRule]):
    """The form with its terms, which the example beside it is made of; None where they do not read yet."""

    terms: Terms | None = None


def codes_in(text: str) -> list[str]:
    """Codes parted by whatever people part them by, each once."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,;，；、]+", text) if part))


def asked_codes(posted: QueryDict) -> list[str]:
    """All SKU codes that the form names: to be looked up before it is read."""
    named = [codes_in(posted.get(name, "")[:100_000]) for name in ("skus", "excluded_skus", "choices")]
    flash = [codes_in(line)[:1] for line in posted.get("prices", "")[:100_000].splitlines()]
    return [code for codes in (*named, *flash) for code in codes]


def read_rule_form(posted: QueryDict, ids: Mapping[str, int], shops: Collection[str]) -> RuleForm:
    """The form as entered; its item once everything reads. `ids` are the SKUs of the codes named."""
    form = RuleForm()
    for name in (*TEXTS, *AMOUNTS, *NUMBERS, *MOMENTS):
        form.values[name] = posted.get(name, "").replace("\x00", "").strip()
    form.values |= {name: posted.get(name, "") for name in FLAGS}
    tiers = [(posted.get(f"at{n}", "").strip(), posted.get(f"off{n}", "").strip()) for n in range(1, TIERS + 1)]
    form.values |= {f"at{n}": at for n, (at, _) in enumerate(tiers, 1)}
    form.values |= {f"off{n}": off for n, (_, off) in enumerate(tiers, 1)}
    form.values |= {f"bearer_{who}": posted.get(f"bearer_{who}", "").strip() for who in BEARERS}
    form.values["categories"] = posted.getlist("categories")
    form.values |= {"rate": posted.get("rate", "").strip()}
    try:
        form.terms = read_terms(_terms(form, ids))
    except BadTerms as wrong:
        form.errors.setdefault(FIELD_OF.get(wrong.field.split(".")[0], wrong.field), _worded(wrong))
    starts_at, ends_at = _moment(form, "starts_at"), _moment(form, "ends_at")
    for name in ("code", "name"):
        if not form.values[name]:
            form.errors[name] = MISTAKES["missing"].text()
    shop = form.values["shop_id"]
    if shop and shop not in shops:
        form.errors["shop_id"] = refusal_text("not_found").text()
    if not form.errors and form.terms and starts_at and ends_at:
        form.item = SaveRule(
            form.values["code"][:40],
            form.values["name"][:80],
            starts_at,
            ends_at,
            write_terms(form.terms),
            int(shop) if shop else None,
        )
    return form


def values_of(
    terms: Terms, codes: Mapping[int, str], starts_at: datetime | None = None, ends_at: datetime | None = None
) -> dict[str, Any]:
    """The form's fields of terms, to go on from."""
    raw = write_terms(terms)
    offer = raw["offer"]
    values: dict[str, Any] = {"kind": terms.kind, "layer": raw["layer"]}
    for n, (at, off) in enumerate(offer.get("tiers", ()), 1):
        values |= {f"at{n}": str(at) if offer["counts_pieces"] else _amount(at), f"off{n}": _amount(off)}
    counts = offer.get("counts_pieces", False)
    values |= {"threshold_pieces" if counts else "threshold_minor": _threshold(offer.get("threshold"), counts)}
    values |= {name: _amount(offer[name]) for name in ("most_minor", "off_minor", "cost_minor") if offer.get(name)}
    values |= {name: offer[name] for name in ("n", "pieces", "times", "quantity") if offer.get(name)}
    values |= {name: "1" if offer.get(name) else "" for name in ("every", "counts_pieces", "mixed")}
    if "permille" in offer:
        values["rate"] = f"{offer['permille'] / 100:g}"
    prices = offer.get("prices", {}).items()
    values["prices"] = "\n".join(f"{codes.get(int(sku), sku)} {_amount(minor)}" for sku, minor in prices)
    values["choices"] = " ".join(codes.get(sku, str(sku)) for sku in offer.get("choices", ()))
    for name in ("skus", "excluded_skus"):
        values[name] = " ".join(codes.get(sku, str(sku)) for sku in raw[name])
    values["categories"] = [str(id_) for id_ in raw["categories"]]
    values |= {name: ", ".join(raw[name]) for name in ("goods_tags", "stack_with", "tags")}
    values |= {name: ", ".join(raw["audience"][name]) for name in ("levels", "segments")}
    values |= {"only_new": "1" if terms.audience.only_new else "", "needs_coupon": "1" if terms.needs_coupon else ""}
    values |= {name: raw[name] for name in ("uses", "uses_per_buyer", "mutex_group", "priority") if raw[name]}
    values["budget_minor"] = _amount(terms.budget_minor) if terms.budget_minor else ""
    values |= {f"bearer_{who}": f"{share / 10:g}" for who, share in terms.bearers}
    return values | {"starts_at": _local(starts_at), "ends_at": _local(ends_at)}


def _local(moment: datetime | None) -> datetime | str:
    return moment.astimezone(SHOP_ZONE) if moment else ""


def _threshold(value: int | None, counts: bool) -> str:
    return "" if not value else str(value) if counts else _amount(value)


def _amount(minor: int) -> str:
    return str(Money(minor)).replace(",", "").removesuffix(".00")


def _worded(wrong: BadTerms) -> str:
    return refusal_text(wrong.code, "promotions", field=wrong.field).text()


def _terms(form: RuleForm, ids: Mapping[str, int]) -> dict[str, Any]:
    """Plain terms of what was entered; what does not read is an error at its field and left out."""
    posted = form.values
    terms = {
        "offer": _offer(form, ids),
        "skus": _skus(form, "skus", ids),
        "excluded_skus": _skus(form, "excluded_skus", ids),
        "categories": [int(part) for part in posted["categories"] if part.isdecimal() and len(part) < 19],
        "goods_tags": codes_in(posted["goods_tags"]),
        "audience": {
            "levels": codes_in(posted["levels"]),
            "segments": codes_in(posted["segments"]),
            "only_new": _flag(form, "only_new"),
        },
        "uses": _number(form, "uses") or None,
        "uses_per_buyer": _number(form, "uses_per_buyer") or None,
        "budget_minor": _money(form, "budget_minor") or None,
        "mutex_group": posted["mutex_group"],
        "priority": _number(form, "priority") if posted["priority"] else 100,
        "tags": codes_in(posted["tags"]),
        "stack_with": codes_in(posted["stack_with"]),
        "needs_coupon": _flag(form, "needs_coupon"),
        "bearers": _bearers(form),
    }
    if posted["layer"]:
        terms["layer"] = posted["layer"]
    return terms


def _offer(form: RuleForm, ids: Mapping[str, int]) -> dict[str, Any]:
    kind, counts = form.values["kind"], _flag(form, "counts_pieces")
    threshold = _number(form, "threshold_pieces") if counts else _money(form, "threshold_minor")
    made: dict[str, dict[str, Any]] = {
        "reduction": {"every": _flag(form, "every"), "times": _number(form, "times"), "counts_pieces": counts},
        "percentage": {"threshold": threshold, "most_minor": _money(form, "most_minor"), "counts_pieces": counts},
        "gift": {
            "choices": _skus(form, "choices", ids),
            "quantity": _number(form, "quantity") or 1,
            "threshold": threshold,
            "counts_pieces": counts,
            "cost_minor": _money(form, "cost_minor"),
        },
        "flash": {"prices": _prices(form, ids) if kind == "flash" else {}},
        "nth": {"n": _number(form, "n"), "mixed": _flag(form, "mixed")},
        "pieces": {"pieces": _number(form, "pieces")},
        "freight": {"threshold": _money(form, "threshold_minor"), "off_minor": _money(form, "off_minor")},
        "discount": {},
    }
    offer = {"kind": kind, **made.get(kind, {})}
    if kind == "reduction":
        offer["tiers"] = _tiers(form, counts)
    if kind in ("percentage", "discount", "nth", "pieces"):
        offer["permille"] = _rate(form)
    return offer


def _tiers(form: RuleForm, counts: bool) -> list[list[int]]:
    tiers = []
    for n in range(1, TIERS + 1):
        if form.values[f"at{n}"] or form.values[f"off{n}"]:
            at = _number(form, f"at{n}") if counts else _money(form, f"at{n}")
            tiers.append([at, _money(form, f"off{n}")])
    return tiers


def _rate(form: RuleForm) -> int:
    """折 as people say it: 8.5 and 85折 are 850 thousandths of the price."""
    typed = form.values["rate"]
    said = permille(typed.removesuffix(TENTHS.zh)) if typed.endswith(TENTHS.zh) else None
    if said is not None:
        return said
    try:  # without 折 it is tenths as it stands: 15 may be meant as 15% off
        return round(float(typed.removesuffix(TENTHS.zh).removesuffix(TENTHS.en)) * 100)
    except (ValueError, OverflowError):
        form.errors["rate"] = T("请填折数，例如 8.5", "Enter the rate in tenths, for example 8.5").text()
        return 0


def _prices(form: RuleForm, ids: Mapping[str, int]) -> dict[str, int]:
    """Lines of a code and a price."""
    found = {}
    for line in form.values["prices"].splitlines():
        parts = codes_in(line)
        if not parts:
            continue
        try:
            minor = to_minor(parts[1])
        except (IndexError, ValueError):
            form.errors["prices"] = T(
                "第“{x}”行读不出来，请写成：商家编码 价格", "“{x}” cannot be read. Write: code price"
            ).format(x=line[:60]).text()  # fmt: skip
            continue
        if parts[0] in ids:
            found[str(ids[parts[0]])] = minor
        else:
            form.errors["prices"] = _unknown(parts[0])
    return found


def _skus(form: RuleForm, name: str, ids: Mapping[str, int]) -> list[int]:
    codes = codes_in(form.values[name])
    for code in codes:
        if code not in ids:
            form.errors[name] = _unknown(code)
    return [ids[code] for code in codes if code in ids]


def _unknown(code: str) -> str:
    return T("没有商家编码 {x}", "There is no SKU {x}").format(x=code[:60]).text()


def _bearers(form: RuleForm) -> list[list[Any]]:
    shares: list[list[Any]] = []
    for who in BEARERS:
        text = form.values[f"bearer_{who}"].rstrip("%")
        try:
            share = round(float(text) * 10) if text else 0
        except (ValueError, OverflowError):
            form.errors[f"bearer_{who}"] = T("请填百分数", "Enter a percentage").text()
            continue
        if share:
            shares.append([who, share])
    return shares or [["shop", 1_000]]


def _flag(form: RuleForm, name: str) -> bool:
    return str(form.values[name]).lower() in {"1", "on", "true", "yes"}


def _number(form: RuleForm, name: str) -> int:
    text = form.values[name]
    if text and not (text.isdecimal() and len(text) < 13):
        form.errors[name] = MISTAKES["int_parsing"].text()
        return 0
    return int(text or 0)


def _money(form: RuleForm, name: str) -> int:
    try:
        return to_minor(form.values[name]) if form.values[name] else 0
    except ValueError:
        form.errors[name] = MISTAKES["money"].text()
        return 0


def _moment(form: RuleForm, name: str) -> datetime | None:
    """A time without zone is the shop's."""
    try:
        moment = datetime.fromisoformat(form.values[name])
    except ValueError:
        form.errors[name] = T("请填日期和时间", "Enter date and time").text()
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHOP_ZONE)

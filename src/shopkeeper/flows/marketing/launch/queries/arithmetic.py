"""The arithmetic of each check in words: what was held against what, line by line and in sum."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.urls import reverse

from shopkeeper.flows.marketing.campaigns.words import said_at
from shopkeeper.flows.marketing.launch.queries.gates import CheckRow, GateRecord
from shopkeeper.flows.marketing.launch.states import CheckKey, CheckVerdict
from shopkeeper.flows.marketing.launch.words import ASK_DESIGN, ASKS, CHECKS, KINDS, REMEDIES, WHYS, who_mends
from shopkeeper.flows.products.pricing.rules import percent
from shopkeeper.shared.money import Money
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import ROLE_WORDS
from shopkeeper.web.labels import label_of


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a check looked at: its name, the arithmetic, why it is red or worth a look."""

    name: str
    note: str
    says: T
    why: T | None
    ok: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """One check as it is shown: `verdict` empty while it was not carried out."""

    key: str
    name: T
    asks: T
    verdict: str
    says: T
    remedy: T | None
    lines: tuple[Line, ...]
    hidden: int = 0
    mended_by: T | None = None
    mended_at: str = ""

    @property
    def tone(self) -> str:
        tones: dict[str, str] = {CheckVerdict.GREEN: "green", CheckVerdict.RED: "red"}
        return tones.get(self.verdict, "grey")

    @property
    def is_red(self) -> bool:
        return self.verdict == CheckVerdict.RED

    @property
    def icon(self) -> str:
        icons: dict[str, str] = {CheckVerdict.GREEN: "circle-check", CheckVerdict.RED: "alert-circle"}
        return icons.get(self.verdict, "minus" if self.verdict else "clock")


def lights_of(found: GateRecord) -> list[Light]:
    """Every check of a gate's newest run, those that were not carried out too."""
    return [_light(key, found.checks.get(str(key)), found) for key in CheckKey]


def _light(key: CheckKey, check: CheckRow | None, found: GateRecord) -> Light:
    if check is None:
        return Light(str(key), CHECKS[key], ASKS[key], "", T("尚未测试", "Not tested yet"), None, ())
    worded = _LINES[key]
    rows = [check.facts] if key is CheckKey.PRICING and "calls" in check.facts else check.rows
    lines = tuple(worded(row, check.facts, found) for row in rows)
    hidden = max(0, int(check.facts.get("of", 0)) - len(lines))
    light = Light(str(key), CHECKS[key], ASKS[key], check.verdict, _sum(key, check, found), None, lines, hidden)
    if check.verdict != CheckVerdict.RED:
        return light
    is_empty = not check.rows
    remedy, place = REMEDIES[key], _place(key, found)
    if key is CheckKey.MATERIALS and is_empty:  # nobody was asked: design cannot mend that
        remedy, place = ASK_DESIGN, f"{reverse('launch-brief')}?campaign={found.row.campaign_id}"
    return replace(light, remedy=remedy, mended_by=ROLE_WORDS[who_mends(key, is_empty=is_empty)], mended_at=place)


def _place(key: CheckKey, found: GateRecord) -> str:
    """The page on which it is mended."""
    campaign = quote(found.row.campaign)
    places: dict[CheckKey, str] = {
        CheckKey.RULES: "/promotions/?tab=all",
        CheckKey.EXAMPLES: f"/launch/gates/{found.row.id}/example/",
        CheckKey.COUPON_STOCK: "/promotions/coupons/?tab=all",
        CheckKey.STOCK: "/stock/",
        CheckKey.MATERIALS: f"/launch/materials/?tab=all&q={campaign}",
        CheckKey.LISTING: "/publishing/listings/?tab=all",
    }
    return places.get(key, f"/campaigns/{found.row.campaign_id}/")


def _sum(key: CheckKey, check: CheckRow, found: GateRecord) -> T:
    """The whole check in one line."""
    facts = check.facts
    if check.verdict == CheckVerdict.NOT_APPLICABLE:
        return why_of(facts.get("why")) or T("不适用", "Not applicable")
    if key is CheckKey.PRICING or "error" in facts:
        fast = T("{per_second} 次/秒，95% 在 {p95_ms} 毫秒内", "{per_second}/s, 95% within {p95_ms} ms").format(**facts)
        return why_of(facts.get("why")) or fast
    if facts.get("why"):
        return why_of(facts["why"]) or T("–", "–")
    least = facts.get("least")
    if least and facts["of"] < least:
        return T("只有 {of} 个，至少要 {least} 个", "{of} only, at least {least:# is|# are} wanted").format(**facts)
    if facts["red"]:
        return T("{of} 项中 {red} 项未过", "{red} of {of} failed").format(**facts)
    return T("{of} 项全部通过", "All {of} passed").format(**facts)


def why_of(code: Any) -> T | None:
    """Why something is red, in words; None where nothing is said."""
    return WHYS.get(str(code), T(str(code), str(code))) if code else None


def _load(facts: Mapping[str, Any]) -> T:
    return T(
        "{calls} 次，{per_second} 次/秒（至少 {rate_least}），95% 在 {p95_ms} 毫秒内（最多 {p95_most}）",
        "{calls:# call|# calls}, {per_second}/s (at least {rate_least}), 95% within {p95_ms} ms (at most {p95_most})",
    ).format(**facts)


def _amounts(row: Mapping[str, Any], found: GateRecord, *names: str) -> dict[str, str]:
    """Amounts of minor units as people write them; a dash where there is none."""
    money = {name: row.get(f"{name}_minor") for name in names}
    return {name: "–" if minor is None else str(Money(minor, found.row.currency)) for name, minor in money.items()}


def _goods(row: Mapping[str, Any], says: T) -> Line:
    return Line(row["sku"], row["name"], says, why_of(row.get("why")), row["ok"])


def _rules(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    if "rule_id" in row:
        url = reverse("promotion", args=[row["rule_id"]])
        says = T("从活动开始到结束都有效", "Holds from the campaign's start to its end")
        return Line(row["rule"], row["name"], says, why_of(row["why"]), row["ok"], url)
    if "promise" in row:
        says = T("方案承诺 {x}（{place}）", "The plan promises {x} ({place})")
        place = said_at(row["place"])
        told = T(says.zh.format(x=row["promise"], place=place.zh), says.en.format(x=row["promise"], place=place.en))
        url = reverse("campaign", args=[found.row.campaign_id])
        return Line(row["promise"], "", told, why_of(row["why"]), row["ok"], url)
    says = T("标价 {list}，最低可到 {reached}，活动价 {price}", "Listed {list}, as low as {reached}, promised {price}")
    return _goods(row, says.format(**_amounts(row, found, "list", "reached", "price")))


def _examples(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    off = Money(row["payable_minor"] - row["expected_minor"], found.row.currency)
    says = T("应为 {expected}，算得 {payable}，相差 {off}", "Expected {expected}, came to {payable}, {off} off")
    wrong = [line for line in row["lines"] if not line["ok"]]
    note = "；".join(
        f"{line['sku']} {' ≠ '.join(_amounts(line, found, 'expected', 'paid').values())}" for line in wrong
    )
    return Line(row["name"], note, says.format(**_amounts(row, found, "expected", "payable"), off=off),
                why_of(row["why"]), row["ok"])  # fmt: skip


def _coupon_stock(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    says = T(
        "开始时可领 {left} 张，需要 {needed} 张（{visitors} 访客 × {percent}%）",
        "{left} open at the start, {needed} needed ({visitors:# visitor|# visitors} × {percent}%)",
    ).format(**{**facts, **row})
    return Line(row["rule"], row["name"], says, why_of(row["why"]), row["ok"], f"{reverse('coupons')}?tab=all")


def _claims(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    counts = T(
        "{total} 张：发出 {given}，入表 {kept}，计数 {counted}；拒绝 {refused}；每人最多 {most_each}/{per_buyer}；",
        "{total}: {given} given, {kept} kept, {counted} counted; {refused} refused; {most_each}/{per_buyer} each; ",
    ).format(**row)
    load = _load({**facts, **row})
    says = T(counts.text("zh") + load.text("zh"), counts.text("en") + load.text("en"))
    return Line(row["rule"], "", says, why_of(row["why"]), row["ok"])


def _pricing(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    name = T("算价 {n} 次", "{n:# cart|# carts} priced").format(n=facts["calls"]).text()
    return Line(name, "", _load(facts), None, not facts.get("why"))


def _stock(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    says = T("可售 {sellable}，计划 {planned}，缺 {short}", "{sellable} sellable, {planned} planned, {short} short")
    return _goods(row, says.format(**row))


def _price_law(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    amounts = _amounts(row, found, "price", "lowest", "strike", "strike_most")
    says = T("活动价 {price}，近 {days} 天最低 {lowest}", "Promised {price}, lowest of {days:# day|# days} {lowest}")
    if row["strike_minor"] is not None:
        says = T(
            says.zh + "；划线价 {strike}，近 {strike_days} 天最低成交 {strike_most}",
            says.en + "; struck through from {strike}, lowest of {strike_days:# day|# days} {strike_most}",
        )
    return _goods(row, says.format(**facts, **amounts))


def _margin(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    says = T(
        "（{worst} − {cost}）÷ {worst} = {margin}，目标 {target}",
        "({worst} − {cost}) ÷ {worst} = {margin}, target {target}",
    )
    shares = {"margin": percent(row["margin"]), "target": percent(row["target"])}
    return _goods(row, says.format(**_amounts(row, found, "worst", "cost"), **shares))


def _materials(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    says = label_of(row["state"], "MaterialState").text
    kind = KINDS.get(row["kind"], T("", "")).text()
    return Line(row["title"], kind, says, None, row["ok"], reverse("launch-material", args=[row["material_id"]]))


def _listing(row: Mapping[str, Any], facts: Mapping[str, Any], found: GateRecord) -> Line:
    state = row["state"]
    named = {"": T("没有上架", "Not listed"), "delisted": T("已停售", "Delisted")}
    return _goods(row, named.get(state) or label_of(state, "ListingState").text)


_LINES: dict[CheckKey, Callable[[Mapping[str, Any], Mapping[str, Any], GateRecord], Line]] = {
    CheckKey.RULES: _rules,
    CheckKey.EXAMPLES: _examples,
    CheckKey.COUPON_STOCK: _coupon_stock,
    CheckKey.COUPON_CLAIM: _claims,
    CheckKey.PRICING: _pricing,
    CheckKey.STOCK: _stock,
    CheckKey.PRICE_LAW: _price_law,
    CheckKey.MARGIN: _margin,
    CheckKey.MATERIALS: _materials,
    CheckKey.LISTING: _listing,
}

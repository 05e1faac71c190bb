"""M2.2: the checks of the go-live gate, one function each: facts in, a verdict with its arithmetic out.

Amounts are minor units of the campaign's currency, margins basis points. Rows stand red first, at most MOST_ROWS.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shopkeeper.flows.marketing.launch.rules.loads import Load
from shopkeeper.flows.marketing.launch.states import CheckKey, CheckVerdict, MaterialState
from shopkeeper.flows.marketing.promotions.rules.promises import Promise
from shopkeeper.flows.products.pricing.rules import margin_of

MOST_ROWS = 50
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one check: `facts` the sums and limits, `rows` what was looked at, each with `ok`."""

    key: CheckKey
    verdict: CheckVerdict
    facts: dict[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


def judged(key: CheckKey, rows: Iterable[Row], *, ok: bool = True, **facts: Any) -> Checked:
    """Green where every row is, and `ok` besides."""
    found = list(rows)
    red = [row for row in found if not row["ok"]]
    verdict = CheckVerdict.GREEN if ok and not red else CheckVerdict.RED
    shown = (*red, *(row for row in found if row["ok"]))
    return Checked(key, verdict, {**facts, "red": len(red), "of": len(found)}, shown[:MOST_ROWS])


def not_applicable(key: CheckKey, why: str) -> Checked:
    return Checked(key, CheckVerdict.NOT_APPLICABLE, {"why": why})


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A promotion of the campaign; `state` empty where no version of it is live."""

    rule_id: int
    code: str
    name: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    needs_coupon: bool


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """A SKU of the campaign with everything the checks ask of it.

    `reached_minor` is the least a piece can cost at the start, `now_minor` the same over all that is published;
    `lowest_minor` the lowest deal price of the policy's days, `strike_minor` the price it is struck through from,
    `strike_most_minor` what that may be at most. `listing` is the state of its product in the shop.
    """

    sku_id: int
    code: str
    name: str
    planned: int
    price_minor: int
    list_minor: int
    reached_minor: int
    worst_minor: int
    cost_minor: int
    target_basis_points: int
    lowest_minor: int | None
    strike_minor: int | None
    strike_most_minor: int | None
    sellable: int
    listing: str

    def row(self, *, ok: bool, **more: Any) -> Row:
        return {"sku_id": self.sku_id, "sku": self.code, "name": self.name, "ok": ok, **more}


def check_rules(
    rules: Sequence[RuleFacts],
    goods: Sequence[GoodsFacts],
    starts_at: datetime,
    ends_at: datetime,
    broken: Sequence[Promise] = (),
) -> Checked:
    """Every promotion is published and holds from start to end; buyers can reach every promised price.

    `broken` is what plan and materials promise in words and no promotion gives: each is red.
    """
    if not rules and not goods and not broken:
        return judged(CheckKey.RULES, (), ok=False, why="campaign_empty")
    rows: list[Row] = [
        {"promise": one.written, "place": one.place, "ok": False, "why": "promise_without_rule"} for one in broken
    ]
    for rule in rules:
        why = _rule_trouble(rule, starts_at, ends_at)
        named = {"rule_id": rule.rule_id, "rule": rule.code, "name": rule.name}
        rows.append({**named, "ok": not why, "why": why})
    for one in goods:
        ok = one.reached_minor <= one.price_minor
        amounts = {"price_minor": one.price_minor, "list_minor": one.list_minor, "reached_minor": one.reached_minor}
        rows.append(one.row(ok=ok, why="" if ok else "price_not_reached", **amounts))
    return judged(CheckKey.RULES, rows, rules=len(rules), goods=len(goods))


def _rule_trouble(rule: RuleFacts, starts_at: datetime, ends_at: datetime) -> str:
    if rule.state != "published" or rule.starts_at is None or rule.ends_at is None:
        return "rule_paused" if rule.state == "paused" else "rule_not_published"
    if rule.starts_at > starts_at:
        return "rule_begins_late"
    return "rule_ends_early" if rule.ends_at < ends_at else ""


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """A cart as somebody expects it and as the engine prices it; `trouble` says why it could not be priced.

    `lines` are (SKU code, expected or None, paid).
    """

    id: int
    name: str
    expected_minor: int
    payable_minor: int
    lines: tuple[tuple[str, int | None, int], ...] = ()
    trouble: str = ""

    @property
    def is_right(self) -> bool:
        right_lines = all(expected is None or expected == paid for _, expected, paid in self.lines)
        return not self.trouble and self.expected_minor == self.payable_minor and right_lines


def check_examples(results: Sequence[ExampleResult], least: int, *, has_rules: bool) -> Checked:
    """Enough example carts, and each comes to the fen to what somebody expects, in sum and per line."""
    if not has_rules and not results:
        return not_applicable(CheckKey.EXAMPLES, "no_rules")
    rows = [
        {
            "example_id": one.id,
            "name": one.name,
            "ok": one.is_right,
            "expected_minor": one.expected_minor,
            "payable_minor": one.payable_minor,
            "why": one.trouble,
            "lines": [
                {"sku": sku, "expected_minor": expected, "paid_minor": paid, "ok": expected in (None, paid)}
                for sku, expected, paid in one.lines
            ],
        }
        for one in results
    ]
    return judged(CheckKey.EXAMPLES, rows, ok=len(results) >= least, least=least)


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """A batch of coupons of one of the campaign's promotions."""

    batch_id: int
    rule_id: int
    code: str
    name: str
    left: int
    claim_from: datetime
    claim_to: datetime
    is_stopped: bool

    def is_open_at(self, moment: datetime) -> bool:
        return not self.is_stopped and self.claim_from <= moment < self.claim_to


def check_coupon_stock(
    rules: Sequence[RuleFacts], batches: Sequence[BatchFacts], visitors: int, percent: int, starts_at: datetime
) -> Checked:
    """Each promotion with coupons has a batch open at the start, and enough are left for the expected visitors."""
    with_coupons = [rule for rule in rules if rule.needs_coupon]
    if not with_coupons:
        return not_applicable(CheckKey.COUPON_STOCK, "no_coupons")
    needed = max(1, -(-visitors * percent // 100))
    rows: list[Row] = []
    for rule in with_coupons:
        opened = [one for one in batches if one.rule_id == rule.rule_id and one.is_open_at(starts_at)]
        left = sum(one.left for one in opened)
        why = "no_open_batch" if not opened else "coupons_short" if left < needed else ""
        named = {"rule_id": rule.rule_id, "rule": rule.code, "name": rule.name, "batches": len(opened)}
        rows.append({**named, "left": left, "needed": needed, "ok": not why, "why": why})
    return judged(CheckKey.COUPON_STOCK, rows, visitors=visitors, percent=percent, needed=needed)


@dataclass(frozen=True, slots=True)
class ClaimRehearsal:
    """Claims of one promotion's coupons, rehearsed: what was given, what the tables hold, whom nobody may serve.

    `given` answers said done, `kept` coupons stood in the table, `counted` what the batch's counter said, `most_each`
    the most that one buyer got, `refused` the claims turned away as they should be.
    """

    rule_id: int
    code: str
    total: int
    per_buyer: int
    given: int
    kept: int
    counted: int
    most_each: int
    refused: int
    load: Load
    trouble: str = ""

    @property
    def is_exact(self) -> bool:
        exact = self.given == self.kept == self.counted == self.total
        return not self.trouble and exact and self.most_each <= self.per_buyer


def check_claims(rehearsals: Sequence[ClaimRehearsal], p95_ms: int, per_second: int) -> Checked:
    """Exactly as many given as there were, nobody more than allowed, fast enough."""
    if not rehearsals:
        return not_applicable(CheckKey.COUPON_CLAIM, "no_coupons")
    rows: list[Row] = []
    for one in rehearsals:
        slow = one.load.p95_ms > p95_ms or one.load.per_second < per_second
        why = one.trouble or ("" if one.is_exact else "claims_not_exact") or ("too_slow" if slow else "")
        rows.append(
            {
                "rule_id": one.rule_id,
                "rule": one.code,
                "ok": not why,
                "why": why,
                **{
                    name: getattr(one, name) for name in ("total", "given", "kept", "counted", "most_each", "per_buyer")
                },
                "refused": one.refused,
                **load_facts(one.load),
            }
        )
    return judged(CheckKey.COUPON_CLAIM, rows, p95_most=p95_ms, rate_least=per_second)


def check_pricing(load: Load, unlike: int, failed: int, p95_ms: int, per_second: int) -> Checked:
    """Every cart is priced, the same cart always alike, fast enough."""
    if not load.calls:
        return not_applicable(CheckKey.PRICING, "nothing_to_price")
    why = "price_failed" if failed else "price_wavers" if unlike else ""
    if not why and (load.p95_ms > p95_ms or load.per_second < per_second):
        why = "too_slow"
    facts = {"why": why, "unlike": unlike, "failed": failed, "p95_most": p95_ms, "rate_least": per_second}
    return judged(CheckKey.PRICING, (), ok=not why, **facts, **load_facts(load))


def load_facts(load: Load) -> dict[str, Any]:
    return {
        "calls": load.calls,
        "seconds": load.seconds,
        "per_second": load.per_second,
        "p50_ms": load.p50_ms,
        "p95_ms": load.p95_ms,
    }


def check_stock(goods: Sequence[GoodsFacts]) -> Checked:
    """What is sellable covers what is planned."""
    if not goods:
        return not_applicable(CheckKey.STOCK, "no_goods")
    rows = [
        one.row(
            ok=one.sellable >= one.planned,
            planned=one.planned,
            sellable=one.sellable,
            short=max(0, one.planned - one.sellable),
        )
        for one in goods
    ]
    return judged(CheckKey.STOCK, rows, short=sum(row["short"] for row in rows))


def check_price_law(goods: Sequence[GoodsFacts], days: int, strike_days: int) -> Checked:
    """No campaign price above the lowest deal price of the days before; no struck-through price nobody paid."""
    if not goods:
        return not_applicable(CheckKey.PRICE_LAW, "no_goods")
    rows: list[Row] = []
    for one in goods:
        why = ""
        if one.lowest_minor is not None and one.price_minor > one.lowest_minor:
            why = "above_lowest"
        elif one.strike_minor is not None and (
            one.strike_most_minor is None or one.strike_minor > one.strike_most_minor
        ):
            why = "strike_unproved"
        amounts = {
            "price_minor": one.price_minor,
            "lowest_minor": one.lowest_minor,
            "strike_minor": one.strike_minor,
            "strike_most_minor": one.strike_most_minor,
        }
        rows.append(one.row(ok=not why, why=why, **amounts))
    return judged(CheckKey.PRICE_LAW, rows, days=days, strike_days=strike_days)


def check_margin(goods: Sequence[GoodsFacts], by: str) -> Checked:
    """The least a buyer can pay with everything that combines stays above cost, or meets the target margin."""
    if not goods:
        return not_applicable(CheckKey.MARGIN, "no_goods")
    rows: list[Row] = []
    for one in goods:
        worst = min(one.worst_minor, one.price_minor)
        margin = margin_of(worst, one.cost_minor) if worst > 0 else -10_000
        why = "cost_unknown" if one.cost_minor <= 0 else ""
        why = why or ("below_cost" if worst < one.cost_minor else "")
        is_short = margin < one.target_basis_points
        why = why or ("below_target" if is_short and by == "target" else "")
        rows.append(
            one.row(
                ok=not why,
                why=why or ("under_target" if is_short else ""),
                worst_minor=worst,
                cost_minor=one.cost_minor,
                margin=margin,
                target=one.target_basis_points,
            )
        )
    return judged(CheckKey.MARGIN, rows, by=by)


@dataclass(frozen=True, slots=True)
class MaterialFacts:
    material_id: int
    title: str
    kind: str
    state: str


def check_materials(materials: Sequence[MaterialFacts], least: int) -> Checked:
    """Everything that was asked for is approved, and there is something."""
    rows: list[Row] = [
        {
            "material_id": one.material_id,
            "title": one.title,
            "kind": one.kind,
            "state": one.state,
            "ok": one.state == MaterialState.APPROVED,
        }
        for one in materials
    ]
    return judged(CheckKey.MATERIALS, rows, ok=len(rows) >= least, least=least)


def check_listing(goods: Sequence[GoodsFacts]) -> Checked:
    """Buyers find every SKU on sale in the shop."""
    if not goods:
        return not_applicable(CheckKey.LISTING, "no_goods")
    return judged(CheckKey.LISTING, (one.row(ok=one.listing == "on_sale", state=one.listing) for one in goods))


def red_keys(verdicts: Mapping[str, str]) -> list[str]:
    """What is red, in the order of the gate."""
    return [str(key) for key in CheckKey if verdicts.get(str(key)) == CheckVerdict.RED]


def in_time(wanted: datetime, least: datetime, start: datetime) -> datetime:
    """When a gate is due: when it is wanted, but not sooner than somebody can test it, nor after the start."""
    return max(wanted, min(least, start))

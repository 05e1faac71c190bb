"""Promotions as people read them: the list with its counters, one with its versions and what changed between them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from shopkeeper.flows.marketing.promotions.models import Counter, CouponBatch, Version
from shopkeeper.flows.marketing.promotions.rules.codec import Terms, read_terms
from shopkeeper.flows.marketing.promotions.sql import goods as goods_sql
from shopkeeper.flows.marketing.promotions.states import LIVE, OPEN, PromotionState
from shopkeeper.flows.marketing.promotions.words import conditions, sentence
from shopkeeper.foundation.actor import Actor
from shopkeeper.foundation.models import Person, Shop
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.words import T

COUNTED = (PromotionState.DRAFT, PromotionState.IN_REVIEW, PromotionState.PUBLISHED, PromotionState.PAUSED)
BUDGET_ALERT = 80
_COLUMNS = (
    "id", "rule_id", "rule__code", "number", "state", "name", "kind", "terms", "starts_at", "ends_at", "shop_id",
    "shop__name", "saved_at", "saved_by", "submitted_at", "submitted_by", "findings", "scanned", "due_at", "decided_at",
    "decided_by", "decision_reason", "state_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """What is asked of the list; `state` empty means all."""

    state: str = ""
    text: str = ""
    shop_id: int | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a promotion; `id` is the promotion's, whose page it opens."""

    id: int
    version_id: int
    code: str
    number: int
    state: str
    name: str
    kind: str
    terms: Terms
    starts_at: datetime
    ends_at: datetime
    shop_id: int | None
    shop: str | None
    saved_at: datetime
    saved_by: int
    submitted_at: datetime | None
    submitted_by: int | None
    findings: list[dict[str, Any]]
    scanned: int
    due_at: datetime | None
    decided_at: datetime | None
    decided_by: int | None
    decision_reason: str
    state_at: datetime
    uses: int = 0
    uses_total: int | None = None
    money_minor: int = 0
    budget_minor: int | None = None
    platform_uses: int = 0
    platform_minor: int = 0
    is_counted: bool = False

    @property
    def says(self) -> T:
        return sentence(self.terms)

    @property
    def conditions(self) -> list[T]:
        return conditions(self.terms)

    @property
    def below(self) -> list[dict[str, Any]]:
        return [finding for finding in self.findings if finding["code"] != "overlap"]

    @property
    def overlaps(self) -> list[dict[str, Any]]:
        return [finding for finding in self.findings if finding["code"] == "overlap"]

    @property
    def waits(self) -> bool:
        return self.state == PromotionState.IN_REVIEW

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def all_uses(self) -> int:
        """By orders priced here, and by those that a platform priced like this promotion."""
        return self.uses + self.platform_uses

    @property
    def all_minor(self) -> int:
        return self.money_minor + self.platform_minor

    @property
    def budget_percent(self) -> int | None:
        return None if self.budget_minor is None else self.all_minor * 100 // self.budget_minor

    @property
    def tone(self) -> str:
        """How the row is tinted: amber to review, red where the budget is nearly spent."""
        if self.is_live and (self.budget_percent or 0) >= BUDGET_ALERT:
            return "red"
        return "amber" if self.waits else ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a version says otherwise than the one before."""

    what: T
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """One promotion whole: all versions newest first, what each changed, who did what, its coupons."""

    versions: tuple[VersionRow, ...]
    changes: dict[int, tuple[Change, ...]]  # by version number
    people: dict[int, str]
    batches: int

    @property
    def row(self) -> VersionRow:
        """The version that matters now: what waits to be decided, else what is live, else the newest."""
        opened = next((v for v in self.versions if v.waits), None)
        live = next((v for v in self.versions if v.is_live), None)
        return opened or live or self.versions[0]

    @property
    def draft(self) -> VersionRow | None:
        return next((v for v in self.versions if v.state == PromotionState.DRAFT), None)

    @property
    def live(self) -> VersionRow | None:
        return next((v for v in self.versions if v.is_live), None)

    @property
    def counted(self) -> VersionRow | None:
        """The version that tells how much was used: the live one, else the last that was; None: none ever was."""
        return self.live or next((v for v in self.versions if v.is_counted), None)


def rule_counts(viewer: Actor) -> dict[str, int]:
    """How many per state, for the list's tabs."""
    rows = _seen(Version.objects.filter(state__in=[str(s) for s in COUNTED]), viewer)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def rules_page(
    viewer: Actor, wanted: RuleFilter, *, after: int | None = None, limit: int = 50
) -> tuple[list[VersionRow], str]:
    """A page of versions, newest first, and the key of the next one ('' where there is none)."""
    rows = _seen(Version.objects.all(), viewer)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.shop_id is not None:
        rows = rows.filter(Q(shop_id=wanted.shop_id) | Q(shop_id=None))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.text:
        rows = rows.filter(Q(rule__code__icontains=wanted.text) | Q(name__icontains=wanted.text))
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = _rows(rows.order_by("-id").values(*_COLUMNS)[: limit + 1])
    return found[:limit], str(found[limit - 1].version_id) if len(found) > limit else ""


def rule_record(viewer: Actor, rule_id: int) -> RuleRecord | None:
    """One promotion with its versions; None where there is none in the viewer's shops."""
    rows = _rows(_seen(Version.objects.filter(rule_id=rule_id), viewer).order_by("-number").values(*_COLUMNS))
    if not rows:
        return None
    ids = {id_ for row in rows for id_ in (row.saved_by, row.submitted_by, row.decided_by) if id_}
    people = dict(Person.objects.filter(id__in=ids).values_list("id", "name"))
    earlier = dict(zip([row.number for row in rows], [*rows[1:], None], strict=True))
    changes = {row.number: _changes(earlier[row.number], row) for row in rows}
    return RuleRecord(tuple(rows), changes, people, CouponBatch.objects.filter(rule_id=rule_id).count())


def opened_of(viewer: Actor, rule_id: int) -> VersionRow | None:
    """What somebody edits: the open version, else the live one, else the newest."""
    found = rule_record(viewer, rule_id)
    if found is None:
        return None
    return next((v for v in found.versions if v.state in OPEN), None) or found.live or found.versions[0]


def rule_choices(viewer: Actor) -> list[tuple[str, str]]:
    """Promotions that take coupons and are not over, as choices."""
    rows = _seen(Version.objects.exclude(state=PromotionState.ENDED).filter(terms__needs_coupon=True), viewer)
    found = rows.order_by("rule__code", "-number").values_list("rule_id", "rule__code", "name")
    return list({str(id_): (str(id_), f"{code} {name}") for id_, code, name in found}.values())


def shops_of(viewer: Actor) -> list[tuple[str, str]]:
    """The viewer's shops as choices."""
    rows = Shop.objects.filter(is_active=True).order_by("name")
    rows = rows if viewer.shops is None else rows.filter(id__in=viewer.shops)
    return [(str(id_), name) for id_, name in rows.values_list("id", "name")]


def sku_codes(ids: Sequence[int]) -> dict[int, str]:
    """Codes of SKUs by id, for what terms hold as ids."""
    return {row.id: row.code for row in goods_sql.GOODS.rows(skus=sorted(ids))} if ids else {}


def _seen(rows: QuerySet[Any], viewer: Actor) -> QuerySet[Any]:
    return rows if viewer.shops is None else rows.filter(Q(shop_id=None) | Q(shop_id__in=viewer.shops))


def _rows(found: Any) -> list[VersionRow]:
    values = list(found)
    counters = {c.rule_id: c for c in Counter.objects.filter(rule_id__in={v["rule_id"] for v in values})}
    return [_row(value, counters.get(value["rule_id"])) for value in values]


def _row(value: dict[str, Any], counter: Counter | None) -> VersionRow:
    own = {name: value[name] for name in _COLUMNS if "__" not in name and name not in ("id", "rule_id", "terms")}
    spent: dict[str, Any] = {}
    if counter and value["state"] not in OPEN:
        spent = {
            "is_counted": True,
            "uses": counter.uses_reserved + counter.uses_used,
            "uses_total": counter.uses_total,
            "money_minor": counter.reserved_minor + counter.used_minor,
            "budget_minor": counter.budget_minor,
            "platform_uses": counter.platform_uses,
            "platform_minor": counter.platform_minor,
        }
    return VersionRow(
        id=value["rule_id"],
        version_id=value["id"],
        code=value["rule__code"],
        shop=value["shop__name"],
        terms=read_terms(value["terms"] if isinstance(value["terms"], dict) else json.loads(value["terms"])),
        **own,
        **spent,
    )


def _changes(before: VersionRow | None, after: VersionRow) -> tuple[Change, ...]:
    """What a version says otherwise; the first one says everything anew."""
    if before is None:
        return ()
    found = [
        (T("名称", "Name"), before.name, after.name),
        (T("优惠", "Gives"), str(before.says), str(after.says)),
        (T("开始", "Starts"), before.starts_at, after.starts_at),
        (T("结束", "Ends"), before.ends_at, after.ends_at),
        (T("条件", "Conditions"), _listed(before), _listed(after)),
    ]
    changed = [Change(what, _said(old), _said(new)) for what, old, new in found if old != new]
    if not changed and before.terms != after.terms:
        changed.append(Change(T("其他", "Other"), T("细节", "details").text(), T("有改动", "changed").text()))
    return tuple(changed)


def _listed(row: VersionRow) -> str:
    return " · ".join(map(str, row.conditions))


def _said(value: Any) -> str:
    return f"{value.astimezone(SHOP_ZONE):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)

"""Writing plans down: what they name is known, what is new is said, everything else stays as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol

from pydantic import Field

from shopkeeper.flows.marketing.campaigns.deadlines import PLAN
from shopkeeper.flows.marketing.campaigns.rules.plans import plan_due_at, time_refusal
from shopkeeper.flows.marketing.campaigns.sql import campaigns as sql
from shopkeeper.flows.marketing.campaigns.states import CAMPAIGN_FLOW, CampaignState
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, refused
from shopkeeper.sop.deadlines import Arm, arm
from shopkeeper.sop.policy import policies

Key = tuple[int, str]
MOST_GOODS = 500


@dataclass(frozen=True, slots=True)
class PlannedGoods:
    """A SKU of a plan: pieces set aside and the campaign's price in minor units."""

    sku_id: int
    planned_quantity: Annotated[int, Field(ge=1, le=10_000_000)]
    price_minor: Annotated[int, Field(ge=0, le=10**12)]


class Written(Protocol):
    """What every plan says, an idea too."""

    @property
    def shop_id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def goods(self) -> tuple[PlannedGoods, ...]: ...
    @property
    def sku_ids(self) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What plans may name: shops and SKUs with their currency, rules and segments with their shop."""

    shops: Mapping[int, str]
    skus: Mapping[int, str]
    rules: Mapping[int, int | None]
    segments: Mapping[int, int | None]


def key_of(item: Written) -> Key:
    return item.shop_id, item.code.strip()


class Naming(Protocol):
    """What names a shop and SKUs: a plan, or the facts of one."""

    @property
    def shop_id(self) -> int: ...
    @property
    def sku_ids(self) -> tuple[int, ...]: ...


def known_of(items: Sequence[Naming], rules: Iterable[int] = (), segments: Iterable[int] = ()) -> Known:
    """What is there of all that some plans name, in one statement."""
    rows = sql.KNOWN.rows(
        shops=sorted({item.shop_id for item in items}),
        skus=sorted({sku for item in items for sku in item.sku_ids}),
        rules=sorted(set(rules)),
        segments=sorted(set(segments)),
    )
    return Known(
        {row.id: row.currency for row in rows if row.kind == "shop"},
        {row.id: row.currency for row in rows if row.kind == "sku"},
        {row.id: row.shop_id for row in rows if row.kind == "rule"},
        {row.id: row.shop_id for row in rows if row.kind == "segment"},
    )


def refusal_of(step: Step, item: Written, known: Known) -> Outcome | None:
    """What is wrong with a plan's name, time or goods; None where nothing is."""
    if item.shop_id not in known.shops:
        return refused("not_found")
    if not item.code.strip() or not item.name.strip() or "\x00" in item.code + item.name:
        return refused("campaign_unnamed")
    code = time_refusal(item.starts_at, item.ends_at, step.now)
    if code:
        return refused(code)
    skus = [one.sku_id for one in item.goods]
    if len(skus) > MOST_GOODS:
        return refused("goods_too_many", most=MOST_GOODS)
    if len(set(skus)) < len(skus):
        return refused("goods_twice")
    unknown = [sku for sku in skus if sku not in known.skus]
    if unknown:
        return refused("sku_unknown", sku=unknown[0])
    currency = known.shops[item.shop_id]
    return refused("goods_currencies") if any(known.skus[sku] != currency for sku in skus) else None


def make_rows(
    step: Step, plans: Sequence[dict[str, Any]]
) -> tuple[dict[Key, sql.CampaignRow], dict[Key, sql.CampaignRow]]:
    """Make the campaigns that are new; all of them by shop and code, locked, and of these the new ones."""
    made = sql.MAKE.rows(plans=as_json(plans), now=step.now, actor_id=step.actor.id)
    keys = [(plan["shop_id"], plan["code"]) for plan in plans]
    rows = sql.BY_CODE.rows(shops=[shop for shop, _ in keys], codes=[code for _, code in keys])
    return {(row.shop_id, row.code): row for row in rows}, {(row.shop_id, row.code): row for row in made}


def put_goods(goods: Mapping[int, Sequence[PlannedGoods]]) -> set[int]:
    """The goods of these campaigns are exactly these; which campaigns that changed."""
    pairs = [(owner, one) for owner, every in sorted(goods.items()) for one in sorted(every, key=lambda g: g.sku_id)]
    owners = [owner for owner, _ in pairs]
    skus = [one.sku_id for _, one in pairs]
    dropped = sql.DROP_GOODS.rows(campaigns=sorted(goods), owners=owners, skus=skus)
    put = sql.PUT_GOODS.rows(
        owners=owners,
        skus=skus,
        pieces=[one.planned_quantity for _, one in pairs],
        prices=[one.price_minor for _, one in pairs],
    )
    return {row.id for row in (*dropped, *put)}


def put_rules(rules: Mapping[int, Sequence[int]]) -> set[int]:
    """The rules of these campaigns are exactly these; which campaigns that changed."""
    pairs = [(owner, id_) for owner, every in sorted(rules.items()) for id_ in sorted(set(every))]
    named = {"owners": [owner for owner, _ in pairs], "rules": [id_ for _, id_ in pairs]}
    dropped = sql.DROP_RULES.rows(campaigns=sorted(rules), **named)
    return {row.id for row in (*dropped, *sql.PUT_RULES.rows(**named))}


def put_segments(segments: Mapping[int, Sequence[int]]) -> set[int]:
    """The segments of these campaigns are exactly these; which campaigns that changed."""
    pairs = [(owner, id_) for owner, every in sorted(segments.items()) for id_ in sorted(set(every))]
    named = {"owners": [owner for owner, _ in pairs], "segments": [id_ for _, id_ in pairs]}
    dropped = sql.DROP_SEGMENTS.rows(campaigns=sorted(segments), **named)
    return {row.id for row in (*dropped, *sql.PUT_SEGMENTS.rows(**named))}


def arm_plans(step: Step, starts: Mapping[int, tuple[int, str, datetime]]) -> None:
    """Set when plans are due: {campaign: (shop, code, start)}."""
    policy = policies(step)
    dues = {
        id_: plan_due_at(
            starts_at,
            step.now,
            days_before=policy("campaign_plan_days", shop_id),
            least_hours=policy("campaign_plan_hours", shop_id),
        )
        for id_, (shop_id, _, starts_at) in starts.items()
    }
    note_due(dues)
    arm(step, [Arm(PLAN, id_, dues[id_], shop_id=shop, label=code) for id_, (shop, code, _) in starts.items()])


def note_due(dues: Mapping[int, datetime | None]) -> None:
    """Write beside each campaign when its present step is due."""
    if dues:
        sql.NOTE_DUE.run(campaigns=list(dues), dues=list(dues.values()))


def move_each(step: Step, reasons: Mapping[int, str], to: CampaignState) -> None:
    """Move campaigns, each with its own reason on record: as many statements as there are reasons."""
    for reason in sorted(set(reasons.values())):
        step.move(CAMPAIGN_FLOW, [id_ for id_, why in reasons.items() if why == reason], to, reason)

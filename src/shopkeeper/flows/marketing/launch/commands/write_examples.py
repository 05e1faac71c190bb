"""M2.2: carts that people write down with what they have to come to: the gate holds the engine against them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import Field

from shopkeeper.flows.marketing.launch.events import ExampleDropped, ExampleSaved
from shopkeeper.flows.marketing.launch.permissions import Permission
from shopkeeper.flows.marketing.launch.sql import gates as sql
from shopkeeper.flows.marketing.promotions.queries.carts import MOST_PIECES
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import ShopOf
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged

MOST_LINES = 50
MOST_MINOR = 10**12
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """So many pieces, and where given what they have to come to together."""

    sku_id: int
    quantity: int = 1
    paid_minor: int | None = None


@dataclass(frozen=True, slots=True)
class SaveExample:
    """A cart with the payable it must have, in minor units; `rule_ids` are promotions whose coupon is in hand."""

    campaign_id: int
    name: Annotated[str, Field(min_length=1, max_length=80)]
    lines: Annotated[tuple[ExampleLine, ...], Field(max_length=MOST_LINES)]
    expected_minor: int
    level: Annotated[str, Field(max_length=40)] = ""
    segments: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=20)] = ()
    is_new: bool = False
    rule_ids: Annotated[tuple[int, ...], Field(max_length=20)] = ()
    freight_minor: int = 0

    @property
    def place(self) -> Place:
        return self.campaign_id, self.name.strip()

    def plain(self) -> dict[str, Any]:
        lines = [asdict(line) for line in self.lines]
        return {
            "campaign_id": self.campaign_id,
            "name": self.name.strip(),
            "lines": lines,
            "level": self.level.strip(),
            "segments": sorted(set(self.segments)),
            "is_new": self.is_new,
            "rule_ids": sorted(set(self.rule_ids)),
            "freight_minor": self.freight_minor,
            "expected_minor": self.expected_minor,
        }


@command(clause="M2.2", permission=Permission.GATE_EXAMPLE, scope=ShopOf("campaigns_campaign", "campaign_id"))
def save_examples(step: Step, items: Sequence[SaveExample]) -> list[Outcome]:
    """Write examples down, or anew under their name; done with the example's id.

    Refused: "example_unnamed", "cart_empty", "cart_quantity", "example_amount", "example_twice" in one batch.
    Written so already: unchanged.
    """
    campaigns = sorted({item.campaign_id for item in items})
    there = {(row.campaign_id, row.name): row for row in sql.LOCK_EXAMPLES.rows(campaigns=campaigns)}
    outcomes: list[Outcome] = []
    fit: dict[Place, SaveExample] = {}
    for item in items:
        code, standing, twin = _refusal(item), there.get(item.place), fit.get(item.place)
        if code:
            outcomes.append(refused(code, item.campaign_id))
        elif twin:
            outcomes.append(unchanged() if twin == item else refused("example_twice", item.campaign_id))
        elif standing and not standing.is_dropped and _plain(standing) == item.plain():
            outcomes.append(unchanged(standing.id))
        else:
            fit[item.place] = item
            outcomes.append(done())
    rows = [item.plain() for item in fit.values()]
    made = {}
    if rows:
        written = sql.SAVE_EXAMPLES.rows(examples=as_json(rows), now=step.now, actor_id=step.actor.id)
        made = {(row.campaign_id, row.name): row.id for row in written}
        shops = _shops(campaigns)
        step.emit(*(ExampleSaved(row.id, row.campaign_id, shops[row.campaign_id]) for row in written))
    return [
        done(made[item.place]) if outcome.changed else outcome for item, outcome in zip(items, outcomes, strict=True)
    ]


def _refusal(item: SaveExample) -> str:
    if not item.name.strip() or "\x00" in item.name + item.level + "".join(item.segments):
        return "example_unnamed"
    if not item.lines:
        return "cart_empty"
    if not all(0 < line.quantity <= MOST_PIECES for line in item.lines):
        return "cart_quantity"
    amounts = [item.expected_minor, item.freight_minor, *(line.paid_minor or 0 for line in item.lines)]
    return "" if all(0 <= amount <= MOST_MINOR for amount in amounts) else "example_amount"


def _shops(campaign_ids: Sequence[int]) -> dict[int, int]:
    return {row.id: row.shop_id for row in sql.CAMPAIGNS.rows(ids=sorted(set(campaign_ids)))}


def _plain(row: sql.ExampleRow) -> dict[str, Any]:
    names = ("campaign_id", "name", "level", "segments", "is_new", "rule_ids", "freight_minor", "expected_minor")
    return {**{name: getattr(row, name) for name in names}, "lines": json.loads(row.lines)}


@dataclass(frozen=True, slots=True)
class DropExample:
    campaign_id: int
    example_id: int


@command(clause="M2.2", permission=Permission.GATE_EXAMPLE, scope=ShopOf("campaigns_campaign", "campaign_id"))
def drop_examples(step: Step, items: Sequence[DropExample]) -> list[Outcome]:
    """Examples that no longer count. Refused: "not_found" in that campaign. Dropped already: unchanged."""
    rows = {row.id: row for row in sql.EXAMPLES_BY_ID.rows(ids=sorted({item.example_id for item in items}))}
    outcomes, dropped = [], dict[int, None]()
    for item in items:
        row = rows.get(item.example_id)
        if row is None or row.campaign_id != item.campaign_id:
            outcomes.append(refused("not_found", item.example_id))
        elif row.is_dropped or row.id in dropped:
            outcomes.append(unchanged(row.id))
        else:
            dropped[row.id] = None
            outcomes.append(done(row.id))
    if dropped:
        sql.DROP_EXAMPLES.run(ids=list(dropped), now=step.now)
        shops = _shops([rows[id_].campaign_id for id_ in dropped])
        step.emit(*(ExampleDropped(id_, rows[id_].campaign_id, shops[rows[id_].campaign_id]) for id_ in dropped))
    return outcomes

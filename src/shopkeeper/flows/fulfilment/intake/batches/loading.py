"""What a batch of orders is judged by, loaded once: SKUs, warehouses, keys of persons, policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake import records, rules
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.personal import SubjectKeys, keys_for
from shopkeeper.foundation.sql import as_json
from shopkeeper.sop.policy import Policies, policies

Key = tuple[int, str]  # (shop_id, platform_no)


@dataclass(slots=True)
class Intake:
    """One batch at work."""

    step: Step
    policy: Policies
    skus: Mapping[str, rules.KnownSku]
    warehouses: Mapping[int, int | None]
    keys: SubjectKeys
    places: Mapping[Key, bytes]
    repeats: dict[bytes, set[int]]

    def judge(self, order: ReceivedOrder, row: Mapping[str, object]) -> list[rules.Finding]:
        """All findings on a paid order; `row` is what is stored of it."""
        address = row["address_index"]
        others = self.repeats.get(address, set()) - {row["id"]} if isinstance(address, bytes) else set()
        check = rules.CheckPolicy(self.policy("order_quantity_max", order.shop_id))
        findings = rules.judge(order, self.skus, check, is_repeat=bool(others))
        return findings if row["warehouse_id"] else [*findings, rules.Finding("no_warehouse")]


def load_batch(step: Step, orders: Sequence[ReceivedOrder]) -> Intake:
    """Load what judging these orders needs: three statements however many they are."""
    policy = policies(step)
    places = {(order.shop_id, order.platform_no): records.place_of(order) for order in orders}
    rows = sql.REFERENCE.rows(
        codes=sorted({line.outer_code for order in orders for line in order.lines}),
        shops=sorted({order.shop_id for order in orders}),
        places=as_json([place.hex() for place in places.values()]),
        since=step.now - timedelta(hours=policy("repeat_order_hours")),
    )
    skus: dict[str, rules.KnownSku] = {}
    aliases: dict[str, rules.KnownSku] = {}
    warehouses: dict[int, int | None] = {}
    repeats: dict[bytes, set[int]] = {}
    for row in rows:
        if row.kind == "sku":
            skus[row.code] = rules.KnownSku(row.id, row.is_delisted, row.amount or 0)
        elif row.kind == "alias":
            aliases[row.code] = rules.KnownSku(row.id, row.is_delisted, row.amount or 0)
        elif row.kind == "shop":
            warehouses[row.id] = row.amount
        elif row.place is not None:
            repeats.setdefault(bytes(row.place), set()).add(row.id)
    keys = keys_for((records.subject_reference(order) for order in orders), now=step.now)
    return Intake(
        step,
        policy,
        {**aliases, **skus},  # a SKU's own code goes first
        warehouses,
        keys,
        places,
        repeats,
    )


def count_as_repeats(intake: Intake, rows: Sequence[Mapping[str, object]]) -> None:
    """Orders of the batch itself count, too, when looking for others to the same receiver."""
    for row in rows:
        place, row_id = row["address_index"], row["id"]
        if isinstance(place, bytes) and isinstance(row_id, int):
            intake.repeats.setdefault(place, set()).add(row_id)

"""What a batch of orders is judged by, loaded once: SKUs, warehouses, keys of persons, policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from shopkeeper.flows.fulfilment.intake import records, rules
from shopkeeper.flows.fulfilment.intake.ports import ReceivedOrder
from shopkeeper.flows.fulfilment.intake.sql import take_in as sql
from shopkeeper.foundation.commands import Step
from shopkeeper.foundation.personal import SubjectKeys, keys_for
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
    repeats: Mapping[bytes, set[int]] = field(default_factory=dict)

    def judge(self, order: ReceivedOrder, row: Mapping[str, object]) -> list[rules.Finding]:
        """All findings on a paid order; `row` is what is stored of it."""
        address = row["address_index"]
        others = self.repeats.get(address, set()) - {row["id"]} if isinstance(address, bytes) else set()
        check = rules.CheckPolicy(self.policy("order_quantity_max", order.shop_id))
        return rules.judge(order, self.skus, check, is_repeat=bool(others))


def load_batch(step: Step, orders: Sequence[ReceivedOrder]) -> Intake:
    """Load what judging these orders needs: five statements however many they are."""
    codes = sorted({line.outer_code for order in orders for line in order.lines})
    skus = {
        row.code: rules.KnownSku(row.id, row.is_delisted, row.floor_minor) for row in sql.MATCH_SKUS.rows(codes=codes)
    }
    shops = sql.SHOPS.rows(ids=sorted({order.shop_id for order in orders}))
    keys = keys_for((records.subject_reference(order) for order in orders), now=step.now)
    policy = policies(step)
    return Intake(step, policy, skus, {row.id: row.default_warehouse_id for row in shops}, keys)


def load_repeats(intake: Intake, rows: Sequence[Mapping[str, object]]) -> None:
    """Find other open orders to the same receiver, in the database and in this batch."""
    hours = intake.policy("repeat_order_hours")
    found: dict[bytes, set[int]] = {}
    addresses = [row["address_index"] for row in rows if row["address_index"] is not None]
    since = intake.step.now - timedelta(hours=hours)
    for repeat in sql.REPEATS.rows(addresses=addresses, since=since):
        found.setdefault(bytes(repeat.address_index), set()).add(repeat.order_id)
    for row in rows:
        address, row_id = row["address_index"], row["id"]
        if isinstance(address, bytes) and isinstance(row_id, int):
            found.setdefault(address, set()).add(row_id)
    intake.repeats = found

"""G3: a policy value is set, within its bounds, by who may, with the reason; the old ones stay on record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged
from shopkeeper.sop.events import PolicyChanged
from shopkeeper.sop.models import PolicyValue
from shopkeeper.sop.permissions import Permission
from shopkeeper.sop.policy import POLICY_KEYS, policies


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """`shop_id` None sets the value for all shops that have none of their own."""

    key: str
    value: int | bool | str
    reason: str
    shop_id: int | None = None


@command(clause="G3", permission=Permission.POLICY_SET, scope=InShop())
def set_policy(step: Step, items: Sequence[SetPolicy]) -> list[Outcome]:
    """Set policy values.

    Refused: not_all_shops (a general value by who sees only some shops), policy_unknown, policy_wrong_type,
    policy_out_of_bounds, policy_not_a_choice, policy_not_clock_times, reason_needed.
    """
    current = policies(step)
    outcomes: list[Outcome] = []
    rows: list[PolicyValue] = []
    for item in items:
        outcome = _judge(step, item)
        if outcome.ok and current(item.key, item.shop_id) == item.value:
            outcome = unchanged()
        if outcome.changed:
            rows.append(
                PolicyValue(
                    key=item.key,
                    shop_id=item.shop_id,
                    value=item.value,
                    set_at=step.now,
                    set_by=step.actor.id,
                    reason=item.reason[:300],
                )
            )
            step.emit(PolicyChanged(item.key, item.shop_id, json.dumps(item.value)))
        outcomes.append(outcome)
    PolicyValue.objects.bulk_create(rows)
    step.memory.pop("policies", None)
    return outcomes


def _judge(step: Step, item: SetPolicy) -> Outcome:
    if item.shop_id is None and step.actor.shops is not None:
        return refused("not_all_shops")
    key = POLICY_KEYS.get(item.key)
    if key is None:
        return refused("policy_unknown", key=item.key)
    if not item.reason.strip():
        return refused("reason_needed")
    try:
        key.check(item.value)
    except BusinessError as error:
        return refused(error.code, **error.facts)
    return done()

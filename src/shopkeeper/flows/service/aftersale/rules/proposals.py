"""What the policy owes in one case, with every reason said: values in, proposal out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from shopkeeper.flows.service.aftersale.rules.policy import PolicyRule
from shopkeeper.flows.service.aftersale.rules.refunds import LineMoney, refund_of_lines
from shopkeeper.flows.service.aftersale.states import (
    WITH_REFUND,
    WITH_RETURN,
    Freight,
    Reason,
    Shot,
    Solution,
    Verdict,
)

NOT_SENT = ("to_check", "released", "picking", "to_pack", "packed")
YES = "yes"
# Who gives one of these reasons need not have the goods; the other reasons tell of goods that were seen.
SAYS_NOTHING_OF_GOODS = (Reason.NO_REASON, Reason.LATE, Reason.PRICE_PROTECTION)
NOT_OF_GOODS = (Shot.PRICE, Shot.OTHER)


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Pieces of one line that the case is about; `no_reason` is the goods' class by law."""

    money: LineMoney
    quantity: int
    no_reason: str = YES


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of order and case. Days are the shop's own."""

    reason: Reason
    order_state: str
    asked_on: date
    lines: tuple[WantedLine, ...]
    paid_on: date | None = None
    signed_on: date | None = None
    late_hours: int = 0
    loss_minor: int | None = None
    shots: tuple[tuple[Shot, Verdict], ...] = ()


@dataclass(frozen=True, slots=True)
class Because:
    """One reason of a proposal; `speaks_for` False is one against it."""

    code: str
    speaks_for: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is owed. Amounts in minor units; `eligible` False: nothing is owed by the policy, and why."""

    eligible: bool
    solution: Solution | None
    alternatives: tuple[Solution, ...]
    refund_minor: int
    compensation_minor: int
    freight_by: Freight
    needs_return: bool
    missing_shots: tuple[Shot, ...]
    last_day: date | None
    because: tuple[Because, ...]

    def allows(self, solution: Solution) -> bool:
        """Whether a solution is within the policy."""
        return self.eligible and solution in (self.solution, *self.alternatives)


def propose(facts: CaseFacts, rule: PolicyRule) -> Proposal:
    """The policy applied to one case. An order that has not left is simply refunded; the rest goes by the line."""
    worth = sum(part.amount_minor for part in refund_of_lines([(line.money, line.quantity) for line in facts.lines]))
    if facts.order_state in NOT_SENT:
        because = (Because("not_sent"), Because("pieces_worth", facts={"amount_minor": worth}))
        return Proposal(True, Solution.REFUND_ONLY, (), worth, 0, Freight.NONE, False, (), None, because)
    last_day, in_time = _last_day(facts, rule)
    against = [*in_time, *_exempt(facts)]
    wanted = _wanted_shots(facts, rule)
    missing = missing_shots(wanted, facts.shots)
    evidence = "shots_missing" if missing else "shots_complete" if wanted == rule.shots else "shots_after_signing"
    compensation = compensation_of(facts, rule, worth)
    told = [
        *against,
        Because("freight_by", facts={"freight": str(rule.freight_by)}),
        Because(evidence, not missing, {"count": len(missing)}),
        Because("pieces_worth", facts={"amount_minor": worth}),
    ]
    if rule.percent or facts.loss_minor is not None:
        told.append(Because("compensation_worth", facts={"amount_minor": compensation}))
    eligible = all(one.speaks_for for one in against)
    first = rule.solutions[0] if eligible else None
    return Proposal(
        eligible=eligible,
        solution=first,
        alternatives=rule.solutions[1:] if eligible else (),
        refund_minor=worth if first in WITH_REFUND else 0,
        compensation_minor=compensation if first is Solution.COMPENSATION else 0,
        freight_by=rule.freight_by if first in WITH_RETURN else Freight.NONE,
        needs_return=first in WITH_RETURN,
        missing_shots=missing,
        last_day=last_day,
        because=tuple(told),
    )


def _last_day(facts: CaseFacts, rule: PolicyRule) -> tuple[date | None, list[Because]]:
    """The day counting begins after, the last day of the right, and whether the case was opened by then.

    A day counts whole: signed on the 1st, seven days end with the 8th. Not signed yet: the time has not begun.
    """
    start = facts.paid_on if facts.reason is Reason.PRICE_PROTECTION else facts.signed_on
    if facts.reason is Reason.LATE:
        late = Because("was_late", facts.late_hours > 0, {"hours": facts.late_hours})
        return None, [late]
    if start is None:
        return None, [Because("not_signed_yet", facts={"days": rule.days})]
    last = start + timedelta(days=rule.days)
    in_time = facts.asked_on <= last
    code = "in_time" if in_time else "too_late"
    return last, [Because(code, in_time, {"days": rule.days, "last_day": last.isoformat()})]


def _wanted_shots(facts: CaseFacts, rule: PolicyRule) -> tuple[Shot, ...]:
    """What the policy asks for; of goods that nobody has signed for yet no picture can be taken."""
    if facts.signed_on is not None or facts.reason not in SAYS_NOTHING_OF_GOODS:
        return rule.shots
    return tuple(shot for shot in rule.shots if shot in NOT_OF_GOODS)


def _exempt(facts: CaseFacts) -> list[Because]:
    """Goods the law takes out of the seven days; any other reason does not ask for the class."""
    if facts.reason is not Reason.NO_REASON:
        return []
    classes = sorted({line.no_reason for line in facts.lines} - {YES})
    if not classes:
        return [Because("returnable")]
    return [Because("exempt_class", False, {"no_reason_class": one}) for one in classes]


def compensation_of(facts: CaseFacts, rule: PolicyRule, worth_minor: int) -> int:
    """The stated loss, else the policy's share of what the pieces are worth; at most the policy's cap."""
    amount = facts.loss_minor if facts.loss_minor is not None else worth_minor * rule.percent // 100
    return max(0, min(amount, rule.cap_minor, worth_minor))


def missing_shots(wanted: Sequence[Shot], given: Sequence[tuple[Shot, Verdict]]) -> tuple[Shot, ...]:
    """Required shots of which none was found good."""
    good = {shot for shot, verdict in given if verdict is Verdict.GOOD}
    return tuple(shot for shot in wanted if shot not in good)


def hours_late(promised_at: datetime | None, done_at: datetime | None, now: datetime) -> int:
    """Whole hours that dispatch was, or is, late; 0 where it is not."""
    if promised_at is None:
        return 0
    return max(0, int(((done_at or now) - promised_at).total_seconds() // 3600))

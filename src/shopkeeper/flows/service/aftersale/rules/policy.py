"""The after-sale policy of a platform: one line per reason, and the lines a new installation begins with."""

from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.states import WITH_RETURN, Freight, Reason, Shot, Solution

EVERY_PLATFORM = ""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """What is owed for one reason.

    `days` counts full days after the day of signing (of payment for price protection, of the promised dispatch for
    lateness). `solutions` in the order they are proposed. `percent` of what was paid for the lines, at most
    `cap_minor`, is what a compensation comes to where no loss is stated.
    """

    reason: Reason
    days: int
    solutions: tuple[Solution, ...]
    freight_by: Freight
    shots: tuple[Shot, ...] = ()
    percent: int = 0
    cap_minor: int = 0


# 消费者权益保护法 24/25: seven days from the day after signing; without reason the buyer pays the way back,
# for a fault the seller does. The rest is the habit of the platforms and can be changed on the policy page.
FIRST_RULES: tuple[PolicyRule, ...] = (
    PolicyRule(
        Reason.NO_REASON,
        7,
        (Solution.RETURN_REFUND, Solution.EXCHANGE),
        Freight.BUYER,
        (Shot.TAGS,),
    ),
    PolicyRule(
        Reason.QUALITY,
        15,
        (Solution.RETURN_REFUND, Solution.EXCHANGE, Solution.COMPENSATION, Solution.REFUND_ONLY),
        Freight.SELLER,
        (Shot.WHOLE, Shot.FAULT),
        percent=20,
        cap_minor=5_000,
    ),
    PolicyRule(
        Reason.WRONG_OR_MISSING,
        15,
        (Solution.REISSUE, Solution.REFUND_ONLY, Solution.RETURN_REFUND, Solution.EXCHANGE),
        Freight.SELLER,
        (Shot.WHOLE, Shot.PACKAGE),
    ),
    PolicyRule(
        Reason.DAMAGED,
        7,
        (Solution.REFUND_ONLY, Solution.REISSUE, Solution.RETURN_REFUND, Solution.COMPENSATION),
        Freight.SELLER,
        (Shot.FAULT, Shot.PACKAGE),
        percent=30,
        cap_minor=5_000,
    ),
    PolicyRule(Reason.LATE, 15, (Solution.COMPENSATION,), Freight.NONE, (), percent=10, cap_minor=5_000),
    PolicyRule(
        Reason.PRICE_PROTECTION,
        15,
        (Solution.COMPENSATION,),
        Freight.NONE,
        (Shot.PRICE,),
        cap_minor=20_000,
    ),
)


def flaw_of(rules: tuple[PolicyRule, ...]) -> str:
    """Why these lines cannot be a policy; empty when they can: one line per reason, each with a solution."""
    reasons = [rule.reason for rule in rules]
    if set(reasons) != set(Reason) or len(reasons) != len(set(reasons)):
        return "policy_lines_incomplete"
    if any(not rule.solutions or len(set(rule.solutions)) != len(rule.solutions) for rule in rules):
        return "policy_solutions_missing"
    no_reason = next(rule for rule in rules if rule.reason is Reason.NO_REASON)
    if no_reason.days < LEAST_NO_REASON_DAYS or Solution.RETURN_REFUND not in no_reason.solutions:
        return "policy_below_the_law"
    if any(rule.freight_by is Freight.NONE and set(rule.solutions) & set(WITH_RETURN) for rule in rules):
        return "policy_freight_missing"
    return ""


LEAST_NO_REASON_DAYS = 7  # the law's, not ours to choose

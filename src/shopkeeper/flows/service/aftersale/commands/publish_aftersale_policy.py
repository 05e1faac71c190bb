"""S2.3: a platform's after-sale policy is published as a new version; cases opened from now on follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from django.db.models import Max
from pydantic import Field

from shopkeeper.flows.service.aftersale.events import AfterSalePolicyPublished
from shopkeeper.flows.service.aftersale.models import AfterSalePolicy, AfterSalePolicyLine
from shopkeeper.flows.service.aftersale.permissions import Permission
from shopkeeper.flows.service.aftersale.rules.policy import PolicyRule, flaw_of
from shopkeeper.flows.service.aftersale.states import Freight, Reason, Shot, Solution
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class PolicyLineWish:
    """What one reason is to be owed; solutions in the order they are proposed."""

    reason: Reason
    days: Annotated[int, Field(ge=1, le=365)]
    solutions: Annotated[tuple[Solution, ...], Field(max_length=5)]
    freight_by: Freight
    shots: Annotated[tuple[Shot, ...], Field(max_length=8)] = ()
    percent: Annotated[int, Field(ge=0, le=100)] = 0
    cap_minor: Annotated[int, Field(ge=0, le=10_000_000)] = 0


@dataclass(frozen=True, slots=True)
class PublishAfterSalePolicy:
    """A whole policy: one line per reason. `after_version` is the version it was made from (0: there is none)."""

    platform: Annotated[str, Field(max_length=20)]
    after_version: Annotated[int, Field(ge=0)]
    lines: Annotated[tuple[PolicyLineWish, ...], Field(max_length=20)]
    note: Annotated[str, Field(max_length=200)] = ""


@command(clause="S2.3", permission=Permission.POLICY_PUBLISH, scope=EVERYWHERE)
def publish_aftersale_policy(step: Step, items: Sequence[PublishAfterSalePolicy]) -> list[Outcome]:
    """Publish versions. Refused: "policy_changed" where somebody published meanwhile, "policy_lines_incomplete",
    "policy_solutions_missing", "policy_freight_missing", "policy_below_the_law". A version like the one in force is
    unchanged."""
    platforms = sorted({item.platform for item in items})
    rows = AfterSalePolicy.objects.filter(platform__in=platforms).values("platform").annotate(last=Max("version"))
    last = {row["platform"]: row["last"] for row in rows}
    outcomes = []
    for item in items:
        rules = tuple(
            PolicyRule(w.reason, w.days, w.solutions, w.freight_by, w.shots, w.percent, w.cap_minor) for w in item.lines
        )
        version = last.get(item.platform, 0)
        flaw = flaw_of(rules)
        if flaw:
            outcomes.append(refused(flaw))
        elif version and _in_force(item.platform, version) == set(rules):
            outcomes.append(unchanged(version))
        elif item.after_version != version:
            outcomes.append(refused("policy_changed", version=version))
        else:
            last[item.platform] = version + 1
            outcomes.append(done(_publish(step, item, rules, version + 1), version=version + 1))
    return outcomes


def _in_force(platform: str, version: int) -> set[PolicyRule]:
    lines = AfterSalePolicyLine.objects.filter(policy__platform=platform, policy__version=version)
    return {
        PolicyRule(
            Reason(line.reason),
            line.days,
            tuple(Solution(solution) for solution in line.solutions),
            Freight(line.freight_by),
            tuple(Shot(shot) for shot in line.shots),
            line.percent,
            line.cap_minor,
        )
        for line in lines
    }


def _publish(step: Step, item: PublishAfterSalePolicy, rules: Sequence[PolicyRule], version: int) -> int:
    policy = AfterSalePolicy.objects.create(
        platform=item.platform,
        version=version,
        published_at=step.now,
        published_by=step.actor.id,
        note=item.note.strip(),
    )
    AfterSalePolicyLine.objects.bulk_create(
        [
            AfterSalePolicyLine(
                policy=policy,
                reason=str(rule.reason),
                days=rule.days,
                solutions=[str(solution) for solution in rule.solutions],
                freight_by=str(rule.freight_by),
                shots=[str(shot) for shot in rule.shots],
                percent=rule.percent,
                cap_minor=rule.cap_minor,
            )
            for rule in rules
        ]
    )
    step.emit(AfterSalePolicyPublished(policy.pk, item.platform, version))
    return policy.pk

"""The after-sale policies in force, with their versions."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.flows.service.aftersale.models import AfterSalePolicy, AfterSalePolicyLine
from shopkeeper.flows.service.aftersale.states import Reason
from shopkeeper.foundation.models import Person, Shop


@dataclass(frozen=True, slots=True)
class PolicyLineView:
    reason: str
    days: int
    solutions: tuple[str, ...]
    freight_by: str
    shots: tuple[str, ...]
    percent: int
    cap_minor: int


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One version of one platform's policy ('' = every platform without its own)."""

    platform: str
    version: int
    published_at: datetime
    published_by: str
    note: str
    lines: tuple[PolicyLineView, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    version: int
    published_at: datetime
    published_by: str
    note: str


def policy_in_force(platform: str) -> PolicyView:
    """The platform's newest version, else the general one."""
    policy = AfterSalePolicy.objects.filter(platform=platform).order_by("-version").first()
    if policy is None:
        policy = AfterSalePolicy.objects.filter(platform="").latest("version")
    rows = {line.reason: line for line in AfterSalePolicyLine.objects.filter(policy=policy)}
    name = Person.objects.filter(id=policy.published_by).values_list("name", flat=True).first() or ""
    lines = [rows[str(reason)] for reason in Reason if str(reason) in rows]
    return PolicyView(
        platform=policy.platform,
        version=policy.version,
        published_at=policy.published_at,
        published_by=name,
        note=policy.note,
        lines=tuple(
            PolicyLineView(
                line.reason,
                line.days,
                tuple(line.solutions),
                line.freight_by,
                tuple(line.shots),
                line.percent,
                line.cap_minor,
            )
            for line in lines
        ),
    )


def policy_versions(platform: str) -> list[VersionView]:
    """Every version of a platform's policy, newest first."""
    rows = list(AfterSalePolicy.objects.filter(platform=platform).order_by("-version")[:50])
    names = dict(Person.objects.filter(id__in={row.published_by for row in rows}).values_list("id", "name"))
    return [VersionView(r.version, r.published_at, names.get(r.published_by, ""), r.note) for r in rows]


def platforms_in_use() -> list[str]:
    """Platforms with a shop of ours, after the general policy."""
    return ["", *sorted(set(Shop.objects.values_list("platform", flat=True)) - {""})]

"""The policy a new installation begins with: the law and the platforms' habit; changed on the policy page."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

from shopkeeper.flows.service.aftersale.rules.policy import EVERY_PLATFORM, FIRST_RULES

LONG_AGO = datetime(2014, 3, 15, tzinfo=UTC)  # since then the law gives seven days


def publish(apps: Any, schema_editor: Any) -> None:
    policies = apps.get_model("aftersale", "AfterSalePolicy")
    lines = apps.get_model("aftersale", "AfterSalePolicyLine")
    policy = policies.objects.create(platform=EVERY_PLATFORM, version=1, published_at=LONG_AGO, published_by=0)
    lines.objects.bulk_create(
        [
            lines(
                policy=policy,
                reason=str(rule.reason),
                days=rule.days,
                solutions=[str(solution) for solution in rule.solutions],
                freight_by=str(rule.freight_by),
                shots=[str(shot) for shot in rule.shots],
                percent=rule.percent,
                cap_minor=rule.cap_minor,
            )
            for rule in FIRST_RULES
        ]
    )


class Migration(migrations.Migration):
    dependencies = [("aftersale", "0001_initial")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]

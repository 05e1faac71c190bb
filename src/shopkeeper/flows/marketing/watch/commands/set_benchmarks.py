"""M3.2: a named benchmark that conversion is compared with, for example 同行同层平均 of the platform's tool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from shopkeeper.flows.marketing.watch.events import BenchmarkSet
from shopkeeper.flows.marketing.watch.models import Benchmark
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.rules.benchmarks import OWN_MEDIAN
from shopkeeper.flows.marketing.watch.sql import traffic as sql
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.scope import InShop
from shopkeeper.foundation.sql import as_json
from shopkeeper.shared.outcomes import Outcome, done, refused, unchanged


@dataclass(frozen=True, slots=True)
class SetBenchmark:
    """From a day on, in 1/10,000: 320 is 3.20 %. Hours closed already keep what they were compared with."""

    shop_id: int
    name: Annotated[str, Field(max_length=60)]
    conversion_bp: Annotated[int, Field(ge=1, le=10_000)]
    valid_from: date


@command(clause="M3.2", permission=Permission.BENCHMARK_SET, scope=InShop())
def set_benchmarks(step: Step, items: Sequence[SetBenchmark]) -> list[Outcome]:
    """Set what conversion is compared with. Refused: "benchmark_name_needed". What is in force already is unchanged."""
    days = sorted({(item.shop_id, item.valid_from) for item in items})
    rows = sql.IN_FORCE.rows(days=as_json([{"shop_id": shop, "day": day} for shop, day in days]))
    known = {(row.shop_id, row.day): (row.id, row.name, row.conversion_bp) for row in rows}
    fresh: dict[tuple[int, date], SetBenchmark] = {}
    outcomes: list[Outcome | None] = []
    for item in items:
        key, name = (item.shop_id, item.valid_from), item.name.strip()
        if not name or name == OWN_MEDIAN:
            outcomes.append(refused("benchmark_name_needed"))
        elif key in fresh or known.get(key, ())[1:] == (name, item.conversion_bp):
            outcomes.append(unchanged(known[key][0] if key in known else None))
        else:
            fresh[key] = item
            outcomes.append(None)
    made = Benchmark.objects.bulk_create(
        Benchmark(
            shop_id=item.shop_id,
            name=item.name.strip(),
            conversion_bp=item.conversion_bp,
            valid_from=item.valid_from,
            set_at=step.now,
            set_by=step.actor.id,
        )
        for item in fresh.values()
    )
    step.emit(*(BenchmarkSet(row.pk, row.shop_id, row.conversion_bp) for row in made))
    ids = iter(made)
    return [outcome or done(next(ids).pk) for outcome in outcomes]

"""Jobs of the house: months cut off ahead, keys of answered requests forgotten, stalled jobs taken up again."""

from datetime import date, timedelta
from typing import Any

from procrastinate.contrib.django import app as _app

from shopkeeper.foundation.sql import Statement
from shopkeeper.shared.clock import machine_now

app: Any = _app

MAKE_MONTH = Statement("SELECT make_month_partitions(%(month)s::date)")
FORGET_ANSWERS = Statement("DELETE FROM foundation_idempotencykey WHERE made_at < %(before)s::timestamptz")


def prepare_months(today: date) -> None:
    """Cut off this month's and the next two months' partitions of every append-only table."""
    first = today.replace(day=1)
    for _ in range(3):
        MAKE_MONTH.run(month=first)
        first = (first + timedelta(days=32)).replace(day=1)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="housekeeping")
def housekeeping(timestamp: int) -> None:
    """Once a night."""
    prepare_months(machine_now().date())
    FORGET_ANSWERS.run(before=machine_now() - timedelta(days=7))


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: Any, timestamp: int) -> None:
    """Jobs whose worker was killed are worked again."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)

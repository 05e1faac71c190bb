"""The lake as rules ask for it, and what the policies say that figures depend on."""

from dataclasses import asdict
from datetime import date

from shopkeeper.flows.analytics.lake.records.engine import Lake
from shopkeeper.flows.analytics.reports.rules.sources import Table, Tables
from shopkeeper.flows.analytics.reports.rules.spans import Windows
from shopkeeper.sop.policy import Policies, read_policies


def lake_tables(lake: Lake) -> Tables:
    """A table of some days is laid out once, however many figures are counted over it."""
    known: dict[tuple[str, date, date, bool], Table] = {}

    def table(name: str, first: date, last: date, *, with_set_aside: bool = False) -> Table:
        key = (name, first, last, with_set_aside)
        if key not in known:
            known[key] = lake.table(name, first, last, with_set_aside=with_set_aside)
        return known[key]

    return table


def windows_of(policy: Policies, shop_id: int | None) -> Windows:
    """The numbers of the procedure as they stand for a shop, or for all."""
    return Windows(
        returning_days=policy("returning_days", shop_id),
        repurchase_days=policy("repurchase_days", shop_id),
        cohort_days=policy("refund_cohort_days", shop_id),
        active_days=policy("sell_through_days", shop_id),
        reply_seconds=policy("chat_reply_seconds", shop_id),
        offer_hours=policy("aftersale_offer_hours", shop_id),
    )


def current_windows() -> dict[str, int]:
    """The windows as they stand for all shops, by name."""
    return asdict(windows_of(read_policies(), None))

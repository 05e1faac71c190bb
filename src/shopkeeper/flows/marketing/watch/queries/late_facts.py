"""Which closed hours late orders belong to."""

from collections.abc import Collection
from datetime import datetime

from shopkeeper.flows.marketing.watch.sql import hours as sql


def hours_of_orders(order_ids: Collection[int], since: datetime) -> list[tuple[int, datetime]]:
    """(campaign, hour) of closed hours after `since`, on days not signed, in which these orders were paid."""
    rows = sql.HOURS_OF_ORDERS.rows(orders=sorted(order_ids), since=since) if order_ids else []
    return [(row.campaign_id, row.hour) for row in rows]

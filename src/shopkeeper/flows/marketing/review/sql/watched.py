"""What the watch wrote down while a campaign ran: traffic by hour and source, alerts, and what was done about them."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """One hour from one source; `of_campaign_id` None where it is the whole shop's, as `shop_buyers` are."""

    campaign_id: int
    hour: datetime
    source: str
    of_campaign_id: int | None
    exposures: int | None
    clicks: int | None
    visitors: int
    shop_buyers: int


TRAFFIC = Statement(
    """
    SELECT g.campaign_id, t.hour, t.source, t.campaign_id, t.exposures, t.clicks, t.visitors,
           coalesce(r.shop_buyers, 0)
    FROM unnest(%(campaigns)s::bigint[], %(shops)s::bigint[], %(sinces)s::timestamptz[], %(untils)s::timestamptz[])
         AS g (campaign_id, shop_id, since, until)
    JOIN watch_traffichour AS t ON t.shop_id = g.shop_id AND t.hour > g.since - interval '1 hour' AND t.hour < g.until
     AND (t.campaign_id IS NULL OR t.campaign_id = g.campaign_id)
    LEFT JOIN watch_hourreading AS r ON r.campaign_id = g.campaign_id AND r.hour = t.hour
    ORDER BY g.campaign_id, t.hour, t.id""",
    row=TrafficRow,
)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert, once for each action taken about it; without one the action's fields are empty."""

    campaign_id: int
    alert_id: int
    at: datetime
    kind: str
    about: str
    state: str
    action: str
    before_bp: int | None
    after_bp: int | None
    before_left: int | None
    after_left: int | None


# The effect is read three hours after the action, before that one hour after it.
ALERTS = Statement(
    """
    SELECT a.campaign_id, a.id, a.opened_at, a.kind, coalesce(k.code || ' ' || k.name, ''), a.state,
           coalesce(x.kind, ''), (x.before->>'conversion_bp')::int,
           (coalesce(x.after_three, x.after_one)->>'conversion_bp')::int, (x.before->>'left')::int,
           (coalesce(x.after_three, x.after_one)->>'left')::int
    FROM watch_alert AS a LEFT JOIN listing_sku AS k ON k.id = a.sku_id
    LEFT JOIN watch_action AS x ON x.alert_id = a.id
    WHERE a.campaign_id = ANY(%(campaigns)s::bigint[]) ORDER BY a.campaign_id, a.id, x.id""",
    row=AlertRow,
)

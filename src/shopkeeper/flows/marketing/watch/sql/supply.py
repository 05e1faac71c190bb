"""Statements of what follows a stock alert: calls for restock and presales."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class CallRow:
    id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    sku_code: str
    state: str
    quantity: int
    arrives_at: datetime | None
    promised_quantity: int | None
    needed_by: datetime


_CALL = """
    SELECT c.id, c.campaign_id, c.shop_id, c.sku_id, k.code, c.state, c.quantity, c.arrives_at, c.promised_quantity,
           c.needed_by
    FROM watch_restockcall AS c JOIN listing_sku AS k ON k.id = c.sku_id
    JOIN campaigns_campaign AS m ON m.id = c.campaign_id"""

LOCK_CALLS = Statement(
    f"{_CALL} WHERE c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id FOR UPDATE OF c",
    row=CallRow,
)

OPEN_CALLS_OF_SKUS = Statement(
    f"""{_CALL}
    WHERE c.sku_id = ANY(%(skus)s::bigint[]) AND c.state IN ('asked', 'promised', 'cannot') AND m.state = 'live'
    ORDER BY c.id FOR UPDATE OF c""",
    row=CallRow,
)

OPEN_CALLS_OF = Statement(
    f"""{_CALL}
    WHERE c.campaign_id = ANY(%(campaigns)s::bigint[]) AND c.state IN ('asked', 'promised')
    ORDER BY c.id FOR UPDATE OF c""",
    row=CallRow,
)


@dataclass(frozen=True, slots=True)
class CalledRow:
    id: int
    alert_id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    is_new: bool


CALL = Statement(
    """
    WITH given AS (
        SELECT * FROM json_to_recordset(%(calls)s::json)
             AS g (campaign_id bigint, shop_id bigint, alert_id bigint, sku_id bigint, quantity int,
                   needed_by timestamptz, reminder_id bigint, due_at timestamptz, note text)
    ), made AS (
        INSERT INTO watch_restockcall (campaign_id, shop_id, alert_id, sku_id, state, state_at, quantity, needed_by,
                                       reminder_id, asked_at, asked_by, due_at, note)
        SELECT campaign_id, shop_id, alert_id, sku_id, 'asked', %(now)s::timestamptz, quantity, needed_by, reminder_id,
               %(now)s::timestamptz, %(actor_id)s::bigint, due_at, note
        FROM given ORDER BY campaign_id, sku_id
        ON CONFLICT (campaign_id, sku_id) WHERE state IN ('asked', 'promised') DO NOTHING
        RETURNING id, alert_id, campaign_id, shop_id, sku_id
    )
    SELECT id, alert_id, campaign_id, shop_id, sku_id, true FROM made
    UNION ALL
    SELECT c.id, g.alert_id, c.campaign_id, c.shop_id, c.sku_id, false
    FROM given AS g JOIN watch_restockcall AS c ON c.campaign_id = g.campaign_id AND c.sku_id = g.sku_id
     AND c.state IN ('asked', 'promised')""",
    row=CalledRow,
)

ANSWER_CALLS: Statement[NoRow] = Statement("""
    UPDATE watch_restockcall AS c
    SET arrives_at = g.arrives_at, promised_quantity = g.quantity, answered_at = %(now)s::timestamptz,
        answered_by = %(actor_id)s::bigint, note = g.note
    FROM json_to_recordset(%(answers)s::json) AS g (id bigint, arrives_at timestamptz, quantity int, note text)
    WHERE c.id = g.id""")

ARRIVED: Statement[NoRow] = Statement(
    "UPDATE watch_restockcall SET arrived_at = %(now)s::timestamptz WHERE id = ANY(%(ids)s::bigint[])"
)


@dataclass(frozen=True, slots=True)
class PresaleRow:
    id: int
    campaign_id: int
    shop_id: int
    sku_id: int
    state: str
    ship_within_days: int
    is_live: bool


LOCK_PRESALES = Statement(
    """
    SELECT p.id, p.campaign_id, p.shop_id, p.sku_id, p.state, p.ship_within_days, c.state = 'live'
    FROM watch_presale AS p JOIN campaigns_campaign AS c ON c.id = p.campaign_id
    WHERE p.id = ANY(%(ids)s::bigint[]) ORDER BY p.id FOR UPDATE OF p""",
    row=PresaleRow,
)

PRESALES_OF = Statement(
    """
    SELECT p.id, p.campaign_id, p.shop_id, p.sku_id, p.state, p.ship_within_days, c.state = 'live'
    FROM watch_presale AS p JOIN campaigns_campaign AS c ON c.id = p.campaign_id
    WHERE p.campaign_id = ANY(%(campaigns)s::bigint[]) AND p.state IN ('proposed', 'on')
    ORDER BY p.id FOR UPDATE OF p""",
    row=PresaleRow,
)

PROPOSE = Statement(
    """
    INSERT INTO watch_presale (campaign_id, shop_id, alert_id, sku_id, state, state_at, ship_within_days, proposed_at,
                               proposed_by, reason)
    SELECT campaign_id, shop_id, alert_id, sku_id, 'proposed', %(now)s::timestamptz, days, %(now)s::timestamptz,
           %(actor_id)s::bigint, ''
    FROM json_to_recordset(%(presales)s::json)
         AS g (campaign_id bigint, shop_id bigint, alert_id bigint, sku_id bigint, days int)
    ORDER BY campaign_id, sku_id
    ON CONFLICT (campaign_id, sku_id) WHERE state IN ('proposed', 'on') DO NOTHING
    RETURNING id, campaign_id, shop_id, sku_id, state, ship_within_days, true""",
    row=PresaleRow,
)

START: Statement[NoRow] = Statement("""
    UPDATE watch_presale AS p
    SET ship_within_days = g.days, started_at = %(now)s::timestamptz, started_by = %(actor_id)s::bigint
    FROM unnest(%(ids)s::bigint[], %(days)s::int[]) AS g (id, days) WHERE p.id = g.id""")

END: Statement[NoRow] = Statement("""
    UPDATE watch_presale AS p SET ended_at = %(now)s::timestamptz, reason = g.reason
    FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS g (id, reason) WHERE p.id = g.id""")

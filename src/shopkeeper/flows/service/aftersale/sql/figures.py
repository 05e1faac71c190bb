"""Statements of figures."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class OffersRow:
    opened: int
    offered: int
    offered_in_time: int
    accepted: int
    accepted_in_time: int
    refused: int
    mean_offer_hours: float | None


# A closed deadline says whether the first offer was late; a case refused in time was answered in time, too.
OFFERS = Statement(
    """
    SELECT count(*) AS opened, count(c.offered_at) AS offered,
           count(*) FILTER (WHERE c.offered_at IS NOT NULL AND NOT coalesce(d.was_late, false)) AS offered_in_time,
           count(c.accepted_at) AS accepted,
           count(*) FILTER (WHERE c.accepted_at <= d.due_at) AS accepted_in_time,
           count(*) FILTER (WHERE c.state = 'refused') AS refused,
           (avg(extract(epoch FROM c.offered_at - c.opened_at)) / 3600)::float8 AS mean_offer_hours
    FROM aftersale_aftersalecase AS c JOIN foundation_shop AS s ON s.id = c.shop_id
    LEFT JOIN LATERAL (
        SELECT was_late, due_at FROM sop_deadlineclosed
        WHERE kind = 'aftersale_offer' AND subject_id = c.id ORDER BY closed_at LIMIT 1
    ) AS d ON true
    WHERE (c.opened_at AT TIME ZONE s.zone)::date BETWEEN %(from_day)s::date AND %(to_day)s::date
      AND (%(shop)s::bigint IS NULL OR c.shop_id = %(shop)s::bigint)
      AND (%(shops)s::bigint[] IS NULL OR c.shop_id = ANY(%(shops)s::bigint[]))""",
    row=OffersRow,
)

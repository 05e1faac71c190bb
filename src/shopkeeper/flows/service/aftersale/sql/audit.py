"""What auditors ask of after-sale: what went back of every order, and whether returned pieces are where they should."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class RefundFactRow:
    """One order of which money went back; minor units of its currency."""

    id: int
    shop_id: int
    platform_no: str
    paid_minor: int
    given_minor: int
    booked_minor: int


# What after-sale paid back of the order's own money beside what the books have of it.
REFUND_FACTS = Statement(
    """
    WITH booked AS (
        SELECT order_id, sum(refund_minor) AS minor FROM settlement_refund WHERE order_id > %(after)s::bigint GROUP BY 1
    ), given AS (
        SELECT order_id, sum(amount_minor) AS minor FROM aftersale_refund
        WHERE order_id > %(after)s::bigint AND state = 'paid' AND NOT is_compensation GROUP BY 1
    )
    SELECT o.id, o.shop_id, o.platform_no, o.paid_minor, coalesce(g.minor, 0)::bigint, coalesce(b.minor, 0)::bigint
    FROM booked AS b FULL JOIN given AS g ON g.order_id = b.order_id
    JOIN intake_order AS o ON o.id = coalesce(b.order_id, g.order_id)
    ORDER BY o.id LIMIT %(limit)s::int""",
    row=RefundFactRow,
)


@dataclass(frozen=True, slots=True)
class ReturnAuditRow:
    """How many graded parcels do not add up, and how many cases stock took pieces back for that no parcel tells of."""

    not_as_awaited: int
    not_as_booked: int
    booked_without: int


# Every piece awaited was graded; what was graded is in the ledger of stock, once, under the case. Scrap of goods that
# were not ours is graded and not booked, so the ledger may have that much less.
RETURN_AUDIT = Statement(
    """
    WITH graded AS (
        SELECT p.case_id, sum(l.quantity) AS pieces,
               coalesce(sum(l.quantity) FILTER (WHERE l.lot_code <> ''), 0) AS shelved,
               coalesce(sum(l.quantity) FILTER (WHERE l.grade = 'scrap' AND l.sku_id IS NOT NULL), 0) AS scrap
        FROM aftersale_returnparcel AS p JOIN aftersale_returnline AS l ON l.parcel_id = p.id
        WHERE p.state = 'graded' GROUP BY 1
    ), awaited AS (
        SELECT case_id, sum(quantity) AS pieces FROM aftersale_caseline GROUP BY 1
    ), booked AS (
        SELECT subject_id AS case_id, sum(quantity) AS pieces FROM stock_ledger WHERE kind = 'return' GROUP BY 1
    )
    SELECT
        (SELECT count(*) FROM graded AS g JOIN awaited AS a USING (case_id) WHERE a.pieces <> g.pieces),
        (SELECT count(*) FROM graded AS g LEFT JOIN booked AS b USING (case_id)
         WHERE coalesce(b.pieces, 0) NOT BETWEEN g.shelved AND g.shelved + g.scrap),
        (SELECT count(*) FROM booked AS b LEFT JOIN graded AS g USING (case_id) WHERE g.case_id IS NULL)""",
    row=ReturnAuditRow,
)

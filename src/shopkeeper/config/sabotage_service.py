"""Faults planted in customer service on purpose, by the database's owner: the database refuses them to the house."""

# A line the platform still has is gone: the last one a customer wrote.
MESSAGE_LOST = """
    SET session_replication_role = replica;
    DELETE FROM conversations_message
    WHERE id = (SELECT max(m.id) FROM conversations_message AS m
                JOIN conversations_conversation AS c ON c.id = m.conversation_id
                WHERE m.sender = 'customer' AND c.channel = 'platform')"""

# Money that the platform paid back once stands in the books twice.
REFUND_DOUBLED = """
    INSERT INTO settlement_refund (order_id, shop_id, reference, refund_minor, noted_at)
    SELECT r.order_id, r.shop_id, 'again:' || r.id, r.refund_minor, r.noted_at FROM settlement_refund AS r
    WHERE r.id = (SELECT max(id) FROM settlement_refund WHERE reference LIKE 'refund:%')"""

# Stock took back a piece that no parcel brought, and lost it at once: the balance does not show it.
PIECE_LOST = """
    INSERT INTO stock_ledger (kind, sku_id, warehouse_id, lot_id, quantity, subject_id, occurred_at, actor_id, reason)
    SELECT kind, s.sku_id, s.warehouse_id, NULL, quantity, 9000000000, '2026-06-01T00:00:00Z', 0, 'sabotage'
    FROM (SELECT sku_id, warehouse_id FROM stock_stock ORDER BY id LIMIT 1) AS s,
         (VALUES ('return', 1), ('adjustment', -1)) AS given (kind, quantity)"""

# One customer is asked twice about one matter.
SURVEY_DOUBLED = """
    ALTER TABLE feedback_survey DROP CONSTRAINT IF EXISTS feedback_survey_ticket_id_key;
    INSERT INTO feedback_survey (shop_id, ticket_id, case_id, order_id, kind, agent_id, subject_id, state, state_at,
                                 planned_at, skip_reason, way, comment_sealed, has_comment)
    SELECT shop_id, ticket_id, case_id, order_id, kind, agent_id, subject_id, 'skipped', state_at, planned_at,
           'reopened', '', ''::bytea, false
    FROM feedback_survey WHERE ticket_id IS NOT NULL ORDER BY id DESC LIMIT 1"""

PLANTED: dict[str, str] = {
    "message_lost": MESSAGE_LOST,
    "refund_doubled": REFUND_DOUBLED,
    "piece_lost": PIECE_LOST,
    "survey_doubled": SURVEY_DOUBLED,
}

"""Faults planted in campaigns and figures, by the database's owner: the database refuses them to the house."""

# One buyer has a coupon more than anybody may have, and the batch counts it.
COUPON_DOUBLED = """
    SET session_replication_role = replica;
    WITH last AS (SELECT c.* FROM promotions_coupon AS c ORDER BY id DESC LIMIT 1), given AS (
        INSERT INTO promotions_coupon (batch_id, subject_id, number, nth, state, state_at, claimed_at, expires_at)
        SELECT l.batch_id, l.subject_id, (SELECT max(number) + 1 FROM promotions_coupon WHERE batch_id = l.batch_id),
               b.per_buyer + 1, 'claimed', l.state_at, l.claimed_at, l.expires_at
        FROM last AS l JOIN promotions_couponbatch AS b ON b.id = l.batch_id RETURNING batch_id
    )
    UPDATE promotions_couponbatch SET claimed = claimed + 1 WHERE id IN (SELECT batch_id FROM given)"""

# An item of a budget says that all of it was spent, and no bill says so.
OVERSPENT = """
    ALTER TABLE campaigns_budgetitem DISABLE TRIGGER ALL;
    UPDATE campaigns_budgetitem SET spent_minor = planned_minor + raised_minor
    WHERE id = (SELECT min(id) FROM campaigns_budgetitem)"""

# Somebody counts as written to whom no provider ever wrote to.
MAILING_CLAIMED = """
    SET session_replication_role = replica;
    INSERT INTO outreach_recipient (mailing_id, shop_id, subject_id, consent_id, state, state_at, reason, queued_at,
                                    sent_at, outside_id, failure, units, opted_out_at)
    SELECT mailing_id, shop_id, 9000000000, consent_id, 'delivered', state_at, '', queued_at, sent_at, outside_id,
           failure, units, opted_out_at
    FROM outreach_recipient ORDER BY id DESC LIMIT 1"""

# A file of the lake with orders in it is no longer listed.
LAKE_LOST = """
    DELETE FROM lake_lakefile
    WHERE id = (SELECT max(id) FROM lake_lakefile WHERE "table" = 'orders' AND replaced_at IS NULL)"""

# A report says a yuan more than was paid.
REPORT_WRONG = """
    SET session_replication_role = replica;
    UPDATE reports_reportversion SET figures = jsonb_set(
        figures, '{blocks,sales,figures,paid_amount,now,0}',
        to_jsonb((figures #>> '{blocks,sales,figures,paid_amount,now,0}')::bigint + 100))
    WHERE id = (
        SELECT max(v.id) FROM reports_reportversion AS v JOIN reports_report AS r ON r.id = v.report_id
        WHERE r.period = 'day' AND r.shop_id IS NOT NULL
          AND figures #>> '{blocks,sales,figures,paid_amount,now,0}' IS NOT NULL)"""

PLANTED: dict[str, str] = {
    "coupon_doubled": COUPON_DOUBLED,
    "overspent": OVERSPENT,
    "mailing_claimed": MAILING_CLAIMED,
    "lake_lost": LAKE_LOST,
    "report_wrong": REPORT_WRONG,
}

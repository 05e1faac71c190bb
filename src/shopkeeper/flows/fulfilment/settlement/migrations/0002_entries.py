"""The entries: append-only, by month, and never unbalanced when a transaction commits."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table

BALANCE = """
CREATE FUNCTION settlement_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
    currencies integer;
BEGIN
    SELECT sum(amount_minor), count(DISTINCT currency) INTO total, currencies FROM settlement_entry
    WHERE settlement_id = NEW.settlement_id AND kind = NEW.kind AND refund_id = NEW.refund_id;
    IF total <> 0 OR currencies <> 1 THEN
        RAISE EXCEPTION 'entries of settlement % (%, refund %) do not balance: % left in % currencies',
            NEW.settlement_id, NEW.kind, NEW.refund_id, total, currencies
            USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_entries_balance';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_entries_balance AFTER INSERT OR UPDATE ON settlement_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_entries_balance()
"""


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "settlement_entry",
            """settlement_id bigint NOT NULL, shop_id bigint NOT NULL,
               kind text NOT NULL CHECK (kind IN ('settlement', 'refund')),
               refund_id bigint NOT NULL DEFAULT 0 CHECK ((kind = 'refund') = (refund_id > 0)),
               order_line_id bigint,
               account text NOT NULL CHECK (account IN (
                   'goods_revenue', 'freight_income', 'merchant_discount', 'platform_commission', 'cost_of_goods',
                   'refunds', 'difference', 'platform_receivable', 'subsidy_receivable', 'inventory')),
               currency text NOT NULL, amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
               booked_on date NOT NULL, booked_at timestamptz NOT NULL, actor_id bigint NOT NULL,
               recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()""",
            by="recorded_at",
            indexes=("(settlement_id, kind, refund_id)", "(shop_id, booked_on)"),
        ),
        migrations.RunSQL(
            BALANCE,
            "DROP TRIGGER settlement_entries_balance ON settlement_entry; DROP FUNCTION settlement_entries_balance()",
        ),
    ]

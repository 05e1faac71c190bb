"""The stock ledger: typed, append-only, by month."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "stock_ledger",
            """kind text NOT NULL CHECK (kind IN ('receipt', 'shipment', 'adjustment', 'quarantine', 'return')),
               sku_id bigint NOT NULL, warehouse_id bigint NOT NULL, lot_id bigint, quantity integer NOT NULL,
               subject_id bigint, occurred_at timestamptz NOT NULL,
               recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
               actor_id bigint NOT NULL, reason text NOT NULL DEFAULT ''""",
            by="recorded_at",
            indexes=("(sku_id, warehouse_id, id)",),
        ),
    ]

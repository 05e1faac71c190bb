"""The record of pushes: append-only, by month. From it the board reads how long a change takes to arrive."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "publishing_push",
            """shop_id bigint NOT NULL, listing_sku_id bigint NOT NULL, quantity integer NOT NULL,
               changed_at timestamptz NOT NULL, told_at timestamptz NOT NULL,
               recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()""",
            by="recorded_at",
            indexes=("(shop_id, told_at)", "(listing_sku_id, recorded_at)"),
        ),
    ]

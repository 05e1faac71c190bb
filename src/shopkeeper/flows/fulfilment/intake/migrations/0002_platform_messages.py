"""The platform's original messages, one per version of an order, sealed under the buyer's key."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "intake_platformmessage",
            """order_id bigint NOT NULL, shop_id bigint NOT NULL, platform_no text NOT NULL,
               modified_at timestamptz NOT NULL, subject_id bigint NOT NULL, raw_sealed bytea NOT NULL,
               received_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()""",
            by="recorded_at",
            indexes=("(order_id)",),
        ),
    ]

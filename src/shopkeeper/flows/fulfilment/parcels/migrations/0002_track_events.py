"""What couriers reported of parcels: append-only, by month of the happening."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table


class Migration(migrations.Migration):
    dependencies = [("parcels", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "parcels_trackevent",
            """parcel_id bigint NOT NULL, occurred_at timestamptz NOT NULL, code text NOT NULL, state text NOT NULL,
               text text NOT NULL, place text NOT NULL, fingerprint bytea NOT NULL, heard_at timestamptz NOT NULL,
               recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()""",
            by="occurred_at",
            indexes=("(parcel_id, occurred_at)",),
        ),
    ]

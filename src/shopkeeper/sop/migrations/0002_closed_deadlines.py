"""The history of closed deadlines: append-only, by month, counted by the compliance board."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import append_only_table


class Migration(migrations.Migration):
    dependencies = [("sop", "0001_initial"), ("foundation", "0002_append_only_logs")]

    operations = [
        append_only_table(
            "sop_deadlineclosed",
            """deadline_id bigint NOT NULL, kind text NOT NULL, clause text NOT NULL, subject_id bigint NOT NULL,
               shop_id bigint, warehouse_id bigint, role text NOT NULL, armed_at timestamptz NOT NULL,
               due_at timestamptz NOT NULL, was_late boolean NOT NULL, ending text NOT NULL,
               closed_at timestamptz NOT NULL, closed_by bigint NOT NULL""",
            by="closed_at",
            indexes=("(clause, closed_at)", "(kind, subject_id)"),
        ),
    ]

"""The append-only logs: events, moves of states, runs of commands."""

from django.db import migrations

from shopkeeper.foundation.database.partitions import REGISTER_TABLE, append_only_table


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.RunSQL(REGISTER_TABLE, "DROP TABLE foundation_append_only"),
        append_only_table(
            "foundation_event",
            """xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
               type text NOT NULL, subject_id bigint, shop_id bigint, clause text NOT NULL, command text NOT NULL,
               actor_id bigint NOT NULL, why text NOT NULL DEFAULT '', occurred_at timestamptz NOT NULL,
               recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(), data jsonb NOT NULL""",
            by="recorded_at",
            indexes=("(xid, id)", "(type, subject_id)"),
        ),
        append_only_table(
            "foundation_statechange",
            """table_name text NOT NULL, row_id bigint NOT NULL, was text NOT NULL, became text NOT NULL,
               occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
               actor_id bigint NOT NULL, command text NOT NULL, reason text NOT NULL DEFAULT ''""",
            by="recorded_at",
            indexes=("(table_name, row_id)",),
        ),
        append_only_table(
            "foundation_commandrun",
            """command text NOT NULL, clause text NOT NULL, actor_id bigint NOT NULL,
               occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
               done integer NOT NULL, unchanged integer NOT NULL, refused integer NOT NULL, codes jsonb NOT NULL""",
            by="recorded_at",
            indexes=("(clause)",),
        ),
    ]

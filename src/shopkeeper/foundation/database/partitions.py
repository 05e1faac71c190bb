"""Append-only tables, partitioned by month. Only leaf tables that nothing references are made this way."""

from typing import Any

from django.db import migrations

APPEND_ONLY: dict[str, str] = {}  # table -> the column it is partitioned by


def append_only_table(table: str, columns: str, *, by: str, indexes: tuple[str, ...] = ()) -> migrations.RunSQL:
    """A migration step that makes one partitioned, append-only table with a default partition.

    `columns` is the SQL column list without identity; `id` is added, and (by, id) is the key. The app role
    gets INSERT and SELECT only (see guards.py); months are cut off by `make_month_partitions()`.
    """
    statements: list[Any] = [
        f"CREATE TABLE {table} (id bigint GENERATED ALWAYS AS IDENTITY, {columns}, PRIMARY KEY ({by}, id)) "
        f"PARTITION BY RANGE ({by})",
        f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT",
        *(f"CREATE INDEX ON {table} {index}" for index in indexes),
        f"INSERT INTO foundation_append_only (table_name, partition_column) VALUES ('{table}', '{by}')",
    ]
    return migrations.RunSQL(statements, [f"DROP TABLE {table}"])


REGISTER_TABLE = "CREATE TABLE foundation_append_only (table_name text PRIMARY KEY, partition_column text NOT NULL)"

MONTH_FUNCTION = """
CREATE OR REPLACE FUNCTION make_month_partitions(month date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    register record;
    part text;
    first date := date_trunc('month', month)::date;
    made integer := 0;
BEGIN
    FOR register IN SELECT table_name FROM foundation_append_only ORDER BY table_name LOOP
        part := register.table_name || '_' || to_char(first, 'YYYYMM');
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                           part, register.table_name, first, first + interval '1 month');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$
"""

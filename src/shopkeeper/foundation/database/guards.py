"""What the database itself refuses: moves outside the transition tables, and changes to events and ledgers.

Installed after every migration from the same data the code uses, so the two cannot drift apart.
"""

from typing import Any

from shopkeeper.foundation.database.partitions import MONTH_FUNCTION
from shopkeeper.shared.transitions import FLOWS, Transitions

APP_ROLE = "shopkeeper_app"


def install(connection: Any) -> None:
    """Make role, rights and triggers; safe to repeat. Runs as the owner."""
    if connection.settings_dict["OPTIONS"].get("options"):
        return  # migrations run as the owner; a session of the app role has nothing to install
    with connection.cursor() as cursor:
        _install_role(cursor)
        cursor.execute(MONTH_FUNCTION)
        cursor.execute(
            f"REVOKE ALL ON FUNCTION make_month_partitions(date) FROM PUBLIC; "
            f"GRANT EXECUTE ON FUNCTION make_month_partitions(date) TO {APP_ROLE}"
        )
        existing = set(connection.introspection.table_names(cursor))
        for flow in FLOWS.values():
            if flow.table in existing:
                cursor.execute(_guard_sql(flow))


def _install_role(cursor: Any) -> None:
    cursor.execute(f"""
        DO $$ BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$""")
    cursor.execute(f"""
        GRANT {APP_ROLE} TO CURRENT_USER;
        GRANT USAGE ON SCHEMA public TO {APP_ROLE};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
        GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
        DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {APP_ROLE}', current_database()); END $$;
        REVOKE INSERT, UPDATE, DELETE ON django_migrations, foundation_append_only FROM {APP_ROLE}""")
    cursor.execute("SELECT table_name FROM foundation_append_only")
    for (table,) in cursor.fetchall():
        cursor.execute(f"""
            DO $$ DECLARE part regclass; BEGIN
                FOR part IN SELECT relid FROM pg_partition_tree('{table}') LOOP
                    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM {APP_ROLE}', part);
                END LOOP;
            END $$""")


def _guard_sql(flow: Transitions) -> str:
    """A trigger that lets through exactly the pairs of the transition table."""
    pairs = ", ".join(f"('{was}', '{to}')" for was, to in flow.pairs()) or "(NULL, NULL)"
    known = ", ".join(f"'{state}'" for state in flow.states)
    return f"""
        CREATE OR REPLACE FUNCTION guard_{flow.table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.state NOT IN ({known}) THEN
                    RAISE EXCEPTION 'unknown state % of {flow.table}', NEW.state USING ERRCODE = 'check_violation';
                END IF;
            ELSIF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
                RAISE EXCEPTION '{flow.table} may not move from % to %', OLD.state, NEW.state
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$;
        DROP TRIGGER IF EXISTS guard_state_insert ON {flow.table};
        DROP TRIGGER IF EXISTS guard_state_update ON {flow.table};
        CREATE TRIGGER guard_state_insert BEFORE INSERT ON {flow.table}
            FOR EACH ROW EXECUTE FUNCTION guard_{flow.table}();
        CREATE TRIGGER guard_state_update BEFORE UPDATE ON {flow.table}
            FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION guard_{flow.table}()"""

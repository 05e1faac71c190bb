"""`shopkeeper migrate`: bring the database's schema, role, rights and guards to this version."""

import os
from typing import Annotated

import typer

from shopkeeper.cli.console import print_json, print_line
from shopkeeper.cli.installation import JsonOption, load_django, own_database
from shopkeeper.foundation.database import installation


def migrate(
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when it went well.")] = False,
) -> int:
    """Bring the schema to this version. Safe to run twice, and by two at once."""
    with own_database() as url, installation.only_one_migrating(url):
        before = installation.notes(url).get("schema")
        wanted = installation.schema_stamp()
        if before != wanted:
            os.environ.update(DATABASE_URL=url, SHOPKEEPER_DB_ROLE="owner")
            load_django()
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            installation.note(url, schema=wanted)
    changed = before != wanted
    if as_json:
        print_json({"changed": changed, "schema": wanted})
    elif not quiet:
        print_line(f"{'已更新 updated' if changed else '无需更新 nothing to do'}: {wanted}")
    return 0

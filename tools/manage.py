"""Django's own commands for developers (makemigrations, shell); the product's are `shopkeeper`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopkeeper.config.settings")
    os.environ.setdefault("SHOPKEEPER_DB_ROLE", "owner")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (settings must be named first)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

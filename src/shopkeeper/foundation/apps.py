"""Registers the foundation and keeps the database's guards in step with the code after each migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "shopkeeper.foundation"
    label = "foundation"

    def ready(self) -> None:
        post_migrate.connect(_install_guards, sender=self)


def _install_guards(using: str = "default", plan: Any = None, **_: Any) -> None:
    from django.db import connections  # noqa: PLC0415  (apps load before models)

    from shopkeeper.foundation.database import guards  # noqa: PLC0415

    guards.install(connections[using])

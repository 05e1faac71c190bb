"""Loads every desk's commands, deadlines and policies, so that the registries are complete."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "shopkeeper.config"
    label = "config"

    def ready(self) -> None:
        from shopkeeper.config import finders, registry  # noqa: PLC0415  (need the loaded models)

        registry.load()
        finders.provide_finders()

"""Loads every desk's commands, deadlines and policies, so that the registries are complete."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "shopkeeper.config"
    label = "config"

    def ready(self) -> None:
        from shopkeeper.config import registry  # noqa: PLC0415  (needs the loaded models)

        registry.load()

"""Loads every desk's commands, deadlines and policies, so that the registries are complete."""

import gc

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "shopkeeper.config"
    label = "config"

    def ready(self) -> None:
        from shopkeeper.config import finders, plugs, registry  # noqa: PLC0415  (need the loaded models)

        registry.load()
        finders.provide_finders()
        plugs.provide_ports()
        # A batch of a thousand orders makes a hundred thousand short-lived objects; looking for rings among
        # them every 700 costs a tenth of the time. What is loaded now stays and is looked at no more.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)

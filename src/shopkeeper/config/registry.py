"""Imports every module that registers something: commands, deadline kinds, policy keys, pages."""

import importlib
import pkgutil

from shopkeeper.config.desks import DESKS

FLOORS_WITH_COMMANDS = ("shopkeeper.foundation", "shopkeeper.sop", *DESKS)
REGISTERING_ROOMS = ("policies", "deadlines", "events", "commands", "sql", "queries")


def load() -> None:
    """Import the registering rooms of every desk, in floor order."""
    for desk in FLOORS_WITH_COMMANDS:
        package = importlib.import_module(desk)
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            if module.name in REGISTERING_ROOMS:
                _import_tree(f"{desk}.{module.name}")


def _import_tree(name: str) -> None:
    module = importlib.import_module(name)
    for child in pkgutil.iter_modules(getattr(module, "__path__", [])):
        importlib.import_module(f"{name}.{child.name}")

"""Imports every module that registers something: commands, deadline kinds, policy keys, pages."""

import importlib
import pkgutil

FLOORS_WITH_COMMANDS = (
    "shopkeeper.foundation",
    "shopkeeper.sop",
    "shopkeeper.flows.products.listing",
    "shopkeeper.flows.products.stock",
    "shopkeeper.flows.products.pricing",
    "shopkeeper.flows.products.research",
    "shopkeeper.flows.products.publishing",
    "shopkeeper.flows.fulfilment.intake",
    "shopkeeper.flows.fulfilment.warehouse",
    "shopkeeper.flows.fulfilment.parcels",
    "shopkeeper.flows.fulfilment.settlement",
    "shopkeeper.flows.service.tickets",
    "shopkeeper.flows.service.aftersale",
    "shopkeeper.flows.service.conversations",
    "shopkeeper.flows.service.feedback",
    "shopkeeper.flows.marketing.promotions",
    "shopkeeper.flows.marketing.campaigns",
    "shopkeeper.flows.marketing.outreach",
    "shopkeeper.flows.marketing.launch",
    "shopkeeper.flows.marketing.watch",
    "shopkeeper.flows.marketing.review",
    "shopkeeper.flows.analytics.collection",
    "shopkeeper.flows.analytics.lake",
    "shopkeeper.flows.analytics.reports",
    "shopkeeper.flows.analytics.decisions",
)
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

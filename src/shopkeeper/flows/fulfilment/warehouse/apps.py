"""Registers the desk warehouse."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.warehouse"
    label = "warehouse"

"""Registers the desk stock."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "shopkeeper.flows.products.stock"
    label = "stock"

"""Registers the desk pricing."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "shopkeeper.flows.products.pricing"
    label = "pricing"

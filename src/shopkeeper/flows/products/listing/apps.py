"""Registers the desk listing."""

from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "shopkeeper.flows.products.listing"
    label = "listing"

"""Registers the desk collection."""

from django.apps import AppConfig


class CollectionConfig(AppConfig):
    name = "shopkeeper.flows.analytics.collection"
    label = "collection"

"""Registers the desk publishing."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "shopkeeper.flows.products.publishing"
    label = "publishing"

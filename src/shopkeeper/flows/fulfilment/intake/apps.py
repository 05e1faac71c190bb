"""Registers the desk intake."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.intake"
    label = "intake"

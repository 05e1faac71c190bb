"""Registers the desk decisions."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "shopkeeper.flows.analytics.decisions"
    label = "decisions"

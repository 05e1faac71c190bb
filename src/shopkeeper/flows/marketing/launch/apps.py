"""Registers the desk launch."""

from django.apps import AppConfig


class LaunchConfig(AppConfig):
    name = "shopkeeper.flows.marketing.launch"
    label = "launch"

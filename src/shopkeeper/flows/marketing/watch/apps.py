"""Registers the desk watch."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "shopkeeper.flows.marketing.watch"
    label = "watch"

"""Registers the web floor: shell, page kinds, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "shopkeeper.web"
    label = "web"

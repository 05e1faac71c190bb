"""Registers the procedure."""

from django.apps import AppConfig


class SopConfig(AppConfig):
    name = "shopkeeper.sop"
    label = "sop"

"""Registers the desk lake."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "shopkeeper.flows.analytics.lake"
    label = "lake"

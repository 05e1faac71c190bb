"""Registers the desk review."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "shopkeeper.flows.marketing.review"
    label = "review"

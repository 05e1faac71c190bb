"""Registers the desk feedback."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "shopkeeper.flows.service.feedback"
    label = "feedback"

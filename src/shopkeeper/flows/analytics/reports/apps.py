"""Registers the desk reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "shopkeeper.flows.analytics.reports"
    label = "reports"

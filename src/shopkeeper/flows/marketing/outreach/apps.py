"""Registers the desk outreach."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "shopkeeper.flows.marketing.outreach"
    label = "outreach"

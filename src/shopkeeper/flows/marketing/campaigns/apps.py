"""Registers the desk campaigns."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "shopkeeper.flows.marketing.campaigns"
    label = "campaigns"

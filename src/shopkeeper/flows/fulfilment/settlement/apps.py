"""Registers the desk settlement."""

from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.settlement"
    label = "settlement"

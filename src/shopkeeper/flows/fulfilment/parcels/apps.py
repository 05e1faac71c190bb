"""Registers the desk parcels."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.parcels"
    label = "parcels"

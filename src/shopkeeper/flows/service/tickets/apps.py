"""Registers the desk tickets."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "shopkeeper.flows.service.tickets"
    label = "tickets"

"""Registers the desk research."""

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "shopkeeper.flows.products.research"
    label = "research"

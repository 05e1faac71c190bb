"""Registers the desk promotions."""

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "shopkeeper.flows.marketing.promotions"
    label = "promotions"

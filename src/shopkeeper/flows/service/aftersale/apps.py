"""Registers the desk aftersale."""

from django.apps import AppConfig


class AftersaleConfig(AppConfig):
    name = "shopkeeper.flows.service.aftersale"
    label = "aftersale"

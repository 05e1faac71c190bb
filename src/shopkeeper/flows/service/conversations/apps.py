"""Registers the desk conversations."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "shopkeeper.flows.service.conversations"
    label = "conversations"

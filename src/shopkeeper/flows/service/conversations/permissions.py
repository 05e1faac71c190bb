"""Permissions on conversations with customers."""

from enum import StrEnum


class Permission(StrEnum):
    CONVERSATION_VIEW = "service.conversation.view"
    CONVERSATION_REPLY = "service.conversation.reply"
    CONVERSATION_SUPERVISE = "service.conversation.supervise"
    MESSAGE_TAKE_IN = "service.message.take_in"
    CALL_LOG = "service.call.log"
    CHANNEL_OPEN = "service.channel.open"

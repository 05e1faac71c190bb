"""Permissions on tickets, agents, what agents know, and changes of orders under way."""

from enum import StrEnum


class Permission(StrEnum):
    TICKET_VIEW = "service.ticket.view"
    TICKET_OPEN = "service.ticket.open"
    TICKET_ASK = "service.ticket.ask"
    TICKET_HANDLE = "service.ticket.handle"
    TICKET_ASSIGN = "service.ticket.assign"
    PRESENCE_SET = "service.agent.set_presence"
    AGENT_MANAGE = "service.agent.manage"
    KNOWLEDGE_VIEW = "service.knowledge.view"
    KNOWLEDGE_WRITE = "service.knowledge.write"
    CHANGE_REQUEST = "service.change.request"
    CHANGE_RECORD = "service.change.record"
    INTERCEPTION_REQUEST = "service.interception.request"
    INTERCEPTION_RECORD = "service.interception.record"

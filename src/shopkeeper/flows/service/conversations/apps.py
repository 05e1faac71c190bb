"""Registers the desk conversations."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "shopkeeper.flows.service.conversations"
    label = "conversations"

    def ready(self) -> None:
        from shopkeeper.flows.service.conversations import deadlines  # noqa: PLC0415
        from shopkeeper.flows.service.conversations.queries.telling import conversations_told  # noqa: PLC0415 (models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        for kind in (deadlines.FIRST_REPLY, deadlines.CALL_ANSWER, deadlines.FORM_REPLY):
            tell_of(kind.name, conversations_told)

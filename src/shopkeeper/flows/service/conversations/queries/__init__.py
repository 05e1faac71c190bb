"""Reads of conversations. What the performers and other desks use is exported here."""

from shopkeeper.flows.service.conversations.queries.outgoing import OutgoingLine, outgoing_lines, pulled_upto

__all__ = ["OutgoingLine", "outgoing_lines", "pulled_upto"]

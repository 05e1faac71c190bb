"""Lines that must reach a platform, opened for the one call that says them; and how far platforms were read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from shopkeeper.flows.service.conversations.sql import replies as sql
from shopkeeper.flows.service.conversations.states import Delivery
from shopkeeper.flows.service.conversations.words import PICTURE
from shopkeeper.foundation.personal import Erased, open_json
from shopkeeper.shared.money import Money


@dataclass(frozen=True, slots=True)
class OutgoingLine:
    """One line with its customer in plain; neither shows in `repr`. Without a customer: erased meanwhile."""

    message_id: int
    shop_id: int
    platform: str
    is_pending: bool
    customer: str = field(repr=False)
    text: str = field(repr=False)


def outgoing_lines(message_ids: Sequence[int]) -> dict[int, OutgoingLine]:
    """Lines by id; the performer's call is their record."""
    found = {}
    for row in sql.OUTGOING.rows(ids=list(message_ids)):
        try:
            customer = open_json(row.subject_id, bytes(row.contact_sealed))["customer"]
            body = open_json(row.subject_id, bytes(row.body_sealed))
        except Erased:
            customer, body = "", {}
        said = (body.get("text"), card_text(body.get("card")))
        text = "\n".join(filter(None, said)) or str(PICTURE)
        found[row.id] = OutgoingLine(
            row.id, row.shop_id, row.platform, row.delivery == Delivery.PENDING, customer, text
        )
    return found


def card_text(card: dict[str, Any] | None) -> str:
    """A product card in words, for chats that know no cards."""
    if not card:
        return ""
    price = Money(int(card["price_minor"]), str(card["currency"]))
    return " ".join(filter(None, (str(card["name"]), str(card["spec"]), str(price))))


def pulled_upto(shop_ids: Sequence[int]) -> dict[int, int]:
    return {row.shop_id: row.pulled_upto for row in sql.CURSORS.rows(shops=list(shop_ids))}

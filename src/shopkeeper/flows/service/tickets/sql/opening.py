"""Statements that open tickets: written once per channel's reference, with what earlier corrections taught."""

from dataclasses import dataclass

from shopkeeper.foundation.sql import Statement


@dataclass(frozen=True, slots=True)
class LearnedRow:
    word: str
    kind: str
    points: int


LEARNED = Statement(
    "SELECT word, kind, points FROM tickets_kindweight WHERE word = ANY(%(words)s::text[])", row=LearnedRow
)


@dataclass(frozen=True, slots=True)
class OpenedRow:
    id: int
    shop_id: int
    channel: str
    external_ref: str


_COLUMNS = {
    "shop_id": "bigint",
    "order_id": "bigint",
    "channel": "text",
    "external_ref": "text",
    "subject_id": "bigint",
    "customer_name_masked": "text",
    "customer_phone_masked": "text",
    "stage": "text",
    "kind": "text",
    "suggested_kind": "text",
    "suggestion_score": "int",
    "classified_by": "bigint",
    "language": "text",
    "priority": "text",
    "priority_rank": "smallint",
    "reply_due_at": "timestamptz",
    "first_reply_at": "timestamptz",
    "first_reply_by": "bigint",
    "resolve_due_at": "timestamptz",
    "next_due_at": "timestamptz",
}
_BYTES = ("words_sealed", "customer_sealed", "phone_index", "phone_tail_index")
_LISTS = ("suggestion_words", "features")

OPEN = Statement(
    f"""
    INSERT INTO tickets_ticket ({", ".join((*_COLUMNS, *_BYTES, *_LISTS))}, state, state_at, opened_at, opened_by,
                                resolution, reopened_count)
    SELECT {", ".join(_COLUMNS)}, {", ".join(f"decode({name}, 'base64')" for name in _BYTES)},
           {", ".join(f"ARRAY(SELECT json_array_elements_text({name}))" for name in _LISTS)},
           'open', %(now)s::timestamptz, %(now)s::timestamptz, %(actor_id)s::bigint, '', 0
    FROM json_to_recordset(%(tickets)s::json) AS given (
        {", ".join(f"{name} {type_}" for name, type_ in _COLUMNS.items())},
        {", ".join(f"{name} text" for name in _BYTES)}, {", ".join(f"{name} json" for name in _LISTS)})
    ORDER BY shop_id, channel, external_ref
    ON CONFLICT (shop_id, channel, external_ref) DO NOTHING
    RETURNING id, shop_id, channel, external_ref""",
    row=OpenedRow,
)

KNOWN = Statement(
    """
    SELECT t.id, t.shop_id, t.channel, t.external_ref
    FROM unnest(%(shops)s::bigint[], %(channels)s::text[], %(refs)s::text[]) AS given (shop_id, channel, external_ref)
    JOIN tickets_ticket AS t USING (shop_id, channel, external_ref)""",
    row=OpenedRow,
)


@dataclass(frozen=True, slots=True)
class OrderTicketRow:
    id: int
    order_id: int


OF_ORDERS = Statement(
    """
    SELECT max(id), order_id FROM tickets_ticket
    WHERE order_id = ANY(%(orders)s::bigint[]) AND state IN ('open', 'assigned', 'waiting')
    GROUP BY order_id""",
    row=OrderTicketRow,
)


@dataclass(frozen=True, slots=True)
class AskedRow:
    order_id: int
    n: int


ASKED_BEFORE = Statement(
    """
    SELECT order_id, count(*)::int FROM tickets_ticket
    WHERE order_id = ANY(%(orders)s::bigint[]) AND external_ref LIKE %(like)s::text
    GROUP BY order_id""",
    row=AskedRow,
)

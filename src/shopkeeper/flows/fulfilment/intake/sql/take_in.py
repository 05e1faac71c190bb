"""Statements that write platform orders as ours: however many orders, the same number of statements."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import NoRow, Statement


@dataclass(frozen=True, slots=True)
class ExistingRow:
    id: int
    shop_id: int
    platform_no: str
    modified_at: datetime
    state: str
    warehouse_id: int | None
    refund_state: str
    address_index: bytes | None
    platform_state: str


LOCK_EXISTING = Statement(
    """
    SELECT o.id, o.shop_id, o.platform_no, o.modified_at, o.state, o.warehouse_id, o.refund_state,
           o.address_index, o.platform_state
    FROM intake_order AS o
    JOIN unnest(%(shops)s::bigint[], %(numbers)s::text[]) AS given (shop_id, platform_no)
      ON o.shop_id = given.shop_id AND o.platform_no = given.platform_no
    ORDER BY o.id FOR UPDATE OF o""",
    row=ExistingRow,
)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """`kind` sku, alias: code, id, is_delisted, floor_minor · shop: id, warehouse as `amount` · repeat: place, id."""

    kind: str
    id: int
    code: str
    is_delisted: bool
    amount: int | None
    place: bytes | None


REFERENCE = Statement(
    """
    SELECT 'sku', id, code::text, is_delisted, floor_minor, NULL::bytea
    FROM listing_sku WHERE code = ANY(%(codes)s::text[])
    UNION ALL
    SELECT 'alias', k.id, a.code::text, k.is_delisted, k.floor_minor, NULL
    FROM listing_skualias AS a JOIN listing_sku AS k ON k.id = a.sku_id WHERE a.code = ANY(%(codes)s::text[])
    UNION ALL
    SELECT 'shop', id, '', false, default_warehouse_id, NULL FROM foundation_shop WHERE id = ANY(%(shops)s::bigint[])
    UNION ALL
    SELECT 'repeat', id, '', false, NULL, address_index FROM intake_order
    WHERE address_index = ANY(ARRAY(
        SELECT decode(place, 'hex') FROM json_array_elements_text(%(places)s::json) AS place))
      AND state IN ('to_check', 'released')
      AND placed_at > %(since)s::timestamptz""",
    row=ReferenceRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


@dataclass(frozen=True, slots=True)
class NewIdsRow:
    orders: list[int]
    lines: list[int]


NEW_IDS = Statement(
    """
    SELECT ARRAY(SELECT nextval('intake_order_id_seq') FROM generate_series(1, %(orders)s::int)),
           ARRAY(SELECT nextval('intake_orderline_id_seq') FROM generate_series(1, %(lines)s::int))""",
    row=NewIdsRow,
)

ORDER_COLUMNS: dict[str, str] = {
    "id": "bigint",
    "shop_id": "bigint",
    "platform_no": "text",
    "platform_state": "text",
    "state": "text",
    "placed_at": "timestamptz",
    "paid_at": "timestamptz",
    "modified_at": "timestamptz",
    "ship_by_at": "timestamptz",
    "shipped_at": "timestamptz",
    "signed_at": "timestamptz",
    "completed_at": "timestamptz",
    "warehouse_id": "bigint",
    "subject_id": "bigint",
    "receiver_token": "text",
    "receiver_sealed": "bytea",
    "receiver_name_masked": "text",
    "receiver_phone_masked": "text",
    "receiver_address_masked": "text",
    "province": "text",
    "city": "text",
    "phone_index": "bytea",
    "phone_tail_index": "bytea",
    "address_index": "bytea",
    "currency": "text",
    "goods_minor": "bigint",
    "freight_minor": "bigint",
    "discount_minor": "bigint",
    "paid_minor": "bigint",
    "has_remark": "boolean",
    "seller_flag": "text",
    "refund_state": "text",
}
_NAMES = ", ".join(ORDER_COLUMNS)
_ORDER_RECORD = ", ".join(f"{name} {'text' if type_ == 'bytea' else type_}" for name, type_ in ORDER_COLUMNS.items())
_ORDER_VALUES = ", ".join(
    f"decode({name}, 'base64') AS {name}" if type_ == "bytea" else name for name, type_ in ORDER_COLUMNS.items()
)
LINE_COLUMNS: dict[str, str] = {
    "id": "bigint",
    "order_id": "bigint",
    "platform_line_no": "text",
    "sku_id": "bigint",
    "outer_code": "text",
    "title": "text",
    "spec": "text",
    "quantity": "int",
    "price_minor": "bigint",
    "discount_minor": "bigint",
    "paid_minor": "bigint",
    "refund_state": "text",
    "is_gift": "boolean",
}
_LINE_NAMES = ", ".join(LINE_COLUMNS)
_LINE_RECORD = ", ".join(f"{name} {type_}" for name, type_ in LINE_COLUMNS.items())
_LINES = f"SELECT {_LINE_NAMES} FROM json_to_recordset(%(lines)s::json) AS line ({_LINE_RECORD})"

# One statement for a whole batch: orders, their lines, the originals, the holds. What collides with an order
# that somebody else just wrote is left out together with all that hangs on it.
WRITE_NEW = Statement(
    f"""
    WITH given AS MATERIALIZED (
        SELECT {_ORDER_VALUES}, open_holds, decode(raw_sealed, 'base64') AS raw_sealed
        FROM json_to_recordset(%(orders)s::json) AS given ({_ORDER_RECORD}, open_holds text[], raw_sealed text)
    ), written AS (
        INSERT INTO intake_order ({_NAMES}, open_holds, is_history, state_at, taken_in_at)
        SELECT {_NAMES}, open_holds, %(is_history)s::boolean, %(now)s::timestamptz, %(now)s::timestamptz
        FROM given ORDER BY id
        ON CONFLICT (shop_id, platform_no) DO NOTHING
        RETURNING id
    ), lines AS (
        INSERT INTO intake_orderline ({_LINE_NAMES})
        SELECT line.* FROM ({_LINES}) AS line WHERE line.order_id IN (SELECT id FROM written)
    ), messages AS (
        INSERT INTO intake_platformmessage (order_id, shop_id, platform_no, modified_at, subject_id, raw_sealed,
                                            received_at)
        SELECT id, shop_id, platform_no, modified_at, subject_id, raw_sealed, %(now)s::timestamptz
        FROM given WHERE id IN (SELECT id FROM written)
    ), holds AS (
        INSERT INTO intake_hold (order_id, code, facts, opened_at, decision, reason)
        SELECT hold.order_id, hold.code, hold.facts, %(now)s::timestamptz, '', ''
        FROM json_to_recordset(%(holds)s::json) AS hold (order_id bigint, code text, facts jsonb)
        WHERE hold.order_id IN (SELECT id FROM written)
    )
    SELECT id FROM written""",
    row=IdRow,
)

PUT_LINES: Statement[NoRow] = Statement(
    f"""
    INSERT INTO intake_orderline ({_LINE_NAMES})
    {_LINES}
    ON CONFLICT (order_id, platform_line_no) DO UPDATE
        SET quantity = excluded.quantity, price_minor = excluded.price_minor, paid_minor = excluded.paid_minor,
            discount_minor = excluded.discount_minor, refund_state = excluded.refund_state,
            sku_id = coalesce(excluded.sku_id, intake_orderline.sku_id), outer_code = excluded.outer_code,
            title = excluded.title, spec = excluded.spec"""
)

KEEP_MESSAGES: Statement[NoRow] = Statement("""
    INSERT INTO intake_platformmessage (order_id, shop_id, platform_no, modified_at, subject_id, raw_sealed,
                                        received_at)
    SELECT *, %(now)s::timestamptz
    FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(numbers)s::text[], %(modified)s::timestamptz[],
                %(subjects)s::bigint[], %(raws)s::bytea[])""")

_KEPT = {"id", "shop_id", "platform_no", "state", "placed_at", "shipped_at", "signed_at", "completed_at"}
_ONCE_KNOWN = {"paid_at", "ship_by_at"}  # a version without them does not take them away
_ONCE_CHOSEN = {"warehouse_id"}


def _assignment(name: str) -> str:
    if name in _ONCE_KNOWN:
        return f"{name} = coalesce(given.{name}, o.{name})"
    return f"{name} = coalesce(o.{name}, given.{name})" if name in _ONCE_CHOSEN else f"{name} = given.{name}"


_SET = ", ".join(_assignment(name) for name in ORDER_COLUMNS if name not in _KEPT)

UPDATE_ORDERS = Statement(
    f"""
    UPDATE intake_order AS o SET {_SET}
    FROM (SELECT {_ORDER_VALUES} FROM json_to_recordset(%(orders)s::json) AS record ({_ORDER_RECORD})) AS given
    WHERE o.id = given.id AND o.modified_at <= given.modified_at
    RETURNING o.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int
    order_id: int
    platform_line_no: str
    refund_state: str
    paid_minor: int
    sku_id: int | None
    quantity: int


LINES_OF = Statement(
    """
    SELECT id, order_id, platform_line_no, refund_state, paid_minor, sku_id, quantity FROM intake_orderline
    WHERE order_id = ANY(%(orders)s::bigint[])
    ORDER BY order_id, id""",
    row=LineRow,
)

"""Statements that write platform orders as ours: however many orders, the same number of statements."""

from dataclasses import dataclass
from datetime import datetime

from shopkeeper.foundation.sql import Statement


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
class SkuRow:
    code: str
    id: int
    is_delisted: bool
    floor_minor: int


MATCH_SKUS = Statement(
    "SELECT code, id, is_delisted, floor_minor FROM listing_sku WHERE code = ANY(%(codes)s::text[])",
    row=SkuRow,
)


@dataclass(frozen=True, slots=True)
class ShopRow:
    id: int
    default_warehouse_id: int | None


SHOPS = Statement("SELECT id, default_warehouse_id FROM foundation_shop WHERE id = ANY(%(ids)s::bigint[])", row=ShopRow)


@dataclass(frozen=True, slots=True)
class RepeatRow:
    address_index: bytes
    order_id: int


REPEATS = Statement(
    """
    SELECT address_index, id FROM intake_order
    WHERE address_index = ANY(%(addresses)s::bytea[]) AND state IN ('to_check', 'released')
      AND placed_at > %(since)s::timestamptz""",
    row=RepeatRow,
)


@dataclass(frozen=True, slots=True)
class IdRow:
    id: int


NEW_ORDER_IDS = Statement("SELECT nextval('intake_order_id_seq') FROM generate_series(1, %(count)s::int)", row=IdRow)
NEW_LINE_IDS = Statement("SELECT nextval('intake_orderline_id_seq') FROM generate_series(1, %(count)s::int)", row=IdRow)

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
_GIVEN = ", ".join(f"%({name})s::{type_}[]" for name, type_ in ORDER_COLUMNS.items())
_NAMES = ", ".join(ORDER_COLUMNS)

INSERT_ORDERS = Statement(
    f"""
    INSERT INTO intake_order ({_NAMES}, open_holds, is_history, state_at, taken_in_at)
    SELECT {_NAMES}, string_to_array(nullif(open_holds, ''), ','), %(is_history)s::boolean,
           %(now)s::timestamptz, %(now)s::timestamptz
    FROM unnest({_GIVEN}, %(open_holds)s::text[]) AS given ({_NAMES}, open_holds)
    ORDER BY id
    ON CONFLICT (shop_id, platform_no) DO NOTHING
    RETURNING id""".replace(
        "string_to_array(nullif(open_holds, ''), ',')",
        "coalesce(string_to_array(nullif(open_holds, ''), ','), '{}')",
    ),
    row=IdRow,
)

INSERT_LINES = Statement("""
    INSERT INTO intake_orderline (id, order_id, platform_line_no, sku_id, outer_code, title, spec, quantity,
                                  price_minor, discount_minor, paid_minor, refund_state, is_gift)
    SELECT * FROM unnest(%(ids)s::bigint[], %(orders)s::bigint[], %(numbers)s::text[], %(skus)s::bigint[],
                         %(codes)s::text[], %(titles)s::text[], %(specs)s::text[], %(quantities)s::int[],
                         %(prices)s::bigint[], %(discounts)s::bigint[], %(paids)s::bigint[], %(refunds)s::text[],
                         %(gifts)s::boolean[])
    ON CONFLICT (order_id, platform_line_no) DO UPDATE
        SET quantity = excluded.quantity, price_minor = excluded.price_minor, paid_minor = excluded.paid_minor,
            discount_minor = excluded.discount_minor, refund_state = excluded.refund_state,
            sku_id = coalesce(excluded.sku_id, intake_orderline.sku_id)""")

KEEP_MESSAGES = Statement("""
    INSERT INTO intake_platformmessage (order_id, shop_id, platform_no, modified_at, subject_id, raw_sealed,
                                        received_at)
    SELECT *, %(now)s::timestamptz
    FROM unnest(%(orders)s::bigint[], %(shops)s::bigint[], %(numbers)s::text[], %(modified)s::timestamptz[],
                %(subjects)s::bigint[], %(raws)s::bytea[])""")

_UPDATED = [
    name
    for name in ORDER_COLUMNS
    if name
    not in {"id", "shop_id", "platform_no", "state", "placed_at", "shipped_at", "signed_at", "completed_at",
            "warehouse_id"}
]  # fmt: skip
_SET = ", ".join(
    f"{name} = coalesce(given.{name}, o.{name})" if name in {"paid_at", "ship_by_at"} else f"{name} = given.{name}"
    for name in _UPDATED
)

UPDATE_ORDERS = Statement(
    f"""
    UPDATE intake_order AS o SET {_SET}
    FROM unnest({_GIVEN}) AS given ({_NAMES})
    WHERE o.id = given.id AND o.modified_at < given.modified_at
    RETURNING o.id""",
    row=IdRow,
)


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int
    order_id: int
    platform_line_no: str


LINES_OF = Statement(
    """
    SELECT id, order_id, platform_line_no FROM intake_orderline WHERE order_id = ANY(%(orders)s::bigint[])
    ORDER BY order_id, id""",
    row=LineRow,
)

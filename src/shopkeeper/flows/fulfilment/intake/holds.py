"""Which holds the rules find by themselves, which a person may pass, and which need a reason."""

JUDGED = frozenset(
    {
        "unknown_sku", "delisted_sku", "short_stock", "odd_quantity", "odd_price", "odd_amount",
        "address_incomplete", "address_unreachable", "bad_phone", "buyer_remark", "repeat_order",
        "suspected_test", "refund_open", "platform_hold", "no_lines",
    }
)  # fmt: skip

# Passing these would send nothing, or send what must not be sent: the fact itself has to go away.
NEVER_PASSED = frozenset({"unknown_sku", "short_stock", "short_pick", "damaged_piece", "refund_open",
                          "platform_hold", "no_lines"})  # fmt: skip

BY_PEOPLE = frozenset({"by_hand", "address_changed", "lines_incomplete", "short_pick", "damaged_piece"})
ALL_HOLDS = JUDGED | BY_PEOPLE

NEEDS_REASON = frozenset({"odd_price", "odd_amount", "odd_quantity", "suspected_test", "repeat_order", "delisted_sku",
                          "lines_incomplete"})  # fmt: skip

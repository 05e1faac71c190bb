"""Which holds the rules find by themselves, which a person may pass, and which need a reason."""

from enum import StrEnum


class HoldCode(StrEnum):
    UNKNOWN_SKU = "unknown_sku"
    DELISTED_SKU = "delisted_sku"
    SHORT_STOCK = "short_stock"
    ODD_QUANTITY = "odd_quantity"
    ODD_PRICE = "odd_price"
    ODD_AMOUNT = "odd_amount"
    ADDRESS_INCOMPLETE = "address_incomplete"
    ADDRESS_UNREACHABLE = "address_unreachable"
    BAD_PHONE = "bad_phone"
    BUYER_REMARK = "buyer_remark"
    REPEAT_ORDER = "repeat_order"
    SUSPECTED_TEST = "suspected_test"
    REFUND_OPEN = "refund_open"
    PLATFORM_HOLD = "platform_hold"
    NO_LINES = "no_lines"
    ADDRESS_CHANGED = "address_changed"
    LINES_INCOMPLETE = "lines_incomplete"
    SHORT_PICK = "short_pick"
    DAMAGED_PIECE = "damaged_piece"
    SHIPPED_ELSEWHERE = "shipped_elsewhere"
    NO_WAREHOUSE = "no_warehouse"
    LINES_CHANGED = "lines_changed"
    PRICE_UNLIKE_PROMOTIONS = "price_unlike_promotions"
    BY_HAND = "by_hand"


ALL_HOLDS = frozenset(map(str, HoldCode))

# Found by people or by the way through the house, not by the rules.
BY_PEOPLE = frozenset(
    {
        "by_hand",
        "address_changed",
        "lines_changed",
        "lines_incomplete",
        "short_pick",
        "damaged_piece",
        "price_unlike_promotions",
    }
)
JUDGED = ALL_HOLDS - BY_PEOPLE

# Passing these would send nothing, or send what must not be sent: the fact itself has to go away.
NEVER_PASSED = frozenset({"unknown_sku", "short_stock", "short_pick", "damaged_piece", "refund_open",
                          "platform_hold", "no_lines", "shipped_elsewhere", "no_warehouse"})  # fmt: skip

NEEDS_REASON = frozenset({"odd_price", "odd_amount", "odd_quantity", "suspected_test", "repeat_order", "delisted_sku",
                          "lines_incomplete", "price_unlike_promotions",
                          "address_incomplete", "address_unreachable", "bad_phone"})  # fmt: skip

# Set by a customer's wish, too: not to be passed while it is being carried out. The hold's facts then name the wish;
# still open after it, the wish came to nothing, and who sends the order as it was says why.
SET_BY_WISHES = frozenset({"address_changed", "by_hand"})
WISH = "wish"

# Nobody at the order desk can end these: goods arrive, the platform lets go, money goes back, a code is made.
ENDS_ELSEWHERE = frozenset({"short_stock", "platform_hold", "refund_open", "unknown_sku"})

# Pieces are missing: what arrives is promised to the order by itself, first paid first served.
SHORTAGES = ("short_stock", "short_pick", "damaged_piece")

# Written into a hold's facts: until when the buyer agreed to wait for the goods; why somebody held it by hand.
AGREED_UNTIL = "agreed_until"
NOTE = "note"

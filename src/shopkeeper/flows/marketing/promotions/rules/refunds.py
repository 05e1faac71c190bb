"""What goes back (E5): a unit's own balance of the ledger, never more than was paid; the others keep their discount."""

from collections.abc import Mapping, Sequence

from shopkeeper.flows.marketing.promotions.rules.ledger import Priced


def refundable(priced: Priced, line_id: str, returned: Sequence[int], units: Sequence[int]) -> int:
    """The amount due for units (0-based positions) of a line, given those returned before.

    Units count once, however often they are named; a position that the line does not have raises ValueError.
    """
    prices = priced.unit_prices(line_id)
    asked = set(units) - set(returned)
    if any(not 0 <= unit < len(prices) for unit in asked):
        raise ValueError("the line has no such unit")
    return sum(prices[unit] for unit in asked)


def next_units(quantity: int, returned: Sequence[int], count: int) -> list[int]:
    """The units a refund of `count` pieces takes where nobody says which: the first that are not back yet."""
    open_units = [unit for unit in range(quantity) if unit not in set(returned)]
    if count > len(open_units):
        raise ValueError("more pieces than are left")
    return open_units[:count]


def deducted_gifts(priced: Priced, kept_gifts: Mapping[int, int]) -> int:
    """What is held back for gifts that do not come home: their agreed value, by promotion and pieces kept."""
    owed = 0
    for gift in priced.gifts:
        kept = min(kept_gifts.get(gift.promotion_id, 0), gift.quantity)
        owed += gift.cost_minor * kept // gift.quantity
    return owed

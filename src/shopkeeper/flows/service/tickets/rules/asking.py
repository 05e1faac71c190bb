"""Tickets that the order desk opens to have an order's buyer asked, told by their reference."""

REFERENCE = "orders-ask"


def is_asked(external_ref: str) -> bool:
    return external_ref.startswith(f"{REFERENCE}:")

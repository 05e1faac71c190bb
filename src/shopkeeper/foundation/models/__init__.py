"""Tables that every flow stands on. Append-only logs are made by SQL in the migrations, not here."""

from .access import ApiToken, IdempotencyKey
from .organisation import Shop, Warehouse
from .people import Person, PersonRole, PersonShop, PersonWarehouse
from .personal import SubjectKey
from .work import BusinessClock, ErrandEntry, ReaderCursor

__all__ = [
    "ApiToken",
    "BusinessClock",
    "ErrandEntry",
    "IdempotencyKey",
    "Person",
    "PersonRole",
    "PersonShop",
    "PersonWarehouse",
    "ReaderCursor",
    "Shop",
    "SubjectKey",
    "Warehouse",
]

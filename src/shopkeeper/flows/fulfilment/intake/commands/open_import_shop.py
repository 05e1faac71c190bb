"""O1.1: the shop into which a file's orders go, where there is none for its profile yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopkeeper.flows.fulfilment.intake.permissions import Permission
from shopkeeper.foundation.commands import Step, command
from shopkeeper.foundation.models import Shop, Warehouse
from shopkeeper.foundation.scope import EVERYWHERE
from shopkeeper.shared.outcomes import Outcome, done, unchanged


@dataclass(frozen=True, slots=True)
class OpenImportShop:
    """`code` is the profile's name; the currency is the file's."""

    code: str
    name: str
    currency: str
    zone: str


@command(clause="O1.1", permission=Permission.ORDER_IMPORT, scope=EVERYWHERE, internal=True)
def open_import_shop(step: Step, items: Sequence[OpenImportShop]) -> list[Outcome]:
    """Make the shop of an import profile; one with that code is unchanged.

    It is not reached over any platform. It sends from the warehouse there is, if there is exactly one.
    """
    warehouses = list(Warehouse.objects.filter(is_active=True).order_by("id")[:2])
    sends_from = warehouses[0] if len(warehouses) == 1 else None
    outcomes = []
    for item in items:
        shop, made = Shop.objects.get_or_create(
            code=item.code,
            defaults={
                "name": item.name,
                "platform": "file",
                "currency": item.currency,
                "zone": item.zone,
                "default_warehouse": sends_from,
            },
        )
        outcomes.append(done(shop.pk) if made else unchanged(shop.pk))
    return outcomes

"""Registers the desk parcels."""

from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "shopkeeper.flows.fulfilment.parcels"
    label = "parcels"

    def ready(self) -> None:
        from shopkeeper.flows.fulfilment.parcels.deadlines import NUMBER_CASE, PARCEL_CASE  # noqa: PLC0415
        from shopkeeper.flows.fulfilment.parcels.queries.telling import kinds_of_cases  # noqa: PLC0415 (needs models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        for kind in (NUMBER_CASE, PARCEL_CASE):
            tell_of(kind.name, kinds_of_cases)

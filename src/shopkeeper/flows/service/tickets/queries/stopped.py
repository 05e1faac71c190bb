"""Parcels that we asked the courier to bring back, for the desk that watches their way."""

from datetime import datetime

from shopkeeper.flows.service.tickets.models import Interception
from shopkeeper.flows.service.tickets.states import InterceptionKind, InterceptionState


class AskedBack:
    """The parcels' port over interceptions."""

    def asked_back_at(self, parcel_id: int) -> datetime | None:
        """When the courier was last asked to bring the parcel back, unless it refused."""
        rows = Interception.objects.filter(parcel_id=parcel_id, kind=InterceptionKind.RETURN)
        rows = rows.exclude(state=InterceptionState.REFUSED)
        return rows.order_by("-id").values_list("requested_at", flat=True).first()

"""O3.1: what every page on which parcels are handed over shares: none leaves whose label was never printed."""

from collections.abc import Sequence

from shopkeeper.flows.fulfilment.parcels import queries
from shopkeeper.flows.fulfilment.parcels.commands.hand_over_parcels import HandOver, hand_over_parcels
from shopkeeper.shared.outcomes import Outcome, refused, signed
from shopkeeper.web.command_forms import run_once
from shopkeeper.web.pages import Request


def hand_over_labelled(request: Request, parcel_ids: Sequence[int]) -> list[Outcome]:
    """Hand parcels over; what was closed without a label stays: the packer was told to print one first.

    Refused besides what the command refuses: no_label.
    """
    bare = queries.without_label(request.actor, parcel_ids)
    items = [HandOver(parcel_id) for parcel_id in parcel_ids if parcel_id not in bare]
    staying = [refused("no_label", parcel_id, parcel=number) for parcel_id, number in bare.items()]
    return [*run_once(request, hand_over_parcels, items), *signed(staying, "parcels")]

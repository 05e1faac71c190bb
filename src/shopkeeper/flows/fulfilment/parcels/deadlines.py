"""Deadlines of O3.1 and O3.2. Watches without a role are the system's own; a case is the specialist's work."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

# Armed before the platform's ship-by; when that warning comes due unacknowledged, a case is opened and the
# watch is set to the ship-by itself, after which it is late.
SHIP_BACK = DeadlineKind("ship_back", clause="O3.1", subject="parcel", on_due="check_ship_backs")
PARCEL_STALL = DeadlineKind("parcel_stall", clause="O3.2", subject="parcel", on_due="check_stalled_parcels")
PARCEL_PROMISE = DeadlineKind("parcel_promise", clause="O3.2", subject="parcel", on_due="check_promises")
TRACKING_PULL = DeadlineKind("tracking_pull", clause="O3.2", subject="parcel", on_due="ask_for_tracking")
NUMBER_CASE = DeadlineKind(
    "number_case",
    clause="O3.1",
    subject="case",
    role=Role.ORDER_SPECIALIST,
    title=T("处理单号异常", "Settle a tracking number problem"),
    url="/parcels/cases/{id}/",
)
PARCEL_CASE = DeadlineKind(
    "parcel_case",
    clause="O3.2",
    subject="case",
    role=Role.ORDER_SPECIALIST,
    title=T("联系快递处理异常包裹", "Ask the courier about a parcel"),
    url="/parcels/cases/{id}/",
)

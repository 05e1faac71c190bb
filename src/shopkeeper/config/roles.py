"""Which role may do what, on one page. Deny by default: what is not listed is refused."""

from collections.abc import Iterable

from shopkeeper.flows.fulfilment.intake.permissions import Permission as Intake
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.settlement.permissions import Permission as Settlement
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.foundation.permissions import Permission as Foundation
from shopkeeper.sop.permissions import Permission as Sop
from shopkeeper.sop.roles import Role

EVERYONE = {Sop.WORK_VIEW, Sop.WORK_CLAIM, Sop.COMPLIANCE_VIEW, Foundation.TOKEN_MAKE}
LOOK = {Intake.ORDER_VIEW, Parcels.PARCEL_VIEW, Warehouse.WAVE_VIEW, Stock.STOCK_VIEW}
ORDERS = LOOK | {
    Intake.ORDER_CHECK,
    Intake.ORDER_HOLD,
    Intake.ORDER_CANCEL,
    Intake.ORDER_IMPORT,
    Intake.ORDER_TAKE_IN,
    Parcels.NUMBER_ENTER,
    Parcels.PARCEL_OPEN,
    Parcels.PARCEL_CANCEL,
    Parcels.SHIP_BACK_RETRY,
    Parcels.CASE_HANDLE,
    Foundation.PERSONAL_REVEAL,
}
WAREHOUSE = LOOK | {
    Warehouse.WAVE_RELEASE,
    Warehouse.PICK,
    Warehouse.PACK,
    Parcels.LABEL_PRINT,
    Parcels.PARCEL_HAND_OVER,
    Stock.STOCK_RECEIVE,
}
SUPERVISOR = (
    ORDERS
    | WAREHOUSE
    | {
        Sop.WORK_ESCALATE,
        Sop.POLICY_VIEW,
        Sop.POLICY_SET,
        Sop.OWNER_SET,
        Intake.SESSION_OPEN,
        Listing.SKU_IMPORT,
        Warehouse.PACK_FORCE,
        Settlement.SETTLEMENT_VIEW,
        Settlement.FOLLOW_UP_VIEW,
        Settlement.FOLLOW_UP_OPEN,
        Settlement.FOLLOW_UP_RECORD,
    }
)
MANAGER = SUPERVISOR | {
    Foundation.PERSONAL_ERASE,
    Foundation.PEOPLE_MANAGE,
    Settlement.SETTLEMENT_APPROVE,
}

ROLE_PERMISSIONS: dict[str, set[str]] = {
    Role.OPERATIONS_MANAGER: set(map(str, MANAGER)),
    Role.OPERATIONS_SUPERVISOR: set(map(str, SUPERVISOR)),
    Role.ORDER_SPECIALIST: set(map(str, ORDERS)),
    Role.PRODUCT_SPECIALIST: {Listing.SKU_IMPORT, Stock.STOCK_VIEW, Stock.STOCK_RECEIVE, Intake.ORDER_VIEW},
    Role.DATA_SPECIALIST: set(map(str, LOOK | {Settlement.SETTLEMENT_VIEW})),
    Role.CAMPAIGN_SPECIALIST: {Stock.STOCK_VIEW, Intake.ORDER_VIEW},
    Role.WAREHOUSE: set(map(str, WAREHOUSE)),
    Role.CUSTOMER_SERVICE: {
        *map(str, LOOK),
        Intake.ORDER_HOLD,
        Settlement.FOLLOW_UP_VIEW,
        Settlement.FOLLOW_UP_OPEN,
        Settlement.FOLLOW_UP_RECORD,
        Foundation.PERSONAL_REVEAL,
    },
    Role.MARKET: {Stock.STOCK_VIEW},
    Role.DESIGN: {Stock.STOCK_VIEW},
    Role.ENGINEERING: {Sop.POLICY_VIEW, Stock.STOCK_VIEW, Foundation.CLOCK_SET},
    Role.FINANCE: {
        Intake.ORDER_VIEW,
        Settlement.ORDER_COMPLETE,
        Settlement.SETTLEMENT_VIEW,
        Settlement.SETTLEMENT_SETTLE,
        Settlement.SETTLEMENT_APPROVE,
        Settlement.DAY_CLOSE,
    },
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Everything these roles may do together; an unknown role may nothing of its own."""
    granted = set(map(str, EVERYONE))
    for role in roles:
        granted |= {str(permission) for permission in ROLE_PERMISSIONS.get(role, set())}
    return frozenset(granted)

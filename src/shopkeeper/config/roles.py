"""Which role may do what, on one page. Deny by default: what is not listed is refused."""

from collections.abc import Iterable

from shopkeeper.flows.fulfilment.intake.permissions import Permission as Intake
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.settlement.permissions import Permission as Settlement
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.marketing.promotions.permissions import Permission as Promotions
from shopkeeper.flows.products.listing.permissions import Permission as Listing
from shopkeeper.flows.products.pricing.permissions import Permission as Pricing
from shopkeeper.flows.products.publishing.permissions import Permission as Publishing
from shopkeeper.flows.products.research.permissions import Permission as Research
from shopkeeper.flows.products.stock.permissions import Permission as Stock
from shopkeeper.flows.service.aftersale.permissions import Permission as AfterSale
from shopkeeper.flows.service.conversations.permissions import Permission as Conversations
from shopkeeper.flows.service.feedback.permissions import Permission as Feedback
from shopkeeper.flows.service.tickets.permissions import Permission as Tickets
from shopkeeper.foundation.permissions import Permission as Foundation
from shopkeeper.sop.permissions import Permission as Sop
from shopkeeper.sop.roles import Role

EVERYONE = {Sop.WORK_VIEW, Sop.WORK_CLAIM, Sop.COMPLIANCE_VIEW, Foundation.TOKEN_MAKE, Listing.PRODUCT_VIEW}
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
    Stock.STOCK_ADJUST,
    Stock.BIN_KEEP,
    Stock.LOT_MOVE,
    Stock.RESTOCK_VIEW,
}
PRODUCTS = {
    Listing.SKU_IMPORT,
    Listing.PRODUCT_EDIT,
    Listing.PRODUCT_SUBMIT,
    Listing.PRODUCT_RETIRE,
    Listing.IMAGE_EDIT,
    Listing.CATEGORY_EDIT,
}
STOCK_AND_PRICE = {
    Stock.STOCK_VIEW,
    Stock.STOCK_RECEIVE,
    Stock.STOCK_ADJUST,
    Stock.RESTOCK_VIEW,
    Stock.RESTOCK_HANDLE,
    Stock.THRESHOLD_SET,
    Pricing.PRICE_VIEW,
    Pricing.PRICE_PROPOSE,
}
LISTINGS = {
    Publishing.REVIEW_VIEW,
    Publishing.WORDS_VIEW,
    Publishing.LISTING_VIEW,
    Publishing.CHECK,
}
PUBLISHING = LISTINGS | {
    Publishing.REVIEW_DECIDE,
    Publishing.WORDS_EDIT,
    Publishing.EXEMPT,
    Publishing.PUBLISH,
    Publishing.STOCK_PUSH,
}
CONVERSATIONS = {
    Conversations.CONVERSATION_VIEW,
    Conversations.CONVERSATION_REPLY,
    Conversations.MESSAGE_TAKE_IN,
    Conversations.CALL_LOG,
}
CHANGES = {
    Tickets.TICKET_VIEW,
    Tickets.KNOWLEDGE_VIEW,
    Tickets.CHANGE_REQUEST,
    Tickets.CHANGE_RECORD,
    Tickets.INTERCEPTION_REQUEST,
    Tickets.INTERCEPTION_RECORD,
}
TICKETS = CHANGES | {Tickets.TICKET_OPEN, Tickets.TICKET_HANDLE, Tickets.PRESENCE_SET}
AFTER_SALE = {
    AfterSale.CASE_VIEW,
    AfterSale.CASE_OPEN,
    AfterSale.CASE_HANDLE,
    AfterSale.EVIDENCE_VIEW,
    AfterSale.EVIDENCE_TAKE_IN,
    AfterSale.RETURN_VIEW,
}
RETURNS = {AfterSale.RETURN_VIEW, AfterSale.RETURN_RECEIVE, AfterSale.RETURN_GRADE}
FEEDBACK = {
    Feedback.SURVEY_VIEW,
    Feedback.SURVEY_SEND,
    Feedback.RECOVERY_HANDLE,
    Feedback.SUMMARY_VIEW,
    Feedback.SUMMARY_COMPLETE,
    Feedback.IMPROVEMENT_VIEW,
    Feedback.IMPROVEMENT_OPEN,
}
# Who is asked to improve sees the paper the task came from.
IMPROVING = {Feedback.SUMMARY_VIEW, Feedback.IMPROVEMENT_VIEW, Feedback.IMPROVEMENT_REPLY}
PROMOTIONS = {Promotions.RULE_VIEW, Promotions.RULE_EDIT, Promotions.COUPON_ISSUE}
# Whoever sells: the till prices carts, gives out coupons and places orders; service gives one out as a favour.
TILL = {Promotions.RULE_VIEW, Promotions.COUPON_CLAIM, Promotions.USAGE_KEEP}
RESEARCH = {Research.RESEARCH_VIEW, Research.RESEARCH_RECORD, Research.CANDIDATE_EDIT}
SUPERVISOR = (
    ORDERS
    | WAREHOUSE
    | PRODUCTS
    | STOCK_AND_PRICE
    | CONVERSATIONS
    | TICKETS
    | PUBLISHING
    | AFTER_SALE
    | RETURNS
    | RESEARCH
    | FEEDBACK
    | PROMOTIONS
    | TILL
    | {
        Promotions.RULE_APPROVE,
        Feedback.SUMMARY_SIGN,
        Feedback.IMPROVEMENT_CLOSE,
        Research.STRATEGY_EDIT,
        Research.SELECTION_SUBMIT,
        AfterSale.OUTSIDE_POLICY,
        AfterSale.REFUND_APPROVE,
        AfterSale.REFUND_PAY,
        AfterSale.POLICY_PUBLISH,
        Tickets.TICKET_ASSIGN,
        Tickets.AGENT_MANAGE,
        Tickets.KNOWLEDGE_WRITE,
        Conversations.CONVERSATION_SUPERVISE,
        Conversations.CHANNEL_OPEN,
        Sop.WORK_ESCALATE,
        Sop.POLICY_VIEW,
        Sop.POLICY_SET,
        Sop.OWNER_SET,
        Intake.SESSION_OPEN,
        Intake.ORDER_CLOSE,
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
    Pricing.PRICE_APPROVE,
    Pricing.TARGET_SET,
    Research.SELECTION_APPROVE,
}

ROLE_PERMISSIONS: dict[str, set[str]] = {
    Role.OPERATIONS_MANAGER: set(map(str, MANAGER)),
    Role.OPERATIONS_SUPERVISOR: set(map(str, SUPERVISOR)),
    Role.ORDER_SPECIALIST: set(map(str, ORDERS | CHANGES | IMPROVING | TILL)),
    Role.PRODUCT_SPECIALIST: set(
        map(str, PRODUCTS | STOCK_AND_PRICE | LISTINGS | RESEARCH | IMPROVING | {Intake.ORDER_VIEW})
    ),
    Role.DATA_SPECIALIST: {
        *map(str, LOOK),
        Promotions.RULE_VIEW,
        Settlement.SETTLEMENT_VIEW,
        Stock.RESTOCK_VIEW,
        Pricing.PRICE_VIEW,
        Feedback.SURVEY_VIEW,
        Feedback.SUMMARY_VIEW,
        Feedback.IMPROVEMENT_VIEW,
    },
    Role.CAMPAIGN_SPECIALIST: {
        *PROMOTIONS,
        *TILL,
        Publishing.LISTING_VIEW,
        Publishing.WORDS_VIEW,
        Stock.STOCK_VIEW,
        Pricing.PRICE_VIEW,
        Intake.ORDER_VIEW,
    },
    Role.WAREHOUSE: set(map(str, WAREHOUSE | RETURNS | IMPROVING)),
    Role.CUSTOMER_SERVICE: {
        *map(str, LOOK | TICKETS | AFTER_SALE | FEEDBACK),
        *map(str, CONVERSATIONS),
        Promotions.RULE_VIEW,
        Promotions.COUPON_CLAIM,
        Intake.ORDER_HOLD,
        Intake.ORDER_CLOSE,
        Settlement.FOLLOW_UP_VIEW,
        Settlement.FOLLOW_UP_OPEN,
        Settlement.FOLLOW_UP_RECORD,
        Foundation.PERSONAL_REVEAL,
    },
    Role.MARKET: {Stock.STOCK_VIEW, *RESEARCH, Research.STRATEGY_EDIT},
    Role.DESIGN: {Publishing.WORDS_VIEW, Stock.STOCK_VIEW, Listing.IMAGE_EDIT},
    Role.ENGINEERING: {Publishing.LISTING_VIEW, Sop.POLICY_VIEW, Stock.STOCK_VIEW, Foundation.CLOCK_SET},
    Role.FINANCE: {
        Intake.ORDER_VIEW,
        Promotions.RULE_VIEW,
        AfterSale.CASE_VIEW,
        AfterSale.REFUND_PAY,
        Pricing.PRICE_VIEW,
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

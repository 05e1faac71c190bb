"""Which role may do what, on one page. Deny by default: what is not listed is refused."""

from collections.abc import Iterable

from shopkeeper.flows.analytics.collection.permissions import Permission as Collection
from shopkeeper.flows.analytics.decisions.permissions import Permission as Decisions
from shopkeeper.flows.analytics.lake.permissions import Permission as Lake
from shopkeeper.flows.analytics.reports.permissions import Permission as Reports
from shopkeeper.flows.fulfilment.intake.permissions import Permission as Intake
from shopkeeper.flows.fulfilment.parcels.permissions import Permission as Parcels
from shopkeeper.flows.fulfilment.settlement.permissions import Permission as Settlement
from shopkeeper.flows.fulfilment.warehouse.permissions import Permission as Warehouse
from shopkeeper.flows.marketing.campaigns.permissions import Permission as Campaigns
from shopkeeper.flows.marketing.launch.permissions import Permission as Launch
from shopkeeper.flows.marketing.outreach.permissions import Permission as Outreach
from shopkeeper.flows.marketing.promotions.permissions import Permission as Promotions
from shopkeeper.flows.marketing.review.permissions import Permission as Review
from shopkeeper.flows.marketing.watch.permissions import Permission as Watch
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

# Every role may have a part in a campaign: it sees the plan and does the tasks it is given.
CAMPAIGN_TEAM = {Campaigns.CAMPAIGN_VIEW, Campaigns.TASK_DO}
EVERYONE = {
    Sop.WORK_VIEW,
    Sop.WORK_CLAIM,
    Sop.COMPLIANCE_VIEW,
    Foundation.TOKEN_MAKE,
    Listing.PRODUCT_VIEW,
    *CAMPAIGN_TEAM,
    # What a campaign taught is shared, and anybody may be given something to do after it.
    Review.REVIEW_VIEW,
    Review.ACTION_END,
}
# A decision's task may be anybody's: whoever does it sees the finding it came from.
EVERYONE |= {Decisions.DECISION_VIEW, Decisions.TASK_DO}
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
CAMPAIGNS = CAMPAIGN_TEAM | {
    Campaigns.CAMPAIGN_EDIT,
    Campaigns.CAMPAIGN_LAUNCH,
    Campaigns.CAMPAIGN_END,
    Campaigns.CAMPAIGN_SPEND,
    Campaigns.SEGMENT_EDIT,
}
GATE = {Launch.MATERIAL_VIEW, Launch.GATE_VIEW, Launch.GATE_RUN, Launch.GATE_EXAMPLE}
LAUNCH = GATE | {Launch.MATERIAL_BRIEF, Launch.MATERIAL_APPROVE}
MATERIALS = {Launch.MATERIAL_VIEW, Launch.MATERIAL_MAKE, Launch.BRAND_SET}
# Whoever sells: the till prices carts, gives out coupons and places orders; service gives one out as a favour.
TILL = {Promotions.RULE_VIEW, Promotions.COUPON_CLAIM, Promotions.USAGE_KEEP}
WATCH = {Watch.WATCH_VIEW, Watch.TRAFFIC_RECORD, Watch.BENCHMARK_SET, Watch.ALERT_ANSWER}
# Whoever buys answers calls for restock; whoever collects figures brings traffic and benchmarks.
BUYING = {Watch.WATCH_VIEW, Watch.RESTOCK_ANSWER}
FIGURES = {Watch.WATCH_VIEW, Watch.TRAFFIC_RECORD, Watch.BENCHMARK_SET}
RESEARCH = {Research.RESEARCH_VIEW, Research.RESEARCH_RECORD, Research.CANDIDATE_EDIT}
# Whoever hears a customer's yes or no writes it down at once.
CONSENT = {Outreach.CONSENT_VIEW, Outreach.CONSENT_RECORD}
OUTREACH = CONSENT | {Outreach.MAILING_VIEW, Outreach.MAILING_EDIT, Outreach.MAILING_STOP}
COLLECTING = {
    Collection.COLLECTION_VIEW,
    Collection.FIGURES_TAKE_IN,
    Collection.SOURCE_KEEP,
    Collection.CASE_ANSWER,
}
CLEANING = {Lake.LAKE_VIEW, Lake.CLEAN, Lake.SOURCES_KEEP}
REPORTING = {Reports.REPORT_VIEW, Reports.REPORT_MAKE, Reports.REPORT_ANALYSE, Reports.REPORT_SIGN}
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
    | CAMPAIGNS
    | LAUNCH
    | TILL
    | CLEANING
    | COLLECTING
    | WATCH
    | BUYING
    | OUTREACH
    | {
        Outreach.MAILING_APPROVE,
        Launch.BRAND_SET,
        Decisions.FINDING_RECORD,
        Watch.SHEET_SIGN,
        Review.REVIEW_WRITE,
        Review.REVIEW_APPROVE,
        Review.MEETING_HOLD,
        Review.TEMPLATE_MAKE,
        Promotions.RULE_APPROVE,
        Reports.REPORT_VIEW,
        Campaigns.CAMPAIGN_APPROVE,
        Campaigns.CALENDAR_EDIT,
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
    Decisions.DECIDE,
    Foundation.PERSONAL_ERASE,
    Foundation.PEOPLE_MANAGE,
    Settlement.SETTLEMENT_APPROVE,
    Pricing.PRICE_APPROVE,
    Launch.GATE_OVERRIDE,
    Pricing.TARGET_SET,
    Reports.REPORT_CONFIRM,
    Reports.TARGET_SET,
    Research.SELECTION_APPROVE,
}

ROLE_PERMISSIONS: dict[str, set[str]] = {
    Role.OPERATIONS_MANAGER: set(map(str, MANAGER)),
    Role.OPERATIONS_SUPERVISOR: set(map(str, SUPERVISOR)),
    Role.ORDER_SPECIALIST: set(map(str, ORDERS | CHANGES | IMPROVING | TILL | {Tickets.TICKET_ASK})),
    Role.PRODUCT_SPECIALIST: set(
        map(str, PRODUCTS | STOCK_AND_PRICE | LISTINGS | RESEARCH | IMPROVING | BUYING | {Intake.ORDER_VIEW})
    ),
    Role.DATA_SPECIALIST: {
        *map(str, LOOK | FIGURES | CLEANING | COLLECTING | REPORTING),
        Decisions.FINDING_RECORD,
        Promotions.RULE_VIEW,
        Settlement.SETTLEMENT_VIEW,
        Stock.RESTOCK_VIEW,
        Pricing.PRICE_VIEW,
        Feedback.SURVEY_VIEW,
        Feedback.SUMMARY_VIEW,
        Feedback.IMPROVEMENT_VIEW,
        Campaigns.SEGMENT_EDIT,
    },
    Role.CAMPAIGN_SPECIALIST: {
        Reports.REPORT_VIEW,
        Collection.COLLECTION_VIEW,
        *PROMOTIONS,
        *CAMPAIGNS,
        *LAUNCH,
        Review.REVIEW_WRITE,
        *OUTREACH,
        Decisions.FINDING_RECORD,
        *WATCH,
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
        *map(str, CONVERSATIONS | CONSENT),
        Promotions.RULE_VIEW,
        Promotions.COUPON_CLAIM,
        Intake.ORDER_HOLD,
        Intake.ORDER_CLOSE,
        Settlement.FOLLOW_UP_VIEW,
        Settlement.FOLLOW_UP_OPEN,
        Settlement.FOLLOW_UP_RECORD,
        Foundation.PERSONAL_REVEAL,
    },
    Role.MARKET: {
        Campaigns.SEGMENT_EDIT,
        Stock.STOCK_VIEW,
        *RESEARCH,
        Research.STRATEGY_EDIT,
        Outreach.MAILING_VIEW,
        Launch.MATERIAL_VIEW,
    },
    Role.DESIGN: {Publishing.WORDS_VIEW, Stock.STOCK_VIEW, Listing.IMAGE_EDIT, *MATERIALS},
    Role.ENGINEERING: {
        *GATE,
        Collection.COLLECTION_VIEW,
        Collection.SOURCE_KEEP,
        Lake.LAKE_VIEW,
        Lake.REBUILD,
        Publishing.LISTING_VIEW,
        Sop.POLICY_VIEW,
        Stock.STOCK_VIEW,
        Foundation.CLOCK_SET,
    },
    Role.FINANCE: {
        Reports.REPORT_VIEW,
        Campaigns.CAMPAIGN_SPEND,
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

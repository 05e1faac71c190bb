"""Event → who reacts: every arrow between desks on one page. Each reader has its own cursor in the log."""

from shopkeeper.flows.analytics.collection import events as collection
from shopkeeper.flows.analytics.collection import reactions as collection_reactions
from shopkeeper.flows.analytics.lake import reactions as lake_reactions
from shopkeeper.flows.analytics.reports import reactions as report_reactions
from shopkeeper.flows.fulfilment.intake import events as intake
from shopkeeper.flows.fulfilment.intake import reactions as intake_reactions
from shopkeeper.flows.fulfilment.parcels import events as parcels
from shopkeeper.flows.fulfilment.parcels import reactions as parcel_reactions
from shopkeeper.flows.fulfilment.settlement import events as settlement
from shopkeeper.flows.fulfilment.settlement import reactions as settlement_reactions
from shopkeeper.flows.fulfilment.warehouse import events as warehouse
from shopkeeper.flows.fulfilment.warehouse import reactions as warehouse_reactions
from shopkeeper.flows.marketing.campaigns import events as campaigns
from shopkeeper.flows.marketing.launch import events as launch
from shopkeeper.flows.marketing.launch import reactions as launch_reactions
from shopkeeper.flows.marketing.outreach import reactions as outreach_reactions
from shopkeeper.flows.marketing.promotions import events as promotions
from shopkeeper.flows.marketing.promotions import reactions as promotion_reactions
from shopkeeper.flows.marketing.review import reactions as review_reactions
from shopkeeper.flows.marketing.watch import reactions as watch_reactions
from shopkeeper.flows.products.listing import events as listing
from shopkeeper.flows.products.pricing import events as pricing
from shopkeeper.flows.products.publishing import events as publishing
from shopkeeper.flows.products.publishing import reactions as publishing_reactions
from shopkeeper.flows.products.stock import events as stock
from shopkeeper.flows.products.stock import reactions as stock_reactions
from shopkeeper.flows.service.aftersale import events as aftersale
from shopkeeper.flows.service.aftersale import reactions as aftersale_reactions
from shopkeeper.flows.service.conversations import events as conversations
from shopkeeper.flows.service.conversations import reactions as conversation_reactions
from shopkeeper.flows.service.feedback import reactions as feedback_reactions
from shopkeeper.flows.service.tickets import events as tickets
from shopkeeper.flows.service.tickets import reactions as ticket_reactions
from shopkeeper.foundation.events import EVENT_TYPES
from shopkeeper.foundation.readers import Reader
from shopkeeper.foundation.relay import notify_live
from shopkeeper.sop.events import PolicyChanged

READERS: tuple[Reader, ...] = (
    Reader("live", tuple(EVENT_TYPES.values()), notify_live),
    Reader("lake.call_for_write", tuple(EVENT_TYPES.values()), lake_reactions.call_for_write),
    Reader("intake.serve_waiting", (stock.SellableChanged,), intake_reactions.serve_waiting),
    Reader("intake.pull_by_new_interval", (PolicyChanged,), intake_reactions.pull_by_new_interval),
    Reader(
        "intake.match_waiting",
        (listing.ProductDrafted, listing.ProductEdited, listing.SkuAliasPut),
        intake_reactions.match_waiting,
    ),
    Reader(
        "stock.look_again",
        (stock.SellableChanged, stock.SellableFell, stock.StockSetAside, stock.StockNeverKept),
        stock_reactions.look_again,
    ),
    Reader("stock.apply_thresholds", (stock.ThresholdSet,), stock_reactions.apply_thresholds),
    Reader("stock.watch_stocked", (stock.StockReceived,), stock_reactions.watch_stocked),
    Reader(
        "publishing.push_stock",
        (stock.SellableChanged, stock.SellableFell, stock.StockSetAside, stock.StockAdjusted),
        publishing_reactions.push_changed,
    ),
    Reader("publishing.review", (listing.ProductSubmitted,), publishing_reactions.review_submitted),
    Reader("publishing.withdraw", (listing.ProductWithdrawn,), publishing_reactions.withdraw_taken_back),
    Reader(
        "publishing.follow",
        (listing.ProductApproved, listing.ProductRetired, listing.PricesPut, pricing.PriceChanged),
        publishing_reactions.follow_changed,
    ),
    Reader("parcels.drop_cancelled", (intake.OrderCancelled,), parcel_reactions.drop_parcels_of_cancelled),
    Reader("parcels.stop_watching", (intake.BuyerConfirmed,), parcel_reactions.stop_watching_confirmed),
    Reader("warehouse.call_for_wave", (intake.OrderReleased,), warehouse_reactions.call_for_a_wave),
    Reader(
        "warehouse.call_back",
        (intake.OrderCancelled, intake.OrderHeld),
        warehouse_reactions.call_back_orders,
    ),
    Reader("warehouse.call_by_new_times", (PolicyChanged,), warehouse_reactions.call_by_new_times),
    # A newer version of an order may bring another ship-by time, or a refund asked for or taken back.
    Reader(
        "warehouse.call_for_hand_over",
        (
            warehouse.OrderPacked,
            parcels.ParcelHandedOver,
            parcels.ParcelCancelled,
            intake.OrderHeld,
            intake.OrderCancelled,
            intake.OrderChanged,
        ),
        warehouse_reactions.call_for_a_hand_over,
    ),
    Reader("settlement.complete", (intake.BuyerConfirmed,), settlement_reactions.complete_confirmed),
    Reader(
        "settlement.watch",
        (parcels.ParcelHandedOver, parcels.ParcelSigned, intake.OrderCancelled),
        settlement_reactions.watch_sent,
    ),
    Reader("settlement.settle", (settlement.OrderCompleted,), settlement_reactions.settle_completed),
    # The order only says that it was refunded; what really went back is read from the refund, and booked once.
    Reader(
        "settlement.refunds",
        (intake.OrderRefunded, intake.RefundRequested, intake.OrderChanged),
        aftersale_reactions.read_refunds,
    ),
    Reader("aftersale.replaced", (parcels.ParcelHandedOver, parcels.ParcelSigned), aftersale_reactions.note_replaced),
    Reader(
        "aftersale.resolve_tickets",
        (aftersale.AfterSaleSettled, aftersale.AfterSaleRefused, aftersale.AfterSaleClosed),
        aftersale_reactions.resolve_tickets_of,
    ),
    Reader(
        "aftersale.end_refunded",
        (intake.OrderRefunded, aftersale.AfterSaleSettled),
        aftersale_reactions.end_refunded,
    ),
    Reader(
        "settlement.close_refunded",
        (intake.OrderRefunded, parcels.ParcelReturned, parcels.ParcelLost),
        settlement_reactions.close_refunded,
    ),
    Reader("settlement.returned", (intake.OrderReturned,), settlement_reactions.settle_sent_back),
    Reader(
        "promotions.usage",
        (intake.OrderTakenIn, intake.OrderPaid, intake.OrderCancelled),
        promotion_reactions.follow_orders,
    ),
    Reader(
        "promotions.platform_uses",
        (intake.OrderTakenIn, intake.OrderPaid, intake.OrderCancelled),
        promotion_reactions.count_uses,
    ),
    Reader("promotions.check", (intake.OrderTakenIn, intake.OrderPaid), promotion_reactions.check_prices),
    Reader(
        "launch.gates",
        (campaigns.CampaignApproved, campaigns.CampaignLaunched, campaigns.CampaignCancelled),
        launch_reactions.follow_campaigns,
    ),
    # Whatever a gate's result is of: when it changes, the result no longer counts.
    Reader(
        "launch.look_again",
        (
            campaigns.CampaignChanged,
            promotions.RulePublished,
            promotions.RulePaused,
            promotions.RuleEnded,
            promotions.CouponBatchMade,
            promotions.CouponBatchStopped,
            pricing.PriceApproved,
            pricing.PriceChanged,
            pricing.PriceWithdrawn,
            publishing.ListingPublished,
            publishing.ListingTakenDown,
            publishing.MismatchFound,
            launch.MaterialBriefed,
            launch.MaterialVersionAdded,
            launch.MaterialApproved,
            launch.MaterialDropped,
            launch.ExampleSaved,
            launch.ExampleDropped,
        ),
        launch_reactions.look_again,
    ),
    Reader("watch.start", (campaigns.CampaignLaunched,), watch_reactions.watch_launched),
    Reader("watch.recount", (intake.OrderTakenIn, intake.OrderPaid), watch_reactions.recount_late),
    Reader("watch.arrivals", (stock.StockReceived,), watch_reactions.note_received),
    Reader(
        "outreach.stop",
        (campaigns.CampaignEnded, campaigns.CampaignCancelled),
        outreach_reactions.stop_with_campaigns,
    ),
    Reader("review.draft", (campaigns.CampaignEnded,), review_reactions.draft_ended),
    Reader("tickets.follow_ups", (settlement.BuyerReportedProblem,), ticket_reactions.take_up_problems),
    Reader("tickets.conversions", (intake.OrderTakenIn,), ticket_reactions.count_conversions),
    Reader(
        "tickets.changes",
        (intake.OrderChanged, intake.OrderCancelled, intake.RefundRequested),
        ticket_reactions.follow_orders,
    ),
    Reader(
        "tickets.interceptions",
        (parcels.ParcelMoved, parcels.ParcelSigned, parcels.ParcelReturned, parcels.ParcelLost),
        ticket_reactions.follow_parcels,
    ),
    Reader(
        "conversations.route",
        (
            conversations.ConversationQueued,
            conversations.ConversationEnded,
            tickets.PresenceChanged,
            tickets.AgentSet,
        ),
        conversation_reactions.route_waiting,
    ),
    Reader(
        "conversations.resume_tickets",
        (conversations.CustomerSpoke,),
        conversation_reactions.resume_tickets_spoken_of,
    ),
    Reader("feedback.tickets", (tickets.TicketResolved, tickets.TicketClosed), feedback_reactions.ask_about_tickets),
    Reader("feedback.cases", (aftersale.AfterSaleSettled,), feedback_reactions.ask_about_cases),
    Reader("feedback.days", (tickets.TicketOpened, aftersale.AfterSaleOpened), feedback_reactions.sum_up_days),
    Reader("collection.compare", (collection.FiguresTakenIn,), collection_reactions.compare_taken_in),
    Reader("collection.tell_watch", (collection.TrafficCounted,), collection_reactions.tell_campaign_watch),
    Reader("reports.shops", (intake.OrderTakenIn,), report_reactions.report_shops),
)

"""What a lower flow asks of a higher one, plugged in when the house loads: port → who answers."""

from shopkeeper.config.gateways import order_changes
from shopkeeper.config.service_load import FeedbackLoad
from shopkeeper.flows.analytics.decisions.ports import provide_figures
from shopkeeper.flows.analytics.decisions.queries.figures import ReportFigures
from shopkeeper.flows.fulfilment.intake.ports import provide_order_wishes
from shopkeeper.flows.fulfilment.intake.queries.sold import PaidOrders
from shopkeeper.flows.fulfilment.intake.queries.waiting import ShortOrders
from shopkeeper.flows.fulfilment.parcels.ports import provide_interceptions
from shopkeeper.flows.fulfilment.settlement.ports import provide_service_of_orders
from shopkeeper.flows.marketing.campaigns.ports import provide_go_live_gate, provide_material_shelf
from shopkeeper.flows.marketing.launch.queries.live_gate import MadeMaterials, TestedGate
from shopkeeper.flows.marketing.promotions.queries.stacking import PublishedStack
from shopkeeper.flows.marketing.review.ports import provide_service_load
from shopkeeper.flows.products.pricing.ports import provide_promotion_stack
from shopkeeper.flows.products.publishing.ports import provide_shop_sales
from shopkeeper.flows.products.stock.ports import provide_waiting_orders
from shopkeeper.flows.service.aftersale.queries.follow_ups import ServiceDesks
from shopkeeper.flows.service.conversations.queries.beside import Desks
from shopkeeper.flows.service.tickets.ports import provide_change_doors, provide_service_beside
from shopkeeper.flows.service.tickets.queries.stopped import AskedBack
from shopkeeper.flows.service.tickets.queries.telling import ChangesUnderWay


def provide_ports() -> None:
    """Price plans ask promotions how low a price can fall; restocking asks orders what they wait for,
    publishing what a shop sells already; planning asks
    the gate whether a campaign may go live; decisions ask the reports for figures; tickets ask where the customer is
    spoken with, and which platforms take changes; follow-ups of receipt ask whether the order is in after-sale;
    parcels ask whether we wanted one back ourselves."""
    provide_promotion_stack(PublishedStack())
    provide_waiting_orders(ShortOrders())
    provide_shop_sales(PaidOrders())
    provide_go_live_gate(TestedGate())
    provide_material_shelf(MadeMaterials())
    provide_service_load(FeedbackLoad())
    provide_figures(ReportFigures())
    provide_service_beside(Desks())
    provide_service_of_orders(ServiceDesks())
    provide_interceptions(AskedBack())
    provide_order_wishes(ChangesUnderWay())
    provide_change_doors(lambda: order_changes().keys())

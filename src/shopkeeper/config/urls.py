"""Every address: the shell, the API, and one prefix per desk that has pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from shopkeeper.config import gateways
from shopkeeper.flows.fulfilment.intake.hooks import platform_message
from shopkeeper.flows.fulfilment.parcels.hooks import tracking_pushes
from shopkeeper.flows.marketing.outreach.hooks import leave_mailings, sms_pushes
from shopkeeper.flows.service.conversations.hooks.platform import platform_chat
from shopkeeper.flows.service.feedback.hooks import rate_service

PREFIXES = {
    "shopkeeper.web": "",
    "shopkeeper.sop": "",
    "shopkeeper.flows.products.listing": "products/",
    "shopkeeper.flows.products.stock": "stock/",
    "shopkeeper.flows.products.pricing": "pricing/",
    "shopkeeper.flows.products.research": "research/",
    "shopkeeper.flows.products.publishing": "publishing/",
    "shopkeeper.flows.fulfilment.intake": "orders/",
    "shopkeeper.flows.fulfilment.warehouse": "warehouse/",
    "shopkeeper.flows.fulfilment.parcels": "parcels/",
    "shopkeeper.flows.fulfilment.settlement": "settlement/",
    "shopkeeper.flows.service.tickets": "tickets/",
    "shopkeeper.flows.service.aftersale": "aftersale/",
    "shopkeeper.flows.service.conversations": "service/",
    "shopkeeper.flows.service.feedback": "feedback/",
    "shopkeeper.flows.marketing.promotions": "promotions/",
    "shopkeeper.flows.marketing.campaigns": "campaigns/",
    "shopkeeper.flows.marketing.outreach": "outreach/",
    "shopkeeper.flows.marketing.launch": "launch/",
    "shopkeeper.flows.marketing.watch": "watch/",
    "shopkeeper.flows.marketing.review": "review/",
    "shopkeeper.flows.analytics.collection": "data/",
    "shopkeeper.flows.analytics.lake": "lake/",
    "shopkeeper.flows.analytics.reports": "reports/",
    "shopkeeper.flows.analytics.decisions": "decisions/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"{desk}.urls")) for desk, prefix in PREFIXES.items() if find_spec(f"{desk}.urls")
]
if find_spec("shopkeeper.api.urls"):
    urlpatterns.insert(0, path("api/v1/", include("shopkeeper.api.urls")))

urlpatterns += [
    path("widget/", include("shopkeeper.flows.service.conversations.hooks.urls")),
    path("survey/<str:token>/", rate_service, name="survey"),
    path("opt-out/<str:token>/", leave_mailings, name="opt-out"),
    path("hooks/sms/<str:key>/<slug:kind>", sms_pushes(gateways.text_messages), name="hook_sms"),
    path("hooks/chat/<slug:shop_code>", platform_chat, name="hook_chat"),
    path("hooks/platform/<slug:shop_code>", platform_message, name="hook_platform"),
    path("hooks/courier/", tracking_pushes(gateways.courier), name="hook_courier"),
]

handler403 = "shopkeeper.web.errors.forbidden"
handler404 = "shopkeeper.web.errors.not_found"
handler500 = "shopkeeper.web.errors.server_error"

"""Every address: the shell, the API, and one prefix per desk that has pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

PREFIXES = {
    "shopkeeper.web": "",
    "shopkeeper.sop": "",
    "shopkeeper.flows.products.listing": "products/",
    "shopkeeper.flows.products.stock": "stock/",
    "shopkeeper.flows.fulfilment.intake": "orders/",
    "shopkeeper.flows.fulfilment.warehouse": "warehouse/",
    "shopkeeper.flows.fulfilment.parcels": "parcels/",
    "shopkeeper.flows.fulfilment.settlement": "settlement/",
}

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"{desk}.urls")) for desk, prefix in PREFIXES.items() if find_spec(f"{desk}.urls")
]
if find_spec("shopkeeper.api.urls"):
    urlpatterns.insert(0, path("api/v1/", include("shopkeeper.api.urls")))

handler403 = "shopkeeper.web.errors.forbidden"
handler404 = "shopkeeper.web.errors.not_found"
handler500 = "shopkeeper.web.errors.server_error"

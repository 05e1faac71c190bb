"""The API's addresses: commands from the registry, reads from the desks' routers, OpenAPI, simulated clock."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from ninja import NinjaAPI

from shopkeeper.api import problems
from shopkeeper.api.audit import router as audit_router
from shopkeeper.api.auth import SessionAuth, TokenAuth
from shopkeeper.api.commands import add_commands
from shopkeeper.api.simulated_clock import router as clock_router

DESKS = {
    "foundation": "shopkeeper.foundation",
    "sop": "shopkeeper.sop",
    "listing": "shopkeeper.flows.products.listing",
    "stock": "shopkeeper.flows.products.stock",
    "pricing": "shopkeeper.flows.products.pricing",
    "research": "shopkeeper.flows.products.research",
    "publishing": "shopkeeper.flows.products.publishing",
    "intake": "shopkeeper.flows.fulfilment.intake",
    "warehouse": "shopkeeper.flows.fulfilment.warehouse",
    "parcels": "shopkeeper.flows.fulfilment.parcels",
    "settlement": "shopkeeper.flows.fulfilment.settlement",
    "tickets": "shopkeeper.flows.service.tickets",
    "aftersale": "shopkeeper.flows.service.aftersale",
    "conversations": "shopkeeper.flows.service.conversations",
    "feedback": "shopkeeper.flows.service.feedback",
    "promotions": "shopkeeper.flows.marketing.promotions",
    "campaigns": "shopkeeper.flows.marketing.campaigns",
    "outreach": "shopkeeper.flows.marketing.outreach",
    "launch": "shopkeeper.flows.marketing.launch",
    "watch": "shopkeeper.flows.marketing.watch",
    "review": "shopkeeper.flows.marketing.review",
    "collection": "shopkeeper.flows.analytics.collection",
    "lake": "shopkeeper.flows.analytics.lake",
    "reports": "shopkeeper.flows.analytics.reports",
    "decisions": "shopkeeper.flows.analytics.decisions",
}


def build() -> NinjaAPI:
    """Assemble the API."""
    api = NinjaAPI(
        title="Shopkeeper 掌柜",
        version="1",
        description="Everything a person can do on screen. Commands take batches and answer per item.",
        auth=[TokenAuth(), SessionAuth()],
        docs_url=None,
        urls_namespace="api",
    )
    problems.install(api)
    add_commands(api)
    for desk, package in DESKS.items():
        if find_spec(f"{package}.api"):
            router: Any = import_module(f"{package}.api").router
            api.add_router(f"/{desk}", router, tags=[desk])
    api.add_router("/audit", audit_router, tags=["audit"])
    if settings.SHOPKEEPER_CLOCK == "simulated":
        api.add_router("/clock", clock_router, tags=["simulated clock"])
    return api


def no_such_address(request: HttpRequest) -> HttpResponse:
    return problems.problem(404, "not_found")


api = build()
urlpatterns = [path("", api.urls), re_path(r"", no_such_address)]

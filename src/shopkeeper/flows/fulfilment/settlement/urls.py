"""Addresses of the settlement pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.fulfilment.settlement.pages")

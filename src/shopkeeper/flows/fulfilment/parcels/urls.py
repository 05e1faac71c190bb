"""Addresses of the parcels desk."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.fulfilment.parcels.pages")

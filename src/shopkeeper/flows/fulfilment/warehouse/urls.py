"""Addresses of the warehouse's pages, under /warehouse/."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.fulfilment.warehouse.pages")

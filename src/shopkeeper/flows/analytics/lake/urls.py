"""Addresses of the lake's pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.analytics.lake.pages")

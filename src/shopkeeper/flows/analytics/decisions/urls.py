"""Addresses of the decisions pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.analytics.decisions.pages")

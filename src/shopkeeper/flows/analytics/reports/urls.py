"""Addresses of the reports pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.analytics.reports.pages")

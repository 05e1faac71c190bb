"""Addresses of the outreach pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.marketing.outreach.pages")

"""Addresses of the campaigns pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.marketing.campaigns.pages")

"""Addresses of the launch pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.marketing.launch.pages")

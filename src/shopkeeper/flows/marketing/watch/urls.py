"""Addresses of the watch pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.marketing.watch.pages")

"""Addresses of the collection pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.analytics.collection.pages")

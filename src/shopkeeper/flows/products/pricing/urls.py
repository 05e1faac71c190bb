"""Addresses of the price pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.products.pricing.pages")

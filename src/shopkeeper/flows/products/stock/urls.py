"""Addresses of the stock pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.products.stock.pages")

"""Addresses of the pages of products."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.products.listing.pages")

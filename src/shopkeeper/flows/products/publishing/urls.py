"""Addresses of the publishing pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.products.publishing.pages")

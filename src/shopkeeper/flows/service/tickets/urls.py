"""Addresses of the ticket pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.service.tickets.pages")

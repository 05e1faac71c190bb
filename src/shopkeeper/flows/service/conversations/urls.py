"""Addresses of the pages of conversations; the public doors are in hooks/urls.py."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.service.conversations.pages")

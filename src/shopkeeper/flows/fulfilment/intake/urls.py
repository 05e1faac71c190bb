"""Addresses of intake, under the desk's prefix."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.fulfilment.intake.pages")

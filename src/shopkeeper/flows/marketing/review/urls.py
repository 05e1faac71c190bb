"""Addresses of the review pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.marketing.review.pages")

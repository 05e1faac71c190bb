"""Addresses of the pages of ratings, summaries and improvements. The customer's own door is /survey/."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.flows.service.feedback.pages")

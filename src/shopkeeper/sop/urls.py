"""Addresses of the procedure's pages."""

from shopkeeper.web.pages import page_urls

urlpatterns = page_urls("shopkeeper.sop.pages")

"""Addresses of the shell."""

from django.urls import path

from shopkeeper.web import sign_in
from shopkeeper.web.pages import page_urls

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="web-sign-in"),
    path("sign-in/demo/", sign_in.demo_sign_in, name="web-demo-sign-in"),
    path("sign-out/", sign_in.sign_out, name="web-sign-out"),
    path("language/", sign_in.choose_language, name="web-language"),
    *page_urls("shopkeeper.web.shell_pages"),
    *page_urls("shopkeeper.web.personal_pages"),
    *page_urls("shopkeeper.web.token_pages"),
    *page_urls("shopkeeper.web.gallery.pages"),
]

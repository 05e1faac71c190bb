"""Addresses of the after-sale pages, and the buyer's own door."""

from django.urls import path

from shopkeeper.flows.service.aftersale.hooks import hand_in_proof
from shopkeeper.web.pages import page_urls

urlpatterns = [
    path("proof/<str:token>/", hand_in_proof, name="aftersale-proof"),
    *page_urls("shopkeeper.flows.service.aftersale.pages"),
]

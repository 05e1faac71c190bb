"""Addresses of the public doors, below /widget/."""

from django.urls import path

from shopkeeper.flows.service.conversations.hooks import forms, widget

urlpatterns = [
    path("<slug:shop_code>/", widget.widget_page, name="widget"),
    path("<slug:shop_code>/session/", widget.open_session, name="widget-session"),
    path("<slug:shop_code>/lines/", widget.lines, name="widget-lines"),
    path("<slug:shop_code>/pictures/", widget.pictures, name="widget-pictures"),
    path("<slug:shop_code>/pictures/<int:picture_id>/", widget.picture, name="widget-picture"),
    path("<slug:shop_code>/form/", forms.ticket_form, name="widget-form"),
    path("<slug:shop_code>/answer/", forms.ticket_answer, name="widget-answer"),
]

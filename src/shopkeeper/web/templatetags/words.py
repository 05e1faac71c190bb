"""`{% w "中文" "English" n=3 %}`: a text in both languages where it is used."""

from typing import Any

from django import template

from shopkeeper.shared.words import T

register = template.Library()


@register.simple_tag
def w(zh: str, en: str, **facts: Any) -> str:
    return T(zh, en, facts).text()

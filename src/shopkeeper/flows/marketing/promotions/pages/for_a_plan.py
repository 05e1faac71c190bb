"""A promotion that is written for a campaign's plan: what the plan says beforehand, and the way back to it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from shopkeeper.web.pages import Request, may_open

ASKED = ("shop", "from", "until", "campaign")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def asked_query(request: Request) -> str:
    """What the plan said, to be handed on from address to address; empty where no plan asks."""
    return urlencode({name: value for name in ASKED if (value := request.GET.get(name, ""))})


def asked_values(request: Request, shops: list[tuple[str, str]]) -> dict[str, Any]:
    """Fields of the form that the plan fills: its shop and its time."""
    values: dict[str, Any] = {}
    if request.GET.get("shop") in {key for key, _ in shops}:
        values["shop_id"] = request.GET["shop"]
    for name, field in (("from", "starts_at"), ("until", "ends_at")):
        if MOMENT.fullmatch(request.GET.get(name, "")):
            values[field] = request.GET[name]
    return values


def plan_url(request: Request, rule_id: int | None = None) -> str:
    """Back to the plan (its number, or "new"), the promotion chosen there; empty where no plan asks."""
    asked = request.GET.get("campaign", "")
    name = "campaign-new" if asked == "new" else "campaign-edit"
    if not may_open(request.actor, name) or not (asked == "new" or (asked.isdecimal() and len(asked) < 19)):
        return ""
    said = {"shop": request.GET.get("shop", "") if asked == "new" else "", "rule": rule_id}
    query = urlencode({key: value for key, value in said.items() if value})
    return reverse(name, args=[] if asked == "new" else [int(asked)]) + (f"?{query}" if query else "")

"""Price plans at a moment, as people and the clock bring them about."""

from datetime import datetime
from typing import Any

import pytest

from shopkeeper.flows.products.pricing.commands.decide_prices import ReturnPrice, return_prices
from shopkeeper.flows.products.pricing.commands.propose_prices import ProposePrice, propose_prices
from shopkeeper.flows.products.pricing.models import Plan
from shopkeeper.flows.products.pricing.permissions import Permission
from shopkeeper.foundation import business_time
from shopkeeper.foundation.actor import Actor
from tests import factories as make


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From here on it is this moment of business time."""
    monkeypatch.setattr(business_time, "now", lambda: moment)


def specialist(**scope: Any) -> Actor:
    return make.actor_with(Permission.PRICE_VIEW, Permission.PRICE_PROPOSE, **scope)


def manager(**scope: Any) -> Actor:
    return make.actor_with(Permission.PRICE_VIEW, Permission.PRICE_PROPOSE, Permission.PRICE_APPROVE, **scope)


def wish(sku: Any, sale_minor: int = 5_000, **fields: Any) -> ProposePrice:
    return ProposePrice(sku.pk, sale_minor, **{"reason": "常规定价", **fields})


def proposed(sku: Any, sale_minor: int, by: Actor | None = None, **fields: Any) -> Plan:
    """A plan as it stands after it was proposed."""
    outcome = propose_prices.one(by or specialist(), wish(sku, sale_minor, **fields))
    assert outcome.changed, outcome
    return Plan.objects.get(id=outcome.id)


def returned(plan: Plan, reason: str = "毛利太低") -> None:
    assert return_prices.one(manager(), ReturnPrice(plan.pk, reason)).changed


def state_of(plan: Plan) -> str:
    plan.refresh_from_db()
    return plan.state

"""Shape of the price form: amounts read exactly, a mistake at the field it belongs to."""

from datetime import datetime

from django.http import QueryDict

from shopkeeper.flows.products.pricing.commands.propose_prices import ProposePrice
from shopkeeper.flows.products.pricing.rules import read_amount
from shopkeeper.shared.clock import SHOP_ZONE
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web.form_reading import WHOLE, FormState
from shopkeeper.web.labels import outcome_text, refusal_text

AMOUNTS = ("cost_minor", "competitor_minor", "list_minor", "sale_minor", "discount_minor", "member_minor")
MOMENTS = ("valid_from", "valid_to")
TEXTS = ("code", "shop_id", "reason")
REASON_LONGEST = 300


def read_price_form(posted: QueryDict, sku_id: int | None, shops: set[str]) -> FormState[ProposePrice]:
    """The form as entered; its item once every field reads. Amounts with three decimals are refused, not rounded."""
    state: FormState[ProposePrice] = FormState()
    for name in (*TEXTS, *AMOUNTS, *MOMENTS):
        state.values[name] = posted.get(name, "").replace("\x00", "").strip()
    amounts = {name: _amount(state, name) for name in AMOUNTS}
    moments = {name: _moment(state, name) for name in MOMENTS}
    sale = amounts["sale_minor"]
    if sale is None:
        state.errors.setdefault("sale_minor", T("请填售价", "Enter the sale price").text())
    if sku_id is None:
        state.errors["code"] = refusal_text("sku_unknown", "pricing").text()
    shop = state.values["shop_id"]
    if shop and shop not in shops:
        state.errors["shop_id"] = refusal_text("shop_unknown").text()
    if not state.values["reason"]:
        state.errors["reason"] = T("请写明定价原因", "Say why these prices").text()
    if not state.errors and sku_id is not None and sale is not None:
        reason = state.values["reason"][:REASON_LONGEST]
        state.item = ProposePrice(
            sku_id,
            sale,
            reason,
            shop_id=int(shop) if shop else None,
            cost_minor=amounts["cost_minor"],
            list_minor=amounts["list_minor"],
            discount_minor=amounts["discount_minor"],
            member_minor=amounts["member_minor"],
            competitor_minor=amounts["competitor_minor"],
            valid_from=moments["valid_from"],
            valid_to=moments["valid_to"],
        )
    return state


def put_refusal(state: FormState[ProposePrice], outcome: Outcome) -> None:
    """A refusal stands at the price it is about, else above the form."""
    name = f"{outcome.facts.get('price') or ''}_minor"
    field = {"cost_unknown_for_price": "cost_minor"}.get(outcome.code, name)
    state.errors[field if field in AMOUNTS else WHOLE] = outcome_text(outcome)


def _amount(state: FormState[ProposePrice], name: str) -> int | None:
    amount = read_amount(state.values[name])
    if amount.code:
        state.errors[name] = refusal_text(amount.code, "pricing").text()
    return amount.minor


def _moment(state: FormState[ProposePrice], name: str) -> datetime | None:
    """A time without zone is the shop's."""
    text = state.values[name]
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        state.errors[name] = refusal_text("time_unreadable").text()
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHOP_ZONE)

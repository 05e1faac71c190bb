"""One address per command, made from the registry: POST /api/v1/{desk}/{command} with a batch of items.

A command that exists has its address; a program can therefore do everything a page can.
"""

from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from pydantic import Field, create_model

from shopkeeper.api.moments import check_moments, places_of
from shopkeeper.foundation.commands import COMMANDS, ITEMS_PER_TRANSACTION, Command
from shopkeeper.foundation.once import once_key
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import T
from shopkeeper.web import labels

FLOW_DESKS = {
    "listing": "products",
    "stock": "products",
    "intake": "fulfilment",
    "warehouse": "fulfilment",
    "parcels": "fulfilment",
    "settlement": "fulfilment",
}


class OutcomeAnswer(Schema):
    """One item's outcome; a refusal carries its words in both languages."""

    result: str
    code: str
    id: int | None = None
    facts: dict[str, Any] = {}
    words: dict[str, str] | None = None


class Answers(Schema):
    outcomes: list[OutcomeAnswer]


def add_commands(api: NinjaAPI) -> None:
    """Mount every command that has a door."""
    for command in sorted(COMMANDS.values(), key=lambda c: (c.desk, c.name)):
        if not command.internal:
            _add(api, command)


def _add(api: NinjaAPI, command: Command[Any]) -> None:
    body = create_model(
        f"{command.item.__name__}Batch",
        items=(list[command.item], Field(min_length=1, max_length=ITEMS_PER_TRANSACTION)),  # type: ignore[name-defined]
        why=(str, ""),
    )
    path = f"/{command.desk}/{command.name.replace('_', '-')}"
    summary = (command.__doc__ or "").strip().split("\n")[0]
    api.post(
        path,
        response={200: Answers},
        operation_id=command.name,
        summary=f"{command.clause} {summary}",
        description=command.__doc__ or "",
        tags=[command.desk],
    )(_door(command, body))


def _door(command: Command[Any], body: Any) -> Callable[..., HttpResponse]:
    moments = places_of(command.item)

    def run(request: HttpRequest, batch: Any) -> HttpResponse:
        check_moments(batch.items, moments)
        actor = request.auth  # type: ignore[attr-defined]
        # The key belongs to the command too: the same key at another address is another request.
        given = request.headers.get("Idempotency-Key", "")
        key = once_key(actor.id, f"{command.name}:{given}", request.body) if given else None
        if key is None and len(batch.items) == 1:
            outcomes = [command.gather(actor, batch.items[0], why=batch.why)]
        else:
            outcomes = command(actor, batch.items, why=batch.why, key=key)
        answer = {"outcomes": [_answer(command, outcome) for outcome in outcomes]}
        return JsonResponse(answer, json_dumps_params={"ensure_ascii": False, "default": str, "sort_keys": True})

    run.__annotations__["batch"] = body
    run.__name__ = command.name
    return run


def _answer(command: Command[Any], outcome: Outcome) -> dict[str, Any]:
    words = None if outcome.ok else refusal_words(command, outcome)
    said = {name: value for name, value in asdict(outcome).items() if name != "said_by"}
    return {**said, "result": str(outcome.result), "words": words.both() if words else None}


def refusal_words(command: Command[Any], outcome: Outcome) -> T | None:
    """What a refusal means, in the words of the desk that said it; None where nobody worded it."""
    said_by = outcome.said_by or command.desk
    if labels.refusal_words(outcome.code, said_by) is None:
        return None
    # A stored answer knows a state by its value only: the words are the same the first time and again.
    facts = {name: str(value) if isinstance(value, StrEnum) else value for name, value in outcome.facts.items()}
    return labels.refusal_text(outcome.code, said_by, **facts)

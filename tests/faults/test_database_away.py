"""A database that goes away for a moment: the worker's pulse goes on, programs are told to come again."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from shopkeeper.api import auth
from shopkeeper.config import pulse


def test_a_beat_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    troubles = [OperationalError("gone"), InterfaceError("the connection is closed"), ValueError("anything"), None]
    beats: list[Exception | None] = []

    class Stumbling:
        def react(self) -> int:
            beats.append(troubles[len(beats)])
            if beats[-1] is not None:
                raise beats[-1]
            return 1

    monkeypatch.setattr(pulse, "Pulse", Stumbling)
    monkeypatch.setattr(pulse, "AWAY_PAUSE_S", 0.0)
    pulse.react_for_ever(lambda: len(beats) == len(troubles))
    assert beats == troubles


@pytest.mark.parametrize("trouble", [OperationalError, InterfaceError])
def test_a_program_is_told_to_come_again(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    def gone(*_: object) -> None:
        raise trouble("the connection is lost")

    monkeypatch.setattr(auth, "actor_of_token", gone)
    answer = client.get("/api/v1/intake/counts", headers={"Authorization": "Bearer anything"})
    assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
    assert "connection is lost" not in answer.content.decode()

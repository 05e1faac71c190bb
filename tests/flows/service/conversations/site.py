"""A whole shop behind a real web server: customers and agents reach it over HTTP, streams included."""

import json
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from shopkeeper.config.hosting import HostedShop
from shopkeeper.flows.service.tickets.models import Agent
from shopkeeper.foundation.models import Person, Shop


@dataclass
class Site:
    """A running shop with one open channel and two agents on duty."""

    running: HostedShop
    shop: Shop
    agents: list[Agent]
    supervisor: Person
    customers: list["WebCustomer"] = field(default_factory=list)

    def customer(self) -> "WebCustomer":
        """Somebody opens the chat."""
        self.customers.append(WebCustomer(self.widget, f"127.0.1.{1 + len(self.customers) // 40}"))
        return self.customers[-1]

    def close(self) -> None:
        """Everybody leaves."""
        for customer in self.customers:
            customer.http.close()

    @property
    def address(self) -> str:
        return self.running.address

    @property
    def widget(self) -> str:
        return f"{self.address}/widget/{self.shop.code}/"


def cookie_of(person: Person) -> str:
    """The session cookie of somebody signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@dataclass
class WebCustomer:
    """A customer's program: posts lines, follows the stream, keeps what it heard."""

    widget: str
    home: str = "127.0.0.1"  # so many newcomers a minute come from one address
    session: str = ""
    conversation: int = 0
    token: str = ""
    last: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = httpx.Client(transport=httpx.HTTPTransport(local_address=self.home), timeout=20)
        answer = self.http.post(f"{self.widget}session/", json={})
        self.session = answer.json()["session"]

    def say(self, text: str, key: str) -> None:
        """Post a line, again and again until it was answered."""
        for _ in range(100):
            try:
                answer = self.http.post(
                    f"{self.widget}lines/",
                    json={"client_id": key, "text": text},
                    headers={"Authorization": f"Bearer {self.session}"},
                )
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            if answer.status_code >= 500:
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, answer.content
            self.conversation, self.token = answer.json()["conversation"], answer.json()["stream"]
            return
        raise AssertionError("the line was never taken")

    @contextmanager
    def following(self) -> Iterator[Iterator[dict[str, Any]]]:
        """One connection of the stream, beginning behind what was heard."""
        address = urllib.parse.urlsplit(self.widget)
        url = f"{address.scheme}://{address.netloc}/live/chat?token={self.token}"
        with self.http.stream("GET", url, headers={"Last-Event-ID": str(self.last)}) as answer:
            assert answer.status_code == 200
            yield self._lines(answer)

    def _lines(self, answer: httpx.Response) -> Iterator[dict[str, Any]]:
        for text in answer.iter_lines():
            if text.startswith("data: "):
                line = json.loads(text[6:])
                self.last = line["sequence"]
                self.heard.append(line)
                yield line

    def hear(self, count: int, patience_s: float = 20.0) -> None:
        """Follow, coming back as often as needed, until so many lines were heard in all."""
        end = time.monotonic() + patience_s
        while len(self.heard) < count and time.monotonic() < end:
            try:
                with self.following() as lines:
                    for _ in lines:
                        if len(self.heard) >= count:
                            return
            except httpx.HTTPError:
                time.sleep(0.1)
        assert len(self.heard) >= count, f"heard {len(self.heard)} of {count}"

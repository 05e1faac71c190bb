"""The house as programs see it: its API over HTTP, each call with the token of the colleague who acts.

Keeps count of what was refused and of the words refusals came with, for the story's evidence.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

Outcome = dict[str, Any]
ITEMS_PER_CALL = 1_000


def kept_tokens(path: Path) -> dict[str, str]:
    """The tokens the demo's furnishing left for its staff."""
    tokens: dict[str, str] = json.loads(path.read_text())
    return tokens


class HouseBroke(Exception):
    """The house answered with an error it should never give; the words are its own."""


class House:
    """The HTTP doors of one installation."""

    def __init__(self, address: str, tokens: Mapping[str, str]) -> None:
        self.address = address
        self._client = httpx.Client(base_url=address, timeout=120, trust_env=False)
        self._tokens = dict(tokens)
        self.refusals: Counter[str] = Counter()
        self.wordless: list[str] = []
        self.done = 0

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def do(self, who: str, address: str, items: Sequence[Mapping[str, Any]], why: str = "") -> list[Outcome]:
        """Have a colleague run one command, e.g. `intake/sign-session`; one outcome per item.

        A colleague without the permission gets one refusal "not_allowed" per item.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(items), ITEMS_PER_CALL):
            part = list(items[start : start + ITEMS_PER_CALL])
            answer = self._send(who, "POST", f"/api/v1/{address}", json={"items": part, "why": why})
            if answer.status_code == 403:
                outcomes += [{"result": "refused", "code": "not_allowed", "id": None, "facts": {}}] * len(part)
                self.refusals["not_allowed"] += len(part)
                self._check_words("not_allowed", {"zh": answer.json()["title_zh"], "en": answer.json()["title"]})
                continue
            if answer.status_code != 200:
                raise HouseBroke(f"{address} by {who}: {answer.status_code} {answer.text[:800]}")
            for outcome in answer.json()["outcomes"]:
                self.done += outcome["result"] == "done"
                if outcome["result"] == "refused":
                    self.refusals[outcome["code"]] += 1
                    self._check_words(outcome["code"], outcome["words"])
                outcomes.append(outcome)
        return outcomes

    def _check_words(self, code: str, words: Mapping[str, str] | None) -> None:
        """G5: what is refused says why in both languages."""
        if not words or not words.get("zh") or not words.get("en"):
            self.wordless.append(code)

    def get(self, who: str, address: str, **query: Any) -> Any:
        """Read `/api/v1/{address}` with a colleague's eyes."""
        answer = self._send(who, "GET", f"/api/v1/{address}", params=query)
        if answer.status_code != 200:
            raise HouseBroke(f"GET {address} by {who}: {answer.status_code} {answer.text[:800]}")
        return answer.json()

    def ask(self, who: str, address: str, question: Mapping[str, Any]) -> Any:
        """Read what is asked for in a body, because it belongs in no address."""
        answer = self._send(who, "POST", f"/api/v1/{address}", json=question)
        if answer.status_code != 200:
            raise HouseBroke(f"{address} by {who}: {answer.status_code} {answer.text[:800]}")
        return answer.json()

    def hand_in(self, who: str, address: str, name: str, content: bytes) -> str:
        """Hand in a file at `/api/v1/{address}`; the digest it is named by from then on."""
        return str(self.upload(who, address, name, content)["digest"])

    def upload(self, who: str, address: str, name: str, content: bytes) -> dict[str, Any]:
        """Hand in a file; whatever the house says of it."""
        answer = self._send(who, "POST", f"/api/v1/{address}", files={"file": (name, content)})
        if answer.status_code != 200:
            raise HouseBroke(f"{address} by {who}: {answer.status_code} {answer.text[:800]}")
        found: dict[str, Any] = answer.json()
        return found

    def rest(self, now: datetime | None) -> dict[str, Any]:
        """Set business time and let the house come to rest: {"now", "handled", "next_due_at"}."""
        body = {"now": now.isoformat()} if now else {}
        answer = self._send("engineering", "POST", "/api/v1/clock/settle", json=body)
        if answer.status_code != 200:
            raise HouseBroke(f"the house does not come to rest: {answer.status_code} {answer.text[:800]}")
        found: dict[str, Any] = answer.json()
        return found

    def page_speaks(self, path: str, language: str) -> bool:
        """Whether a page answers in a language, to somebody not signed in."""
        answer = self._client.get(path, headers={"Accept-Language": language}, follow_redirects=True)
        return answer.status_code == 200 and f'lang="{language[:2]}' in answer.text[:2_000]

    def all_rows(self, who: str, address: str, **query: Any) -> list[dict[str, Any]]:
        """Every row of a door that answers a thousand after an id."""
        rows: list[dict[str, Any]] = []
        while True:
            part = self.get(who, address, after=rows[-1]["id"] if rows else 0, **query)
            rows += part
            if len(part) < 1_000:
                return rows

    def work(self, who: str) -> list[dict[str, Any]]:
        """A colleague's work list, soonest first."""
        rows: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self.get(who, "sop/work", limit=200, after=after)
            rows += page["rows"]
            if not page["next"]:
                return rows
            after = page["next"]

    def _send(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        return self._client.request(method, path, headers=headers, **more)

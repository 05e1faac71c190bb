"""HTTP to outside systems: one pooled client each, every wait bounded, every answer bounded, every failure
classed."""

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from shopkeeper.shared.outside import OutsideError

MAX_ANSWER_BYTES = 8 * 1024 * 1024
TRIES = 4
FIRST_WAIT_S = 0.2
Answer = TypeVar("Answer")


class OutsideHttp:
    """One outside system's connections. Safe to share between threads; `close` when done.

    The environment's proxies are not used: where the way out needs one, name it.
    """

    def __init__(
        self,
        timeout_s: float = 10.0,
        connections: int = 10,
        proxy: str | None = None,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout_s, connect=min(3.0, timeout_s)),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            proxy=proxy,
            trust_env=False,
            follow_redirects=False,
        )
        self._deadline_s = timeout_s * 3
        self._max_bytes = max_bytes

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def post(
        self,
        url: str,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        content_type: str = "",
        files: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """POST a form (with files, where there are any) or a body; the answer's bytes. Raises `OutsideError`; the
        message never quotes what was sent."""
        headers = {"content-type": content_type} if content_type else None
        return self._bytes("POST", url, data=form, content=content, headers=headers, files=files)

    def get(self, url: str) -> bytes:
        """GET an address; the answer's bytes. Raises `OutsideError`."""
        return self._bytes("GET", url)

    def _bytes(self, method: str, url: str, **what: Any) -> bytes:
        try:
            with self._client.stream(method, url, **what) as answer:
                body = self._read(answer)
                status, wait = answer.status_code, answer.headers.get("retry-after", "")
        except httpx.TimeoutException as error:
            raise OutsideError("transient", "timeout", type(error).__name__) from None
        except httpx.HTTPError as error:
            raise OutsideError("transient", "connection", type(error).__name__) from None
        except httpx.InvalidURL:
            raise OutsideError("permanent", "bad_address", "the address is not a URL") from None
        if status == 429:
            raise OutsideError("throttled", "http_429", "", float(wait) if wait.isdecimal() else 1.0)
        if status in (401, 403):
            raise OutsideError("auth", f"http_{status}")
        if status >= 500 or status == 408:
            raise OutsideError("transient", f"http_{status}")
        if status >= 300:
            raise OutsideError("permanent", f"http_{status}")
        return body

    def _read(self, answer: httpx.Response) -> bytes:
        end = time.monotonic() + self._deadline_s
        body = bytearray()
        for part in answer.iter_bytes():
            body += part
            if len(body) > self._max_bytes:
                raise OutsideError("permanent", "answer_too_large", f"more than {self._max_bytes} bytes")
            if time.monotonic() > end:
                raise OutsideError("transient", "timeout", "the answer trickled")
        return bytes(body)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object out of an answer; half a JSON, a list or nonsense is a transient `OutsideError`."""
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise OutsideError("transient", "bad_answer", f"{len(body)} bytes that are not JSON") from None
    if not isinstance(value, dict):
        raise OutsideError("transient", "bad_answer", "JSON, but not an object")
    return value


def retrying(ask: Callable[[], Answer], sleep: Callable[[float], None] = time.sleep) -> Answer:
    """Ask again a few times while the failure is transient. Only for what may be asked twice."""
    for attempt in range(1, TRIES):
        try:
            return ask()
        except OutsideError as error:
            if error.kind != "transient":
                raise
        sleep(FIRST_WAIT_S * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))  # noqa: S311 (spreads load)
    return ask()

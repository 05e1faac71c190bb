"""Every wait and every answer is bounded; every failure has its class; nothing sent shows in an error."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shopkeeper.integrations.outside_http import OutsideHttp, json_object, retrying
from shopkeeper.integrations.texts import china_moment, china_text, clean_text, minor_from_yuan
from shopkeeper.shared.outside import OutsideError


@contextmanager
def answering(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says what it is told, once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join()


def failure(url: str, **limits: float) -> OutsideError:
    http = OutsideHttp(timeout_s=limits.get("timeout_s", 2.0), max_bytes=int(limits.get("max_bytes", 1000)))
    try:
        with pytest.raises(OutsideError) as caught:
            http.post(url, form={"session": "very-secret"})
    finally:
        http.close()
    assert "very-secret" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("500 Oops", "transient"),
        ("503 Busy", "transient"),
        ("429 Slow", "throttled"),
        ("403 No", "auth"),
        ("401 Who", "auth"),
        ("404 Where", "permanent"),
        ("302 Elsewhere", "permanent"),
    ],
)
def test_status_has_its_class(status: str, kind: str) -> None:
    answer = f"HTTP/1.1 {status}\r\nRetry-After: 7\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".encode()
    with answering(lambda line: line.sendall(answer)) as url:
        error = failure(url)
    assert error.kind == kind
    assert error.worth_retrying == (kind in ("transient", "throttled"))
    if kind == "throttled":
        assert error.retry_after_s == 7


def test_an_endless_answer_is_cut_off() -> None:
    def flood(line: socket.socket) -> None:
        try:
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3_000_000)
        except OSError:
            return

    with answering(flood) as url:
        error = failure(url)
    assert (error.kind, error.code) == ("permanent", "answer_too_large")


def test_silence_ends() -> None:
    enough = threading.Event()

    def wait(line: socket.socket) -> None:
        enough.wait(10)

    with answering(wait) as url:
        error = failure(url, timeout_s=0.2)
        enough.set()
    assert (error.kind, error.code) == ("transient", "timeout")


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    assert failure(url).code == "connection"
    assert failure("no url at all").kind == "permanent" or failure("no url at all").code == "connection"


@pytest.mark.parametrize("body", [b"", b'{"a":', b"[1]", b'{"a":NaN}', b"[" * 100_000, b"\xff\xfe", b'{"a":1}}'])
def test_half_a_json_is_nothing(body: bytes) -> None:
    with pytest.raises(OutsideError) as caught:
        json_object(body)
    assert (caught.value.kind, caught.value.code) == ("transient", "bad_answer")


def test_transient_failures_are_asked_again_and_others_are_not() -> None:
    waits: list[float] = []
    asked = iter([OutsideError("transient", "a"), OutsideError("transient", "b"), None])

    def ask() -> str:
        error = next(asked)
        if error:
            raise error
        return "yes"

    assert retrying(ask, waits.append) == "yes"
    assert len(waits) == 2
    assert waits[0] < waits[1]

    def refuse() -> str:
        raise OutsideError("auth", "c")

    with pytest.raises(OutsideError):
        retrying(refuse, waits.append)
    assert len(waits) == 2


def test_texts_and_amounts() -> None:
    assert clean_text("a\x00b\ud83d ") == "ab?"
    assert clean_text("🍵" * 10, 3) == "🍵🍵🍵"
    assert (clean_text(None), clean_text(12)) == ("", "12")
    assert [minor_from_yuan(v) for v in ("12.30", "0", None, "", "-1.5", 3, "1e2")] == [
        1230,
        0,
        0,
        0,
        -150,
        300,
        10000,
    ]
    odd: tuple[object, ...] = ("1.005", "NaN", "Infinity", "一元", "1e30", {})
    for nonsense in odd:
        with pytest.raises(ValueError, match="not an amount"):
            minor_from_yuan(nonsense)
    moment = china_moment("2026-11-11 00:00:00")
    assert moment is not None
    assert moment.isoformat() == "2026-11-10T16:00:00+00:00"
    assert china_text(moment) == "2026-11-11 00:00:00"
    assert china_moment("") is None

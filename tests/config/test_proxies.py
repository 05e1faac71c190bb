"""G4: whose word on a caller's address is believed. Seen from outside: who knocks too often is told to slow down."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from shopkeeper.config.hosting import hosted
from shopkeeper.flows.service.feedback.hooks import KNOCKS_PER_MINUTE
from tests.databases import FreshDatabase

pytestmark = pytest.mark.clause("G4")


def knock(address: str, said_from: str) -> int:
    """The answer to somebody with a forged link, who says to come from an address."""
    request = Request(f"{address}/survey/forged/", headers={"X-Forwarded-For": said_from})
    try:
        with urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


@pytest.mark.parametrize(("proxies", "second_address"), [("127.0.0.0/8", 404), ("", 429), ("10.1.1.1", 429)])
def test_only_a_named_proxy_is_believed(
    fresh_db: FreshDatabase, tmp_path: Path, proxies: str, second_address: int
) -> None:
    with hosted(fresh_db.url, tmp_path, {"SHOPKEEPER_PROXIES": proxies}, worker=False) as shop:
        answers = [knock(shop.address, "203.0.113.7") for _ in range(KNOCKS_PER_MINUTE + 1)]
        assert set(answers[:-1]) == {404}
        assert answers[-1] == 429
        assert knock(shop.address, "203.0.113.8") == second_address

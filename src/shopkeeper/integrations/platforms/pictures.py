"""Pictures as platforms show them: their hashes, fetched once per address."""

import hashlib
from collections import OrderedDict
from threading import Lock
from urllib.parse import urlsplit

from shopkeeper.integrations.outside_http import OutsideHttp, retrying
from shopkeeper.shared.outside import OutsideError

KEPT = 20_000


class PictureHashes:
    """sha-256 by address. A platform's picture never changes under its address, so an answer is kept."""

    def __init__(self, http: OutsideHttp | None = None) -> None:
        self._http = http or OutsideHttp()
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def of(self, url: str) -> str:
        """The hash in hex of what stands at an address; '' where nothing is to be seen. Raises `OutsideError` where
        it cannot be known now."""
        known = self._known.get(url)
        if known is not None:
            return known
        if urlsplit(url).scheme not in ("http", "https"):
            return ""
        try:
            found = hashlib.sha256(retrying(lambda: self._http.get(url))).hexdigest()
        except OutsideError as error:
            if error.worth_retrying:
                raise
            return ""
        self.learn(url, found)
        return found

    def learn(self, url: str, sha256: str) -> None:
        """Keep what is known of an address."""
        with self._lock:
            self._known[url] = sha256
            while len(self._known) > KEPT:
                self._known.popitem(last=False)

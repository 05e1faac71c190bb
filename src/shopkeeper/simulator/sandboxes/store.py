"""What a sandbox remembers: documents in memory, and in one SQLite file when it must outlive a kill.

Everything changed while one request is served is written in one transaction before the answer leaves.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Doc = dict[str, Any]

_SCHEMA = "CREATE TABLE IF NOT EXISTS doc (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"


class Store:
    """Documents by kind and key. Change a document, then `put` it; `flush` makes it last."""

    def __init__(self, path: Path | None = None) -> None:
        self._docs: dict[str, dict[str, Doc]] = {}
        self._dirty: dict[tuple[str, str], None] = {}
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(_SCHEMA)
            for kind, key, body in self._file.execute("SELECT kind, key, body FROM doc"):
                self._docs.setdefault(kind, {})[key] = json.loads(body)

    def get(self, kind: str, key: str) -> Doc | None:
        """The document, or None."""
        return self._docs.get(kind, {}).get(key)

    def all(self, kind: str) -> Iterator[tuple[str, Doc]]:
        """Every document of a kind with its key, in the order of their making (by key after a restart)."""
        return iter(list(self._docs.get(kind, {}).items()))

    def count(self, kind: str) -> int:
        """How many documents of a kind there are."""
        return len(self._docs.get(kind, {}))

    def put(self, kind: str, key: str, doc: Doc) -> None:
        """Keep a new or changed document."""
        self._docs.setdefault(kind, {})[key] = doc
        if self._file is not None:
            self._dirty[kind, key] = None

    def drop(self, kind: str, key: str) -> None:
        """Forget a document."""
        if self._docs.get(kind, {}).pop(key, None) is not None and self._file is not None:
            self._dirty[kind, key] = None

    def flush(self) -> None:
        """Write what changed, all or nothing."""
        if self._file is None or not self._dirty:
            return
        gone, kept = [], []
        for kind, key in self._dirty:
            doc = self.get(kind, key)
            if doc is None:
                gone.append((kind, key))
            else:
                kept.append((kind, key, json.dumps(doc, ensure_ascii=False)))
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR REPLACE INTO doc VALUES (?, ?, ?)", kept)
        self._file.executemany("DELETE FROM doc WHERE kind = ? AND key = ?", gone)
        self._file.execute("COMMIT")
        self._dirty.clear()

    def close(self) -> None:
        """Flush and let go of the file."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

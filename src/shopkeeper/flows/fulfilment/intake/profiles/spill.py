"""Files joined by key without holding them: rows are sorted in pieces on disk and merged while read."""

import heapq
import marshal
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import IO, Any, Self

PIECE = 20_000

Keyed = tuple[str, int, Any]  # key, position in the file, plain data


class SortedSpill:
    """Keyed rows in order of key, then of arrival; one piece is in memory, the rest in temporary files."""

    def __init__(self, rows: Iterable[Keyed]) -> None:
        self._files: list[IO[bytes]] = []
        self._last: list[Keyed] = []
        for row in rows:
            self._last.append(row)
            if len(self._last) >= PIECE:
                self._spill()
        self._last.sort()

    def _spill(self) -> None:
        self._last.sort()
        file = tempfile.TemporaryFile(prefix="shopkeeper-import-")  # noqa: SIM115 - closed with the spill
        for row in self._last:
            marshal.dump(row, file)
        self._files.append(file)
        self._last = []

    def __iter__(self) -> Iterator[Keyed]:
        return heapq.merge(self._last, *(_read(file) for file in self._files))

    def groups(self) -> Iterator[tuple[str, list[Keyed]]]:
        """All rows of a key together, keys ascending."""
        for key, rows in groupby(self, key=lambda row: row[0]):
            yield key, list(rows)

    def close(self) -> None:
        for file in self._files:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _read(file: IO[bytes]) -> Iterator[Keyed]:
    file.seek(0)
    while True:
        try:
            yield marshal.load(file)  # noqa: S302 - our own file, written a moment ago and readable by us alone
        except EOFError:
            return


def joined(*spills: SortedSpill) -> Iterator[tuple[str, list[list[Keyed]]]]:
    """Every key of any spill with its rows in each, in key order."""
    streams = [spill.groups() for spill in spills]
    heads = [next(stream, None) for stream in streams]
    while any(head is not None for head in heads):
        key = min(head[0] for head in heads if head is not None)
        rows: list[list[Keyed]] = []
        for place, head in enumerate(heads):
            if head is not None and head[0] == key:
                rows.append(head[1])
                heads[place] = next(streams[place], None)
            else:
                rows.append([])
        yield key, rows

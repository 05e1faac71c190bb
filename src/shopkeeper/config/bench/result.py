"""One measured figure and the limit it is held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measured:
    """`ratio` = rate / limit. `ok` says whether the promise was kept."""

    name: str
    rate: float
    unit: str
    limit: float
    limit_name: str
    ok: bool

    def as_row(self) -> Mapping[str, Any]:
        return {
            "name": self.name,
            "rate": round(self.rate, 1),
            "unit": self.unit,
            "limit": round(self.limit, 1),
            "limit_name": self.limit_name,
            "ratio": round(self.rate / self.limit, 3) if self.limit else None,
            "ok": self.ok,
        }

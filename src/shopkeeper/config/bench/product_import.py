"""P2.1: a table of products taken in with every text check, and SKUs found again among them."""

import csv
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.products.listing.imports import run_import
from shopkeeper.flows.products.listing.profiles.sheet import HEADINGS
from shopkeeper.flows.products.listing.queries.searching import skus_called
from shopkeeper.foundation.actor import SYSTEM

SKUS = 10_000
PER_PRODUCT = 3
PROMISED_S = 60.0
PROMISED_SEARCH_MS = 50.0
SEARCHES = 100
WORDS = (
    "纯棉",
    "冰丝",
    "亚麻",
    "圆领",
    "短袖",
    "男夏季",
    "女宽松",
    "亲子装",
    "速干",
    "凉席",
    "茶壶",
    "保温杯",
    "帆布",
    "双肩包",
)


def measure() -> Sequence[Measured]:
    """Seconds for ten thousand SKUs; milliseconds of a search among what is there then."""
    prefix = f"IMP{time.time_ns() % 10**9}"
    with tempfile.TemporaryDirectory(prefix="shopkeeper-bench-") as folder:
        path = Path(folder) / "products.csv"
        _write(path, prefix)
        began = time.perf_counter()
        imported = run_import(path, SYSTEM, dry_run=False, progress=lambda count: None)
        seconds = time.perf_counter() - began
    whole = imported.counts["created"] * PER_PRODUCT
    search = _search(prefix)
    return [
        Measured(f"{whole} SKUs imported", seconds, "s", PROMISED_S, "promised", seconds <= PROMISED_S),
        Measured("SKU search, p95", search, "ms", PROMISED_SEARCH_MS, "promised", search <= PROMISED_SEARCH_MS),
    ]


def _write(path: Path, prefix: str) -> None:
    """A table as a shop exports it: a row per variant."""
    chance = random.Random(7)  # noqa: S311
    names = [h.title.zh for h in HEADINGS if h.name in ROW]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for number in range(SKUS // PER_PRODUCT + 1):
            title = "".join(chance.sample(WORDS, 4)) + f"T恤{number % 97}"
            for variant in range(PER_PRODUCT):
                row = {
                    "code": f"{prefix}-{number}",
                    "title": title,
                    "core_keyword": "T恤",
                    "selling_points": "面料亲肤不闷汗\n领口双线不变形",
                    "scenarios": "夏天通勤",
                    "platforms": "淘宝、拼多多",
                    "attributes": "材质：棉\n产地：新疆",
                    "sku_code": f"{prefix}-{number}-{variant}",
                    "spec_values": f"尺码：{'MLX'[variant]}",
                    "cost_minor": "20.00",
                    "price_minor": "59.90",
                }
                writer.writerow([row[h.name] for h in HEADINGS if h.name in ROW])


ROW = frozenset(
    {"code", "title", "core_keyword", "selling_points", "scenarios", "platforms", "attributes", "sku_code",
     "spec_values", "cost_minor", "price_minor"}
)  # fmt: skip


def _search(prefix: str) -> float:
    """The 95th percentile of looking for names, initials and codes."""
    chance = random.Random(3)  # noqa: S311
    times = []
    for _ in range(SEARCHES):
        asked = chance.choice(
            ["".join(chance.sample(WORDS, 2)), "cmdx", f"{prefix}-{chance.randrange(3_000)}-1", chance.choice(WORDS)]
        )
        began = time.perf_counter()
        skus_called(asked)
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.quantiles(times, n=20)[18]

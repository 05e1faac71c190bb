"""The register of figures as a page of docs/: every definition in both languages, from the register alone."""

from pathlib import Path

from django.conf import settings

from shopkeeper.flows.analytics.reports.rules.metric import Metric
from shopkeeper.flows.analytics.reports.rules.metrics import of_block
from shopkeeper.flows.analytics.reports.states import Block
from shopkeeper.shared.words import T

INTRODUCTION = """# 指标口径 · Definitions of figures

Made by `shopkeeper metrics --markdown` from the register in `flows/analytics/reports/rules/metrics`; a test keeps it in
step. An id is written once and never reused. Money is kept in fen, ratios as numerator and denominator; a ratio is
computed when it is read and never averaged. “none” under additivity: people are counted once a period, so days must not
be added up, and the code refuses to. Where no source says anything a figure is unknown, not zero.
"""
NAME, FORMULA = T("指标", "name"), T("公式", "formula")
HEAD = (
    "id", NAME.zh, NAME.en, FORMULA.zh, FORMULA.en, "unit", "additivity", "time", "source", "filters", "distinct by",
    "dimensions", "owner", "status", "version", "valid from",
)  # fmt: skip


def register_path() -> Path:
    """Where the page is kept."""
    return Path(settings.PROJECT_DIR) / "docs" / "metrics.md"


def register() -> str:
    """The page as Markdown: a table per part of the report."""
    parts = [INTRODUCTION]
    for block in Block:
        if of_block(block):
            lines = [_line(HEAD), _line(["---"] * len(HEAD)), *(_line(_cells(metric)) for metric in of_block(block))]
            parts.append(f"## {block}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def write_register() -> Path:
    path = register_path()
    path.write_text(register(), encoding="utf-8")
    return path


def _cells(metric: Metric) -> list[str]:
    return [
        f"`{metric.id}`",
        metric.name.zh,
        metric.name.en,
        metric.formula.zh,
        metric.formula.en,
        str(metric.unit),
        str(metric.additivity),
        _both(metric.time_field),
        _both(metric.source),
        _both(metric.filters),
        _both(metric.entity),
        ", ".join(metric.dimensions) or "–",
        metric.owner,
        metric.status,
        str(metric.version),
        metric.valid_from.isoformat(),
    ]


def _both(words: T) -> str:
    return words.zh if words.zh == words.en else f"{words.zh} · {words.en}"


def _line(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"

"""`shopkeeper metrics`: every registered figure with its definition."""

from typing import Annotated

import typer

from shopkeeper.cli.console import print_json, print_table, say
from shopkeeper.cli.installation import JsonOption, load_django
from shopkeeper.shared.words import T


def metrics(
    as_json: JsonOption = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Write the register to docs/metrics.md.")] = False,
) -> int:
    """List the figures of the reports: what each means, and whether its days may be added up."""
    load_django()
    from shopkeeper.flows.analytics.reports.papers.register import write_register
    from shopkeeper.flows.analytics.reports.rules.metrics import METRICS

    if as_markdown:
        say(T("已写入 {path}", "Written: {path}").format(path=write_register()))
        return 0
    if as_json:
        print_json(
            [
                {
                    "id": metric.id,
                    "name": metric.name.both(),
                    "formula": metric.formula.both(),
                    "unit": metric.unit,
                    "additivity": metric.additivity,
                    "dimensions": list(metric.dimensions),
                    "version": metric.version,
                }
                for metric in METRICS.values()
            ]
        )
        return 0
    cells = [[m.id, m.name, m.formula, m.unit, m.additivity] for m in METRICS.values()]
    print_table(["id", "name", "formula", "unit", "additivity"], cells)
    return 0

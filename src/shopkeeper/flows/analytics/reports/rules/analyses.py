"""The three analyses of a report: which are still to be written, and whether the signature waits for them.

They are part of the report (D2.1), no duties with clocks of their own: what is written by the signature is signed.
"""

from typing import Any

from shopkeeper.flows.analytics.reports.states import Part, ReportPeriod


def are_needed(wanted: str, period: str) -> bool:
    """Does the policy want them before a report of this period is signed?"""
    return wanted == "all" or (wanted == "long" and period != ReportPeriod.DAY)


def unwritten(row: Any) -> list[Part]:
    """The parts that nobody has explained; `row` holds each as `<part>_analysis`."""
    return [part for part in Part if not getattr(row, f"{part}_analysis")]

"""What a run has shown: counts of what happened, and each clause's record, read at the auditor's door."""

from typing import Any

from shopkeeper.simulator.house import House

EYES = "supervisor"


def collect(house: House) -> dict[str, Any]:
    """{"counts", "clauses", "commands" (by clause)}: plain numbers, sorted by name."""
    found = house.get(EYES, "audit/evidence")
    counts = {
        **{f"orders.{state}": n for state, n in found["orders"].items()},
        **{f"holds.{code}": n for code, n in found["holds"].items()},
        **{f"events.{name}": n for name, n in found["events"].items()},
        **{f"refused.{code}": n for code, n in sorted(house.refusals.items())},
    }
    counts["orders"] = sum(found["orders"].values())
    clauses = {
        name: {figure: row[figure] for figure in ("done", "late", "missed", "refused")}
        for name, row in found["clauses"].items()
    }
    _throughout(house, clauses)
    return {
        "counts": dict(sorted(counts.items())),
        "clauses": dict(sorted(clauses.items())),
        "commands": found["commands"],
    }


def _throughout(house: House, clauses: dict[str, dict[str, int]]) -> None:
    """The clauses without duties of their own are shown by all the others.

    G1 counts every duty that became late or was missed; G2 those brought before the supervisor; G5 refusals told
    in both languages; G6 everything done and refused through the API.
    """
    own = [row for name, row in clauses.items() if not name.startswith("G")]
    nothing = {"done": 0, "late": 0, "missed": 0, "refused": 0}
    g1 = clauses.setdefault("G1", dict(nothing))
    g1["late"] = sum(row["late"] for row in own)
    g1["missed"] = sum(row["missed"] for row in own)
    clauses.setdefault("G2", dict(nothing))["late"] = house.get(EYES, "audit/evidence")["events"].get(
        "sop.work_escalated", 0
    )
    refused = sum(house.refusals.values())
    spoken = 0 if house.wordless else refused
    pages = sum(house.page_speaks("/sign-in/", language) for language in ("zh-CN", "en-GB"))
    clauses["G5"] = {**nothing, "done": spoken + pages, "refused": len(house.wordless)}
    clauses["G6"] = {**nothing, "done": house.done, "refused": refused}

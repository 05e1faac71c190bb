"""What grading a returned parcel must say, and whether the solution may go on by itself after it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shopkeeper.flows.service.aftersale.states import Grade, Reason


def grading_flaw(wanted: Mapping[int, int], graded: Sequence[tuple[int, Grade, int]]) -> str:
    """Why a grading cannot be taken; empty when it can: every awaited piece has exactly one grade."""
    if any(quantity < 1 for _, _, quantity in graded):
        return "grade_quantity_wrong"
    counted: Counter[int] = Counter()
    for line, _, quantity in graded:
        counted[line] += quantity
    if set(counted) - set(wanted):
        return "grade_line_unknown"
    if any(counted[line] != quantity for line, quantity in wanted.items()):
        return "grade_pieces_differ"
    return ""


def goes_on(reason: Reason, graded: Sequence[tuple[int, Grade, int]]) -> bool:
    """Whether what came back is what was agreed.

    All pieces must be there. Without reason they must be as good as new; for a fault of ours they need not be.
    """
    grades = {grade for _, grade, _ in graded}
    if Grade.MISSING in grades:
        return False
    return reason is not Reason.NO_REASON or grades <= {Grade.GOOD}

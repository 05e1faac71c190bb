"""What tracking says of a parcel (O3.2): its state from all that is known, however late and in whatever order.

The state is folded over the events in the order they happened, so any order of arrival gives the same one.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopkeeper.flows.fulfilment.parcels.states import DECIDED, CaseKind, ParcelState
from shopkeeper.foundation.masking import mask_phone

# Our word for a courier service's two-level code; the first digit decides where the code is not listed.
_STATE_OF_CODE: dict[str, ParcelState] = {
    "103": ParcelState.IN_TRANSIT,
    "203": ParcelState.REFUSED,
    "14": ParcelState.REFUSED,
}
_STATE_OF_WORD: dict[str, ParcelState] = {
    "picked": ParcelState.IN_TRANSIT,
    "transit": ParcelState.IN_TRANSIT,
    "forwarded": ParcelState.IN_TRANSIT,
    "customs": ParcelState.IN_TRANSIT,
    "delivering": ParcelState.DELIVERING,
    "signed": ParcelState.SIGNED,
    "refused": ParcelState.REFUSED,
    "returning": ParcelState.RETURNING,
    "returned": ParcelState.RETURNED,
}
_CASE_OF_CODE: dict[str, CaseKind] = {
    "201": CaseKind.UNDELIVERED,
    "202": CaseKind.STALLED,
    "204": CaseKind.UNDELIVERED,
    "205": CaseKind.UNDELIVERED,
    "206": CaseKind.UNDELIVERED,
    "207": CaseKind.MIS_SORTED,
    "208": CaseKind.UNDELIVERED,
    "209": CaseKind.DAMAGED,
    "210": CaseKind.UNDELIVERED,
}
_CASE_OF_WORDS: tuple[tuple[re.Pattern[str], CaseKind], ...] = (
    (re.compile("破损|损坏"), CaseKind.DAMAGED),
    (re.compile("遗失|丢失"), CaseKind.LOST),
    (re.compile("错分|错发"), CaseKind.MIS_SORTED),
)
_CASE_OF_STATE = {ParcelState.REFUSED: CaseKind.REFUSED, ParcelState.RETURNING: CaseKind.RETURNING}
# Where two scans carry the same second, the later one on the way counts as later.
_RANK = {
    ParcelState.IN_TRANSIT: 1,
    ParcelState.DELIVERING: 2,
    ParcelState.REFUSED: 3,
    ParcelState.RETURNING: 4,
    ParcelState.SIGNED: 5,
    ParcelState.RETURNED: 6,
}
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")
_SIGNER = re.compile(r"((?:签收人|收件人|代收人)(?:姓名)?\s*[:：是为]\s*)([^\s,，。;；、)）]{1,12})")


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as we keep it. `word` is the port's state word, `code` the service's two-level code."""

    at: datetime
    code: str
    word: str
    text: str = ""
    place: str = ""

    @property
    def state(self) -> ParcelState | None:
        """The parcel state this scan speaks of; None for one that moves nothing (ordered, a problem)."""
        return _STATE_OF_CODE.get(self.code) or _STATE_OF_WORD.get(self.word)

    @property
    def problem(self) -> CaseKind | None:
        """The kind of case this scan calls for by itself."""
        if self.code in _CASE_OF_CODE:
            return _CASE_OF_CODE[self.code]
        if self.word == "problem" and self.state is None:
            found = next((kind for pattern, kind in _CASE_OF_WORDS if pattern.search(self.text)), None)
            return found or CaseKind.UNDELIVERED
        return None

    @property
    def fingerprint(self) -> bytes:
        """The same scan told twice has the same fingerprint."""
        told = f"{self.at.timestamp():.0f}|{self.code}|{self.text}|{self.place}"
        return hashlib.sha256(told.encode()).digest()[:16]

    @property
    def order(self) -> tuple[datetime, int, str, bytes]:
        """Where it stands in the parcel's story, whenever it was heard."""
        return self.at, _RANK.get(self.state, 0) if self.state else 0, self.code, self.fingerprint


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel stands after everything known: state, latest code and moment, problems still open."""

    state: ParcelState
    code: str
    last_at: datetime | None
    signed_at: datetime | None
    problems: frozenset[CaseKind]


def stand(scans: Iterable[Scan]) -> Standing:
    """Fold a parcel's scans in the order they happened; the order they came in does not matter."""
    state, signed_at = ParcelState.HANDED_OVER, None
    code, last_at = "", None
    problems: set[CaseKind] = set()
    for scan in sorted(scans, key=lambda scan: scan.order):
        code, last_at = scan.code, scan.at
        following = _after(state, scan.state)
        if following is not state and following is ParcelState.SIGNED:
            signed_at = scan.at
        if scan.problem:
            problems.add(scan.problem)
        elif scan.state:
            problems -= {CaseKind.STALLED, CaseKind.UNDELIVERED, CaseKind.MIS_SORTED, CaseKind.LOST}
        state = following
    if state is not ParcelState.SIGNED:
        signed_at = None
    return Standing(state, code, last_at, signed_at, frozenset(problems))


def _after(state: ParcelState, told: ParcelState | None) -> ParcelState:
    """What follows a state when a scan tells of another: a decided fate is never simply on its way again."""
    if told is None or state is ParcelState.RETURNED:
        return state
    if state in DECIDED and told not in DECIDED:
        return state
    return told


def cases_called_for(was: str, standing: Standing, heard: Iterable[Scan]) -> list[CaseKind]:
    """The cases that what was just heard calls for: problems not overtaken since, and a fate turned bad."""
    told = {scan.problem for scan in heard if scan.problem}
    kinds = set(standing.problems & told)
    if standing.state is ParcelState.SIGNED:
        kinds &= {CaseKind.DAMAGED}
    if standing.state != was and standing.state in _CASE_OF_STATE:
        kinds.add(_CASE_OF_STATE[standing.state])
    return sorted(kinds)


def stalled_until(last_update_at: datetime, hours: int) -> datetime:
    """When silence since the last update becomes a stall."""
    return last_update_at + timedelta(hours=hours)


def without_persons(text: str, limit: int = 200) -> str:
    """A scan's words without names of those who signed and without whole telephone numbers."""
    text = _SIGNER.sub(lambda found: f"{found[1]}***", text)
    text = _MOBILE.sub(lambda found: mask_phone(found[0]), text)
    return _LANDLINE.sub(lambda found: mask_phone(found[0]), text)[:limit]

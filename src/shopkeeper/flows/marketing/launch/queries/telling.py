"""What a test that did not pass waits for: whoever is to test again sees who mends what, they see what it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shopkeeper.flows.marketing.launch.models import Gate, GateCheck
from shopkeeper.flows.marketing.launch.states import CheckKey, CheckVerdict, GateState
from shopkeeper.flows.marketing.launch.words import CHECKS, who_mends
from shopkeeper.shared.words import T, listed
from shopkeeper.sop.roles import ROLE_WORDS, Role

MOST_NAMED = 3
WAITS, AND = T("等 {what}", "waits for {what}"), T("；", "; ")
NAMES = ("sku", "promise", "rule", "title", "name")  # what a line of a check is called by


def waits_of_gates(gate_ids: Sequence[int]) -> dict[int, str]:
    """Per gate that did not pass what colleagues have to mend, and who; two statements however many."""
    said = {id_: [_said(key, of[key]) for key in CheckKey if key in of] for id_, of in _red(gate_ids).items()}
    waits = {gate_id: [words for words in every if words] for gate_id, every in said.items()}
    return {gate_id: WAITS.format(what=AND.text().join(every)).text() for gate_id, every in waits.items() if every}


def mended_by(role: Role) -> Callable[[Sequence[int]], Mapping[int, str]]:
    """Tells of gates that did not pass what of it this role has to mend."""

    def told(gate_ids: Sequence[int]) -> dict[int, str]:
        own = {
            gate_id: [
                _named(key, of[key]) for key in CheckKey if key in of and who_mends(key, is_empty=not of[key]) == role
            ]
            for gate_id, of in _red(gate_ids).items()
        }
        return {gate_id: AND.text().join(every) for gate_id, every in own.items() if every}

    return told


def _red(gate_ids: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The red checks of each gate's newest run with what they looked at."""
    runs = dict(Gate.objects.filter(id__in=list(gate_ids), state=GateState.RED).values_list("id", "runs"))
    rows = GateCheck.objects.filter(run__gate_id__in=list(runs), verdict=CheckVerdict.RED).values_list(
        "run__gate_id", "run__number", "key", "rows"
    )
    red: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for gate_id, number, key, lines in rows:
        if number == runs[gate_id]:
            red.setdefault(gate_id, {})[key] = lines
    return red


def _said(key: CheckKey, lines: Sequence[dict[str, Any]]) -> str:
    """One red check: its name, what is red of it, who mends it. Empty where the tester mends it."""
    role = who_mends(key, is_empty=not lines)
    if role == Role.ENGINEERING:
        return ""
    return T("{what}（{who}）", "{what} ({who})").format(what=_named(key, lines), who=ROLE_WORDS[role]).text()


def _named(key: CheckKey, lines: Sequence[dict[str, Any]]) -> str:
    """A red check by its name and what is red of it."""
    names = [next((str(line[name]) for name in NAMES if line.get(name)), "") for line in lines if not line["ok"]]
    more = [*names[:MOST_NAMED], "…"] if len(names) > MOST_NAMED else names
    return " ".join([str(CHECKS[key]), listed(more)]).strip()

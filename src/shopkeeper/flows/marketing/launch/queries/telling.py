"""What a test that did not pass waits for: whoever is to test again sees who has to mend what first."""

from collections.abc import Sequence
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
    runs = dict(Gate.objects.filter(id__in=list(gate_ids), state=GateState.RED).values_list("id", "runs"))
    rows = GateCheck.objects.filter(run__gate_id__in=list(runs), verdict=CheckVerdict.RED).values_list(
        "run__gate_id", "run__number", "key", "rows"
    )
    red: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for gate_id, number, key, lines in rows:
        if number == runs[gate_id]:
            red.setdefault(gate_id, {})[key] = lines
    said = {gate_id: [_said(key, of[key]) for key in CheckKey if key in of] for gate_id, of in red.items()}
    waits = {gate_id: [words for words in every if words] for gate_id, every in said.items()}
    return {gate_id: WAITS.format(what=AND.text().join(every)).text() for gate_id, every in waits.items() if every}


def _said(key: CheckKey, lines: Sequence[dict[str, Any]]) -> str:
    """One red check: its name, what is red of it, who mends it. Empty where the tester mends it."""
    role = who_mends(key, is_empty=not lines)
    if role == Role.ENGINEERING:
        return ""
    names = [next((str(line[name]) for name in NAMES if line.get(name)), "") for line in lines if not line["ok"]]
    more = [*names[:MOST_NAMED], "…"] if len(names) > MOST_NAMED else names
    what = " ".join([str(CHECKS[key]), listed(more)]).strip()
    return T("{what}（{who}）", "{what} ({who})").format(what=what, who=ROLE_WORDS[role]).text()

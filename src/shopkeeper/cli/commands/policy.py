"""`shopkeeper policy`: the procedure's numbers: what they are, and setting one with a reason."""

import json
from typing import Annotated, Any

import typer

from shopkeeper.cli.console import EXIT_FAILED, print_json, print_line, print_table
from shopkeeper.cli.installation import JsonOption, KeepScratchOption, ScratchOption, working_on

app = typer.Typer(help="Policy values: list and set.", no_args_is_help=True)
ShopOption = Annotated[int | None, typer.Option("--shop", help="The value of one shop; without it, of all.")]


@app.command("list")
def list_values(
    shop: ShopOption = None,
    scratch: ScratchOption = False,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
) -> int:
    """List every policy value with its bounds and the clause it belongs to."""
    with working_on(scratch=scratch, keep=keep_scratch):
        from shopkeeper.sop.policy import POLICY_KEYS, read_policies

        current = read_policies()
        rows = [
            {
                "key": key.name,
                "value": current(key.name, shop),
                "default": key.default,
                "unit": str(key.unit),
                "min": key.min,
                "max": key.max,
                "choices": list(key.choices),
                "clause": key.clause,
                "label": key.label.both(),
            }
            for key in sorted(POLICY_KEYS.values(), key=lambda key: (key.clause, key.name))
        ]
    if as_json:
        print_json(rows)
        return 0
    columns = ["clause", "key", "value", "unit", "min", "max"]
    print_table(columns, [[row[column] for column in columns] for row in rows])
    return 0


@app.command("set")
def set_value(
    key: Annotated[str, typer.Argument(help="The key, as `policy list` shows it.")],
    value: Annotated[str, typer.Argument(help="A number, true/false, or a word.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays on record.")],
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> int:
    """Set a policy value. Exit code 1 when it is refused; the reason is printed."""
    with working_on(scratch=False, keep=False):
        from shopkeeper.foundation.actor import SYSTEM
        from shopkeeper.sop.commands.set_policy import SetPolicy, set_policy
        from shopkeeper.web.labels import outcome_text

        outcome = set_policy.one(SYSTEM, SetPolicy(key, _typed(value), reason, shop))
        words = "" if outcome.ok else outcome_text(outcome)
    if as_json:
        print_json({"result": outcome.result.value, "code": outcome.code, "words": words, **outcome.facts})
    else:
        print_line(words or f"{key} = {value} ({outcome.code})")
    return 0 if outcome.ok else EXIT_FAILED


def _typed(text: str) -> Any:
    """`48` is a number, `true` a switch, everything else a word."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, int | bool) else text

"""`shopkeeper demo`: furnish the database with the demo company."""

import os
from typing import Annotated

import typer

from shopkeeper.cli.console import print_json, print_line, progress
from shopkeeper.cli.installation import JsonOption, KeepScratchOption, ScratchOption, working_on
from shopkeeper.foundation.database import installation
from shopkeeper.shared.words import T


def demo(
    scratch: ScratchOption = False,
    keep_scratch: KeepScratchOption = False,
    as_json: JsonOption = False,
    force: Annotated[bool, typer.Option("--force", help="Look again even if the demo is there.")] = False,
) -> int:
    """Furnish the demo shop: company, people, goods, stock, accounts at the sandboxes. Safe to run twice."""
    os.environ["SHOPKEEPER_DEMO"] = "1"
    with working_on(scratch=scratch, keep=keep_scratch) as url:
        place = os.environ.get("SHOPKEEPER_SANDBOX_PLATFORM_URL", "")  # shops keep where their platform is
        known = installation.notes(url).get("demo") == place
        if not known or force:
            from shopkeeper.config.demo import seed
            from shopkeeper.config.demo_past import furnish_with_past, is_wanted

            with progress(T("布置演示店铺", "Furnishing the demo shop"), quiet=as_json) as moved:
                if not scratch and is_wanted():
                    furnish_with_past(url, moved)
                else:
                    seed(moved)
            installation.note(url, demo=place)
    if as_json:
        print_json({"changed": not known})
    else:
        print_line("演示店铺已就绪 the demo shop is ready" if not known else "演示店铺已在 it is there already")
    return 0

"""`shopkeeper up`: open the shop on this machine and keep it open."""

import os
from typing import Annotated

import typer

from shopkeeper.cli.console import print_json, print_line, say
from shopkeeper.cli.installation import JsonOption, var_folder
from shopkeeper.config.startup import Wishes, open_shop
from shopkeeper.foundation.database import address


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.", envvar="SHOPKEEPER_HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", envvar="SHOPKEEPER_PORT")] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="A furnished demo shop with one-click sign-in.")
    ] = os.environ.get("SHOPKEEPER_DEMO") == "1",
    simulator: Annotated[
        bool,
        typer.Option("--simulator/--no-simulator", help="Let the demo shop live: buyers, parcels, staff."),
    ] = True,
    as_json: JsonOption = False,
) -> int:
    """Open the shop: database, schema, web, worker (and with --demo a shop that lives).

    Exit codes: 0 closed, 1 failed, 3 port taken, 4 database, 5 disk full, 6 already running.
    """
    wishes = Wishes(var_folder(), host, port, demo, simulator, address.outside_url())

    def opened() -> None:
        if as_json:
            print_json({"address": wishes.address, "demo": wishes.demo, "var": str(wishes.var)})
        else:
            print_line(f"\n  掌柜开门了 Shopkeeper is open:  {wishes.address}\n  Ctrl-C 关门 closes it.\n")

    return open_shop(wishes, say, opened)

"""`shopkeeper policy`: the house's policy values, who set them and why."""

import typer

app = typer.Typer(help="Policy values: list and set.", no_args_is_help=True)

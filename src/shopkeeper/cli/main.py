"""The command `shopkeeper`. Commands load what they need only when they run, so that --help is instant."""

import sys

import typer

from shopkeeper.cli.commands import bench, clauses, demo, metrics, migrate, orders, policy, sim, up, worker
from shopkeeper.cli.console import guard

app = typer.Typer(
    name="shopkeeper",
    help="掌柜 Shopkeeper: the operations back office. Every command takes --help; most take --json.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("migrate")(migrate.migrate)
app.command("demo")(demo.demo)
app.command("worker")(worker.worker)
app.command("clauses")(clauses.clauses)
app.command("metrics")(metrics.metrics)
app.command("bench")(bench.bench)
app.command("sim")(sim.sim)
app.add_typer(orders.app, name="orders")
app.add_typer(policy.app, name="policy")


def main() -> int:
    """Run the command; expected trouble becomes one line and an exit code, never a traceback."""
    return guard(lambda: app(standalone_mode=False))


if __name__ == "__main__":
    sys.exit(main())

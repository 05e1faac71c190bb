"""What the desk does after commit, with no transaction open: files measured, gates tested."""

from shopkeeper.flows.marketing.launch.commands.add_version import INSPECT
from shopkeeper.flows.marketing.launch.commands.run_gate import TEST
from shopkeeper.flows.marketing.launch.performers.gates import carry_out_tests
from shopkeeper.flows.marketing.launch.performers.materials import inspect_materials
from shopkeeper.foundation.errands import Performer


def performers() -> dict[str, Performer]:
    """Errand kind → who performs it."""
    return {INSPECT: inspect_materials, TEST: carry_out_tests}

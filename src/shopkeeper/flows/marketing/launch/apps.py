"""Registers the desk launch."""

from django.apps import AppConfig


class LaunchConfig(AppConfig):
    name = "shopkeeper.flows.marketing.launch"
    label = "launch"

    def ready(self) -> None:
        from shopkeeper.flows.marketing.launch.deadlines import GATE, MENDING  # noqa: PLC0415
        from shopkeeper.flows.marketing.launch.queries.telling import mended_by, waits_of_gates  # noqa: PLC0415 (needs models)
        from shopkeeper.sop.telling import tell_of  # noqa: PLC0415

        tell_of(GATE.name, waits_of_gates)
        for role, kind in MENDING.items():
            tell_of(kind.name, mended_by(role))

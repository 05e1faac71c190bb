"""Registers the procedure, and lends the shell the names of clauses and roles."""

from django.apps import AppConfig


class SopConfig(AppConfig):
    name = "shopkeeper.sop"
    label = "sop"

    def ready(self) -> None:
        from shopkeeper.sop.clauses import CLAUSES  # noqa: PLC0415  (apps load first)
        from shopkeeper.sop.roles import ROLE_WORDS  # noqa: PLC0415
        from shopkeeper.web import plugs  # noqa: PLC0415

        plugs.provide(
            clause_name=lambda clause: CLAUSES[clause].name if clause in CLAUSES else None,
            role_name=ROLE_WORDS.get,
            owners=lambda clause: frozenset(CLAUSES[clause].owners) if clause in CLAUSES else frozenset(),
        )

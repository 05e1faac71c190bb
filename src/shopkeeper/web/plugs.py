"""What the shell shows but higher floors know: names of clauses and roles, what is due, what can be found.

Higher floors plug themselves in when they load; the shell leaves out what nobody provides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shopkeeper.foundation.actor import Actor
from shopkeeper.shared.words import T


@dataclass(frozen=True, slots=True)
class Hit:
    """Something the palette found: `hint` says what kind of thing it is."""

    label: str
    url: str
    hint: str
    icon: str = "arrow-right"


Finder = Callable[[Actor, str], Sequence[Hit]]

_clause_names: list[Callable[[str], T | None]] = []
_role_names: list[Callable[[str], T | None]] = []
_owners: list[Callable[[str], frozenset[str]]] = []
_finders: list[Finder] = []


def provide(
    *,
    clause_name: Callable[[str], T | None] | None = None,
    role_name: Callable[[str], T | None] | None = None,
    owners: Callable[[str], frozenset[str]] | None = None,
    finder: Finder | None = None,
) -> None:
    """Plug in names of clauses and roles, the roles that own a clause, or one more source for the palette."""
    if clause_name:
        _clause_names[:] = [clause_name]
    if role_name:
        _role_names[:] = [role_name]
    if owners:
        _owners[:] = [owners]
    if finder and finder not in _finders:
        _finders.append(finder)


def clause_name(clause: str) -> T | None:
    return _clause_names[0](clause) if _clause_names else None


def role_name(role: str) -> str:
    name = _role_names[0](role) if _role_names else None
    return str(name) if name else role


def is_own(actor: Actor, clause: str) -> bool:
    """Whether the clause is one that the actor's roles answer for."""
    return bool(_owners and _owners[0](clause) & actor.roles)


def find(actor: Actor, text: str) -> list[Hit]:
    """Ask every source; each answers only what the actor may see. What is called just so comes first."""
    hits: dict[str, Hit] = {}
    for finder in _finders:
        for hit in finder(actor, text):
            hits.setdefault(hit.url, hit)  # the record itself, before the duty that leads to it
    wanted = text.strip().casefold()
    return sorted(hits.values(), key=lambda hit: hit.label.partition(" · ")[0].casefold() != wanted)

"""What a duty's title cannot say: desks tell more of the record that it is about, many records at once.

Desks plug themselves in when they load; a duty whose desk tells nothing shows its title alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

Telling = Callable[[Sequence[int]], Mapping[int, str]]
_TELLINGS: dict[str, Telling] = {}


def tell_of(kind: str, telling: Telling) -> None:
    """Ask `telling` for words on the subjects of this kind of deadline."""
    _TELLINGS[kind] = telling


def told_of(duties: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Words on (kind, subject) pairs, where their desks have any."""
    subjects: dict[str, list[int]] = defaultdict(list)
    for kind, subject_id in duties:
        if kind in _TELLINGS:
            subjects[kind].append(subject_id)
    return {
        (kind, subject_id): words
        for kind, ids in subjects.items()
        for subject_id, words in _TELLINGS[kind](ids).items()
    }

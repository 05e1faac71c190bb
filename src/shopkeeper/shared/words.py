"""Words in both languages, side by side where they are used (docs/adr/0001).

A word that exists in one language only cannot be written down, so no catalogue can fall behind.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
_active: ContextVar[Language] = ContextVar("language", default="zh")


def active_language() -> Language:
    return _active.get()


def activate(language: Language) -> None:
    _active.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Use one language for a block, whoever called."""
    token = _active.set(language)
    try:
        yield
    finally:
        _active.reset(token)


def listed(words: Iterable[object]) -> str:
    """Words one after the other, as the active language strings them together."""
    return ("、" if _active.get() == "zh" else ", ").join(str(word) for word in words)


class Counting(Formatter):
    """`str.format` that also counts in English: "{n:# order waits|# orders wait}", `#` standing for the number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return (one if str(value) == "1" else many).replace("#", str(value))


COUNTING = Counting()


@dataclass(frozen=True, slots=True)
class T:
    """One text in Chinese and English; `str()` gives the active language's. English counts as `Counting` says."""

    zh: str
    en: str
    facts: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def format(self, **facts: Any) -> "T":
        return T(self.zh, self.en, {**self.facts, **facts})

    def text(self, language: Language | None = None) -> str:
        pattern = self.zh if (language or _active.get()) == "zh" else self.en
        if not self.facts:
            return pattern
        return COUNTING.vformat(pattern, (), self.facts) if "|" in pattern else pattern.format(**self.facts)

    def both(self) -> dict[str, str]:
        """Both languages, for API answers read by programs that show them to somebody."""
        return {"zh": self.text("zh"), "en": self.text("en")}

    def __str__(self) -> str:
        return self.text()


def unit_for(value: object, unit: T) -> T:
    """A unit as it stands beside a number: units are written as of many, and lose their s beside a one."""
    is_plural = unit.en.isalpha() and len(unit.en) > 2 and unit.en.endswith("s")
    return T(unit.zh, unit.en[:-1]) if is_plural and str(value) == "1" else unit

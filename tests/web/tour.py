"""A walk through every page there is: addresses from the registry, numbers of records from the pages themselves."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from shopkeeper.web.pages import PAGES

ARGUMENT = re.compile(r"<(?:([a-z]+):)?[a-z_]+>")
# What answers with a file, a fragment, JSON or somewhere else is no page to look at; a drill needs its question.
NO_PAGE = re.compile(
    r"\.(?:pdf|xlsx|<str:kind>)$|/(?:file|small|failures|template|queue|context|colleagues|sayings|audience|drill|choices|find)/$"
    r"|/pictures/|/evidence/|/desk/talks/|^palette/|/due/$|^launch/campaigns/"
)
FIRST_NUMBERS = ("1", "2", "3", "4")
LINKS = """() => [...document.querySelectorAll("main a[href], main [data-href], main [data-url]")]
    .map(one => one.getAttribute("href") || one.dataset.href || one.dataset.url)"""
# The words of the house: what stands in its frame, not what people, shops and platforms are called.
CHROME = """() => [...document.querySelectorAll(
    ".sk-nav, .sk-bottom-bar, .sk-top-right, thead th, label, legend, main button, main .btn, .sk-tab, " +
    ".sk-empty, .sk-filter > summary, .sk-tile-label, dt, .sk-clause-strip, main h2, main h3, figcaption, " +
    ".sk-state, .sk-chip")]
    .filter(one => one.checkVisibility() && !one.closest(".sk-desk-item")).map(one => one.innerText.trim())"""
WIDEST = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 2).map(one => `${one.tagName.toLowerCase()}.${one.className}`)"""
# Controls out of sight at a card's side (but of a matrix: that is a sheet), and words squeezed into a thin column.
CUT = """() => {
    const ends = one => getComputedStyle(one).overflowX !== "visible";
    const isCut = control => {
        const edge = control.getBoundingClientRect().right;
        for (let at = control.parentElement; at && at.tagName !== "MAIN"; at = at.parentElement) {
            if (ends(at) && edge > at.getBoundingClientRect().right + 1) return true;
        }
        return edge > document.documentElement.clientWidth + 1;
    };
    const isSqueezed = cell =>
        cell.innerText.length > 40 && cell.clientWidth < 130 && cell.clientHeight > 2 * cell.clientWidth;
    const named = one => `${one.tagName.toLowerCase()}.${one.className} ${one.innerText.slice(0, 40)}`;
    const shown = one => one.checkVisibility() && one.clientWidth > 0;
    return [
        ...[...document.querySelectorAll("main :is(button, .btn, input, select, textarea):not(.sk-matrix *)")]
            .filter(shown).filter(isCut).map(one => `cut off: ${named(one)}`),
        ...[...document.querySelectorAll("main :is(td, dd, p)")].filter(shown)
            .filter(isSqueezed).map(one => `squeezed: ${named(one)}`),
    ].slice(0, 5);
}"""
CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


@dataclass
class Tour:
    """Where one may go: patterns of addresses by the page's name, and the first address found for each."""

    patterns: dict[str, str]
    found: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_the_house(cls) -> "Tour":
        """Every page of the registry that is opened with GET."""
        paths = list(_paths(get_resolver().url_patterns))  # resolving fills the registry
        wanted = {name for name, page in PAGES.items() if "GET" in page.methods}
        patterns = {name: path for path, name in paths if name in wanted and not NO_PAGE.search(path)}
        return cls(patterns, {name: f"/{path}" for name, path in patterns.items() if "<" not in path})

    def note(self, links: Iterable[str]) -> None:
        """Remember the first link that fits each pattern that asks for a number."""
        plain = [link.partition("?")[0] for link in links]
        known = set(self.found.values())
        for name, path in self.patterns.items():
            if name not in self.found:
                fits = re.compile("^/" + ARGUMENT.sub(_shape, path) + "$")
                hit = next((link for link in plain if link not in known and fits.match(link)), None)
                if hit is not None:
                    self.found[name] = hit

    def guess(self, is_there: Callable[[str], bool]) -> None:
        """What no page links to as it stands (another tab of a list does, or a menu): try the first numbers."""
        for name in self.unseen:
            path = self.patterns[name]
            tried = (f"/{ARGUMENT.sub(number, path)}" for number in FIRST_NUMBERS)
            hit = next((one for one in tried if "<str:" not in path and is_there(one)), None)
            if hit is not None:
                self.found[name] = hit

    @property
    def unseen(self) -> list[str]:
        """Pages nobody linked to: there was nothing to show on them."""
        return sorted(set(self.patterns) - set(self.found))


def untranslated(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """What an English page says in Chinese, apart from the names of shops, people and things."""
    longest_first = sorted(set(names), key=len, reverse=True)
    found = []
    for text in texts:
        plain = text.replace("中文", "")
        for name in longest_first:
            plain = plain.replace(name, "")
        if CHINESE.search(plain):
            found.append(text[:60])
    return list(dict.fromkeys(found))


def _shape(argument: re.Match[str]) -> str:
    return r"\d+" if argument[1] == "int" else r"[^/]+"


def _paths(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not path.startswith("api/"):
                yield from _paths(one.url_patterns, path)
        elif one.name:
            yield path, one.name

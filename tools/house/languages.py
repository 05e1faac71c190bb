"""Both languages are complete: every word for people stands in Chinese and English side by side.

Python: `T("中文", "English")` with the same placeholders, and no Chinese literal beside one in the rooms that
speak. Templates: no bare text, and every Chinese literal of a tag is followed by its English.
"""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

from tools.house.tree import SOURCE, named, parsed, python_files, templates

CHINESE = re.compile(r"[㐀-鿿]")
HOLE = re.compile(r"\{(\w+)[^}]*\}")
CLASS_BLOCK = re.compile(r"\{%\s*block\s+\w*class\w*\s*%\}.*?\{%\s*endblock", re.DOTALL)
SPEAKING = {
    "pages",
    "forms",
    "words",
    "schemas",
    "menu",
    "deadlines",
    "policies",
    "labels",
    "listing",
    "papers",
}
NAMES = """
Shopkeeper 掌柜 掌 万 亿 SKU CSV XLSX PDF Ctrl Esc Enter Tab Shift Alt Cmd API JSON HTTP URL ID kg cm mm OK
zh en EN ZH 中文 English
"""  # 万 and 亿 are chosen by language where numbers are written
SAME_IN_BOTH = frozenset(NAMES.split())
INVENTED = {"gallery", "demo", "simulator"}  # goods, names and remarks of an imagined shop are no words of the house
SAID_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "aria-description", "data-title", "label"}
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
LITERAL = re.compile(r"\"([^\"]*)\"|'([^']*)'")
COMMENT = re.compile(r"\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}", re.DOTALL)


def problems() -> list[str]:
    found = []
    for path in python_files():
        if not INVENTED & set(path.parts):
            found += _in_python(path)
    for path in templates():
        if not INVENTED & set(path.parts):
            found += _in_template(path)
    return found


def _in_python(path: Path) -> list[str]:
    tree = parsed(path)
    found, inside = [], set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "T":
            inside.update(id(part) for part in ast.walk(node))
            said = _wrong_pair(node)
            if said:
                found.append(f"{named(path, node.lineno)}: {said}")
    relative = path.relative_to(SOURCE)
    speaks = bool(SPEAKING & {part.removesuffix(".py") for part in relative.parts}) or relative.parts[0] == "web"
    if speaks:
        docstrings = _docstrings(tree)
        found += [
            f"{named(path, node.lineno)}: a word in one language only: {node.value[:20]!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and CHINESE.search(node.value)
            and not _in_both(node.value)
            and id(node) not in inside | docstrings
        ]
    return found


def _wrong_pair(call: ast.Call) -> str:
    """What is wrong with one T(…), or nothing."""
    texts = [argument.value for argument in call.args[:2] if isinstance(argument, ast.Constant)]
    if len(call.args) < 2:
        return "T() needs both languages"
    if len(texts) < 2 or not all(isinstance(text, str) for text in texts):
        return ""  # composed of other words; those are checked where they stand
    zh, en = str(texts[0]), str(texts[1])
    if not zh and not en:
        return ""  # no words yet: the same in both
    if not zh.strip() or not en.strip():
        return f"an empty language: {zh!r} {en!r}"
    if CHINESE.search(en) and en not in SAME_IN_BOTH:
        return f"Chinese in the English text: {en[:30]!r}"
    if not CHINESE.search(zh) and re.search(r"[A-Za-z]{2,}", HOLE.sub("", zh)) and zh != en:
        return f"no Chinese in the Chinese text: {zh[:30]!r}"
    if set(HOLE.findall(zh)) != set(HOLE.findall(en)):
        return f"the languages name different facts: {zh[:20]!r} {en[:20]!r}"
    return ""


def _docstrings(tree: ast.Module) -> set[int]:
    """Strings that are statements by themselves."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _in_template(path: Path) -> list[str]:
    text = CLASS_BLOCK.sub(_blank, COMMENT.sub(_blank, path.read_text(encoding="utf-8")))
    found = []
    for match in TAG.finditer(text):
        literals = [double or single for double, single in LITERAL.findall(match.group())]
        for index, literal in enumerate(literals):
            if CHINESE.search(literal) and not _in_both(literal) and not _has_partner(literals, index):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{named(path, line)}: no English beside {literal[:20]!r}")
    reader = _BareText()
    reader.feed(TAG.sub(_blank, text))
    return found + [f"{named(path, line)}: bare text {said[:30]!r}" for line, said in reader.found]


def _has_partner(literals: list[str], index: int) -> bool:
    """English stands beside; before it only where a page speaks of the other language."""
    return any(literal and not CHINESE.search(literal) for literal in literals[max(index - 1, 0) : index + 2])


def _in_both(text: str) -> bool:
    """Both languages in one text, or names that are the same in both."""
    words = re.findall(r"[A-Za-z]{2,}|[㐀-鿿]+", text)
    strange = [word for word in words if word not in SAME_IN_BOTH]
    return not strange or len({bool(CHINESE.match(word)) for word in strange}) == 2


def _blank(match: re.Match[str]) -> str:
    """Keep the line numbers of what stays."""
    return "\n" * match.group().count("\n")


class _BareText(HTMLParser):
    """Text and spoken attributes that did not come from a tag of the template language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "kbd", "code"}:
            self._silent += 1
        for name, value in attributes:
            if name in SAID_ATTRIBUTES:
                self._judge(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "kbd", "code"} and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._judge(data)

    def _judge(self, text: str) -> None:
        if not _in_both(text):
            self.found.append((self.getpos()[0], text.strip()))

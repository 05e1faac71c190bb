"""The house's source rules hold, and each of them notices what it is there for."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import check_templates
from tools.house import addresses, doors, languages, moments, sizes, states, tree

RULES: dict[str, Callable[[], list[str]]] = {
    "sizes": sizes.problems,
    "business time": moments.problems,
    "states": states.problems,
    "doors": doors.problems,
    "languages": languages.problems,
    "addresses": addresses.problems,
    "templates": check_templates.problems,
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_is_kept(rule: str) -> None:
    found = RULES[rule]()
    assert not found, "\n".join(found)


def noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str) -> Callable[..., list[str]]:
    """A project of one file; returns a function that asks a rule about it."""
    source = tmp_path / "src" / "shopkeeper"
    path = source / place
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(tree, "PROJECT", tmp_path)
    monkeypatch.setattr(tree, "files", lambda: (path,))

    def ask(rule: object) -> list[str]:
        for name in ("SOURCE", "PROJECT"):
            if hasattr(rule, name):
                monkeypatch.setattr(rule, name, source if name == "SOURCE" else tmp_path)
        monkeypatch.setattr(tree.python_files, "__kwdefaults__", {"under": source, "migrations": False})
        if hasattr(rule, "files"):
            monkeypatch.setattr(rule, "files", lambda: (path,))
        monkeypatch.setattr(tree, "SOURCE", source)
        return rule.problems()  # type: ignore[attr-defined,no-any-return]

    return ask


DESK = "flows/fulfilment/intake"


@pytest.mark.parametrize(
    ("rule", "place", "text"),
    [
        (sizes, f"{DESK}/rules.py", "x = 1\n" * 401),
        (sizes, f"{DESK}/rules.py", "def long():\n" + "    x = 1\n" * 60),
        (moments, f"{DESK}/commands/a.py", "from datetime import datetime\nx = datetime.now()\n"),
        (moments, f"{DESK}/commands/a.py", "from django.utils import timezone\nx = timezone.now()\n"),
        (moments, f"{DESK}/sql/a.py", "X = Statement('SELECT id FROM t WHERE due_at < now()')\n"),
        (moments, f"{DESK}/models.py", "x = DateTimeField(auto_now_add=True)\n"),
        (
            states,
            f"{DESK}/sql/a.py",
            "X = Statement('UPDATE t SET note = 1, state = 2 WHERE id = 1')\n",
        ),
        (
            states,
            f"{DESK}/sql/a.py",
            "X = 'WITH a AS (UPDATE t SET state = 1 RETURNING id) SELECT 1'\n",
        ),
        (states, f"{DESK}/commands/a.py", "Order.objects.filter(id=1).update(state='held')\n"),
        (states, f"{DESK}/commands/a.py", "order.state = 'held'\n"),
        (doors, f"{DESK}/pages.py", "from django.db import connection\n"),
        (doors, f"{DESK}/api.py", "from x import Order\nOrder.objects.all()\n"),
        (languages, f"{DESK}/pages.py", "x = T('只有中文')\n"),
        (languages, f"{DESK}/pages.py", "x = T('共 {n} 单', '{m} orders')\n"),
        (languages, f"{DESK}/pages.py", "x = T('', 'orders')\n"),
        (languages, f"{DESK}/pages.py", "x = '订单'\n"),
        (languages, f"{DESK}/templates/intake/a.html", "<h1>Orders</h1>\n"),
        (languages, f"{DESK}/templates/intake/a.html", "<a title='订单'>{% w '订单' 'Orders' %}</a>\n"),
        (languages, f"{DESK}/templates/intake/a.html", "{% w '订单' '订单' %}\n"),
        (addresses, f"{DESK}/rules.py", "x = 'ht" + "tps://registry.packages.dev/simple'\n"),
    ],
)
def test_the_rule_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: object, place: str, text: str) -> None:
    assert noticed(tmp_path, monkeypatch, place, text)(rule)


@pytest.mark.parametrize(
    ("rule", "place", "text"),
    [
        (states, f"{DESK}/sql/a.py", "X = Statement('UPDATE t SET note = 1 WHERE state = 2 RETURNING id')\n"),
        (states, f"{DESK}/sql/a.py", "X = Statement('INSERT INTO t (state) SELECT 1')\n"),
        (
            moments,
            f"{DESK}/migrations/0001.py",
            "X = 'CREATE TABLE t (recorded_at t DEFAULT now())'\n",
        ),
        (languages, f"{DESK}/pages.py", "x = T('共 {n} 单', '{n} orders')\n"),
        (languages, f"{DESK}/rules.py", "TOWNS = ('北京',)\n"),
        (languages, f"{DESK}/templates/intake/a.html", "<kbd>F2</kbd> {% w '订单' 'Orders' %} {{ n }} × 3\n"),
        (addresses, f"{DESK}/rules.py", "x = 'ht" + "tp://127.0.0.1:8000/'\n"),
    ],
)
def test_the_rule_lets_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: object, place: str, text: str
) -> None:
    assert not noticed(tmp_path, monkeypatch, place, text)(rule)


def test_no_function_hides_in_a_syntax_error() -> None:
    for path in tree.python_files(under=tree.PROJECT, migrations=True):
        ast.parse(path.read_text(encoding="utf-8"), str(path))

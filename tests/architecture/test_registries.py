"""What is registered is whole: commands, pages, deadlines, policies and models say all that they must say."""

import ast
import dataclasses
import functools
import importlib
import pkgutil
from enum import StrEnum
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.urls import get_resolver
from tools.house.tree import PROJECT, SOURCE, parsed, python_files

import shopkeeper
from shopkeeper.config.roles import permissions_of
from shopkeeper.foundation.commands import COMMANDS, Command
from shopkeeper.foundation.declared import ALL_OTHERS
from shopkeeper.sop.clauses import CLAUSES
from shopkeeper.sop.deadlines import KINDS
from shopkeeper.sop.policy import POLICY_KEYS
from shopkeeper.sop.roles import Role
from shopkeeper.web.labels import COMMON_REFUSALS, _refusals_of_any_desk, _words
from shopkeeper.web.pages import PAGES, SIGNED_IN

CLAUSES_OF_THE_PROCEDURE = 48


@functools.cache
def permissions() -> frozenset[str]:
    """Every permission any floor declares."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(shopkeeper.__path__, "shopkeeper."):
        if module.name.rsplit(".", 1)[-1] == "permissions":
            enums = vars(importlib.import_module(module.name)).values()
            found |= {str(p) for e in enums if isinstance(e, type) and issubclass(e, StrEnum) for p in e}
    return frozenset(found)


@functools.cache
def text_of_tests() -> str:
    paths = [p for p in python_files(under=PROJECT / "tests") if "architecture" not in p.parts]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@functools.cache
def pages() -> tuple[str, ...]:
    assert get_resolver().url_patterns  # registering happens where the addresses are gathered
    return tuple(PAGES)


def commands() -> list[str]:
    return sorted(COMMANDS)


def models() -> list[type]:
    return [m for m in apps.get_models() if m.__module__.startswith("shopkeeper.")]


def test_the_registries_are_not_empty() -> None:
    assert len(COMMANDS) > 20
    assert len(pages()) > 10
    assert len(models()) > 20
    assert len(CLAUSES) == CLAUSES_OF_THE_PROCEDURE


@pytest.mark.parametrize("name", commands())
def test_a_command_declares_clause_permission_and_words(name: str) -> None:
    command: Command[object] = COMMANDS[name]
    assert command.clause in CLAUSES, f"{name}: unknown clause {command.clause}"
    assert command.permission in permissions(), f"{name}: {command.permission} is declared nowhere"
    assert command.__doc__, f"{name}: no docstring"
    assert command.scope is not None
    assert dataclasses.is_dataclass(command.item), f"{name}: its item is not a dataclass"
    assert command.item.__dataclass_params__.frozen, f"{name}: its item may change"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", commands())
def test_a_command_stands_in_a_file_of_its_name_or_step(name: str) -> None:
    module = COMMANDS[name].body.__module__
    assert ".commands" in module, f"{name} stands in {module}, not in a room for commands"


@pytest.mark.parametrize("name", commands())
def test_a_command_is_tested(name: str) -> None:
    assert name in text_of_tests(), f"no test speaks of {name}"


@pytest.mark.parametrize("name", commands())
def test_somebody_may_give_the_command(name: str) -> None:
    command = COMMANDS[name]
    holders = [role for role in Role if command.permission in permissions_of([role])]
    assert command.internal or holders, f"no role holds {command.permission}"


def test_every_page_declares_clause_and_permission() -> None:
    wrong = [
        f"{page.name}: {page.clause} {page.permission}"
        for page in map(PAGES.__getitem__, pages())
        if page.clause not in CLAUSES or page.permission not in permissions() | {SIGNED_IN}
    ]
    assert not wrong


def test_every_deadline_knows_its_clause_and_what_happens() -> None:
    for kind in KINDS.values():
        assert kind.clause in CLAUSES, kind.name
        if kind.role is not None:
            assert kind.title.zh, f"{kind.name}: work without a title"
        if kind.on_due:
            assert kind.on_due in COMMANDS, f"{kind.name}: there is no command {kind.on_due}"
            fields = dataclasses.fields(COMMANDS[kind.on_due].item)
            # The sweeper calls it with the subject alone.
            assert all(f.default is not dataclasses.MISSING for f in fields[1:]), kind.name


def test_every_policy_key_has_clause_bounds_and_a_valid_default() -> None:
    for key in POLICY_KEYS.values():
        assert key.clause in CLAUSES, key.name
        assert key.check(key.default) == key.default
        if isinstance(key.default, int) and not isinstance(key.default, bool):
            assert key.min is not None, f"{key.name} has no lower bound"
            assert key.max is not None, f"{key.name} has no upper bound"


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_a_model_says_of_every_field_whether_it_is_personal(model: type) -> None:
    fields = {field.name for field in model._meta.get_fields() if not field.auto_created}  # type: ignore[attr-defined]
    personal = getattr(model, "personal", None)
    harmless = getattr(model, "harmless", None)
    assert personal is not None, f"{model.__name__} does not say what is personal"
    assert harmless is not None, f"{model.__name__} does not say what is harmless"
    assert set(personal) <= fields, f"{model.__name__}: {set(personal) - fields} are no fields"
    if harmless is not ALL_OTHERS:
        keys = {field.name for field in model._meta.get_fields() if getattr(field, "primary_key", False)}  # type: ignore[attr-defined]
        assert set(personal) | set(harmless) >= fields - keys
        assert not set(personal) & set(harmless)


def test_every_refusal_has_words() -> None:
    """Codes are found in the source: refused("code") and BusinessError("code")."""
    worded = set(_refusals_of_any_desk())
    missing = []
    for path in python_files():
        if path.is_relative_to(SOURCE / "simulator"):
            continue  # sandboxes refuse in the outside systems' own words
        for node in ast.walk(parsed(path)):
            code = _refusal_code(node)
            if code and code not in worded:
                missing.append(f"{path.relative_to(SOURCE)}:{node.lineno}: {code}")  # type: ignore[attr-defined]
    assert not missing, "\n".join(missing)


def test_a_page_says_whose_words_it_means() -> None:
    """A code that two desks word differently is never looked up without the desk that says it."""
    wordings: dict[str, set[tuple[str, str]]] = {}
    for words in _words()[1].values():
        for code, text in words.items():
            wordings.setdefault(code, set()).add((text.zh, text.en))
    doubtful = []
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refusal_text"):
                continue
            first = node.args[0]
            code = str(first.value) if isinstance(first, ast.Constant) and len(node.args) == 1 else ""
            if code not in COMMON_REFUSALS and len(wordings.get(code, ())) > 1:
                doubtful.append(f"{path.relative_to(SOURCE)}:{node.lineno}: {code}")
    assert not doubtful, "\n".join(doubtful)


def _refusal_code(node: ast.AST) -> str:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return ""
    first = node.args[0]
    if node.func.id in {"refused", "BusinessError"} and isinstance(first, ast.Constant):
        return str(first.value)
    return ""


def test_every_desk_has_its_words() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("shopkeeper.flows."):
            assert find_spec(f"{config.name}.words"), f"{config.name} has no words.py"

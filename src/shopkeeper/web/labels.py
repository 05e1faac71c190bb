"""Labels of states and words of refusals, gathered from the `words` room of every desk."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.apps import apps

from shopkeeper.shared.errors import BusinessError
from shopkeeper.shared.outcomes import Outcome
from shopkeeper.shared.words import COUNTING, Language, T

Tone = Literal["grey", "blue", "amber", "green", "red"]


@dataclass(frozen=True, slots=True)
class Label:
    """The one word of a state and the tone of its dot."""

    text: T
    tone: Tone = "grey"


COMMON_REFUSALS: dict[str, T] = {
    "not_allowed": T(
        "你没有这项权限（{permission}）。需要时请找主管开通。",
        "You lack the permission {permission}. Ask your supervisor for it.",
    ),
    "not_found": T(
        "没有找到，或不在你负责的店铺和仓库里。请核对编号。",
        "Not found, or outside your shops and warehouses. Check the number.",
    ),
    "bad_data": T(
        "数据不合规则（{constraint}），没有保存。请核对后再试。",
        "The data break the rule {constraint} and were not saved. Check them and try again.",
    ),
    "in_progress": T("同样的请求正在处理，请稍候。", "The same request is being worked on; wait a moment."),
    "bad_scan": T("这次扫描读不出来，请再扫一次。", "This scan could not be read. Scan it again."),
    "key_reused": T(
        "这张表单已用于另一次提交，请刷新页面后再试。",
        "This form was already used for another submission. Reload the page and try again.",
    ),
}


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, dict[str, Label]], dict[str, dict[str, T]]]:
    """All labels by family (name of the enum) and value, and all refusals by desk and code."""
    labels: dict[str, dict[str, Label]] = {}
    refusals: dict[str, dict[str, T]] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.words"
        if not config.name.startswith("shopkeeper.") or find_spec(name) is None:
            continue
        words = import_module(name)
        families: dict[type[StrEnum], dict[Any, Label]] = getattr(words, "LABELS", {})
        for family, entries in families.items():
            labels.setdefault(family.__name__, {}).update({str(k): v for k, v in entries.items()})
        refusals[config.name.rsplit(".", 1)[-1]] = getattr(words, "REFUSALS", {})
    return labels, refusals


@lru_cache(maxsize=1)
def _refusals_of_any_desk() -> dict[str, T]:
    """One wording for each code: what is common goes before what a desk says of its own work."""
    desks = _words()[1]
    ordered = [*(words for desk, words in desks.items() if desk != "sop"), desks["sop"], COMMON_REFUSALS]
    return {code: words for some in ordered for code, words in some.items()}


def label_of(value: Any, family: str = "") -> Label:
    """The label of a state; a value nobody has worded shows as itself."""
    if isinstance(value, Label):
        return value
    family = family or (type(value).__name__ if isinstance(value, StrEnum) else "")
    return _words()[0].get(family, {}).get(str(value)) or Label(T(str(value), str(value)))


def refusal_words(code: str, said_by: str = "") -> T | None:
    """A refusal's words: those of the desk that said it, else the common ones, else any desk's."""
    return _words()[1].get(said_by, {}).get(code) or _refusals_of_any_desk().get(code)


def refusal_text(code: str, said_by: str = "", **facts: Any) -> T:
    """What happened, why and what to do now, for a coded reason, in both languages."""
    words = refusal_words(code, said_by) or T(f"被拒绝：{code}", f"Refused: {code}")
    return T(_filled(words.zh, facts, "zh"), _filled(words.en, facts, "en"))


def _filled(pattern: str, facts: dict[str, Any], language: Language) -> str:
    """Fill in facts; states are spoken in the language, a fact that is missing shows as a dash."""
    spoken = {
        name: label_of(value).text.text(language) if isinstance(value, StrEnum) else value
        for name, value in facts.items()
    }
    return COUNTING.vformat(pattern, (), defaultdict(lambda: "–", spoken))


def failure_text(result: Mapping[str, Any], said_by: str) -> str:
    """Why a job in the background failed, from what it left behind."""
    return refusal_text(str(result.get("error", "unexpected")), said_by, **result.get("facts", {})).text()


def outcome_text(outcome: Outcome) -> str:
    return refusal_text(outcome.code, outcome.said_by, **outcome.facts).text()


def error_text(error: BusinessError, said_by: str = "") -> str:
    return refusal_text(error.code, said_by, **error.facts).text()

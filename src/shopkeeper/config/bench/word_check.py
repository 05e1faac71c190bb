"""The word check over five thousand terms: the automaton alone, the whole check, and a plain regex beside them."""

import random
import re
import time
from collections.abc import Callable, Sequence

from shopkeeper.config.bench.result import Measured
from shopkeeper.flows.products.publishing.rules.findings import Granted, word_findings
from shopkeeper.flows.products.publishing.rules.folding import fold
from shopkeeper.flows.products.publishing.rules.word_list import Term, WordList

TERMS = 5_000
EXEMPT = 200
TEXTS = 400
AUTOMATON_MB_S = 20.0
WHOLE_MB_S = 2.0
SECONDS = 1.5
_SYLLABLES = "最佳顶级国家第一首选唯绝对治疗杀菌纯天然专利原价免单转运辟邪吊打完爆返现刷单美白祛斑保本稳赚解酒祖传秘方"
_PLAIN = (
    "这款保温杯采用食品级不锈钢内胆双层真空隔热保温时间长适合办公室户外露营学生上课使用杯口圆润不伤嘴杯盖密封"
    "不漏水杯身磨砂手感好多种颜色可选容量从三百五十毫升到一升送杯刷和杯套支持七天无理由退货两年质保"
)


def terms(rng: random.Random) -> list[Term]:
    """Made-up terms of two to six characters, every tenth one harmless, scoped as real ones are."""
    found: dict[str, Term] = {}
    while len(found) < TERMS:
        text = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 6)))
        severity = "allow" if len(found) % 10 == 9 else "block" if len(found) % 3 else "warn"
        category = "美妆|护肤" if len(found) % 17 == 0 else ""
        found[text] = Term(text, severity, "absolute", category=category)
    return list(found.values())


def texts(rng: random.Random, words: Sequence[Term]) -> list[str]:
    """Descriptions of about a thousand characters with a listed word now and then, some of them disguised."""
    made = []
    for _ in range(TEXTS):
        parts = []
        for _ in range(8):
            start = rng.randrange(len(_PLAIN) - 40)
            parts.append((_PLAIN[start:] + _PLAIN[:start])[:120] + "，")
        word = rng.choice(words).text
        parts.insert(4, word if rng.random() < 0.5 else "·".join(word))
        made.append("".join(parts))
    return made


def _rate(run: Callable[[], object], size: int) -> float:
    """Megabytes of UTF-8 a second, over at least the seconds given."""
    run()
    started, rounds = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        run()
        rounds += 1
    return rounds * size / (time.perf_counter() - started) / 1e6


def measure() -> Sequence[Measured]:
    """One core, in process. The regex alternates the same terms, longest first, over the same folded texts."""
    rng = random.Random(7)  # noqa: S311
    listed = terms(rng)
    said = texts(rng, listed)
    words = WordList(listed)
    folded = [fold(text) for text in said]
    size = sum(len(text.encode()) for text in said)
    automaton = words.automaton
    assert automaton is not None
    granted = [Granted(n, fold(term.text)) for n, term in enumerate(listed[:EXEMPT])]
    plain = re.compile("|".join(sorted(map(re.escape, words.patterns), key=len, reverse=True)))
    alone = _rate(lambda: [automaton.find_matches_as_indexes(text, overlapping=True) for text in folded], size)
    whole = _rate(
        lambda: [word_findings(words, {"description": text}, "家居", ("taobao",), granted) for text in said], size
    )
    regex = _rate(lambda: [plain.findall(text) for text in folded[:4]], sum(len(t.encode()) for t in said[:4]))
    return [
        Measured("words_automaton", alone, "MB/s, one core", AUTOMATON_MB_S, "promised", alone >= AUTOMATON_MB_S),
        Measured("words_automaton_by_regex", alone, "MB/s", regex, "regex alternation, same terms", alone > regex),
        Measured(
            "words_whole_check",
            whole,
            "MB/s with folding, scopes and exemptions",
            WHOLE_MB_S,
            "promised",
            whole >= WHOLE_MB_S,
        ),
    ]

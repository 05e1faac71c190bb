"""S1.2: what a customer's words are about, with the words that say so; and what a correction teaches.

Each listed word gives points to a type; corrections add or take points (the learned weights). Longer words speak
for themselves: a word inside a longer one that was found is not counted again.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopkeeper.flows.service.tickets.states import Stage, TicketKind

LEARNED_MOST = 12  # so that no crowd of corrections outshouts the word itself for ever
LEARN_STEP = 2
TEXT_LONGEST = 2_000

_LISTED: dict[TicketKind, dict[int, str]] = {
    TicketKind.PRODUCT: {
        3: "材质 面料 成分 功效 保质期 产地 怎么用 用法 说明书 正品 有货 现货 参数 材料 起球 缩水 "
        "material fabric ingredient ingredients authentic how+to+use manual in+stock waterproof",
        2: "推荐 适合 区别 颜色 款式 recommend suitable difference colour color",
    },
    TicketKind.SIZE: {
        3: "尺码 尺寸 码数 大小 偏大 偏小 身高 体重 多大码 选码 size sizing too+small too+big measurements",
        2: "太大 太小 合身 穿 腰围 胸围 fit fits",
    },
    TicketKind.PRICE: {
        3: "优惠 优惠券 满减 降价 保价 价保 差价 便宜 打折 折扣 赠品 活动 discount coupon voucher price+match cheaper "
        "promotion price",
        2: "价格 多少钱 贵 红包 expensive cost",
    },
    TicketKind.SHIPPING: {
        4: "什么时候发货 催发货 还不发货 多久发货 几天发货 未发货 尽快发货 not+shipped when+ship ship+today",
        3: "发货 dispatch dispatched",
    },
    TicketKind.LOGISTICS: {
        3: "物流 快递 派送 配送 到哪 没收到 未收到 丢件 丢失 驿站 运单 单号 停滞 不更新 签收 没到 tracking courier "
        "delivery parcel package not+received where+is lost+parcel delivered",
        2: "到货 送到 多久到 几天到 arrive arrived",
    },
    TicketKind.ADDRESS_CHANGE: {
        5: "改地址 修改地址 换地址 地址错 地址写错 地址填错 改电话 改收货 change+address change+the+address "
        "wrong+address new+address",
        2: "地址 收货人 address",
    },
    TicketKind.CANCEL: {
        5: "取消订单 不想要了 不要了 拍错 买错 下错单 重复下单 cancel+order cancel+my+order cancel+the+order",
        3: "取消 撤单 cancel",
    },
    TicketKind.RETURN_EXCHANGE: {
        4: "退货 换货 退换 退款 七天无理由 无理由 退回 换一件 换个 return refund exchange replacement",
        2: "退 换 运费险 send+back",
    },
    TicketKind.QUALITY: {
        4: "质量 破损 坏了 破了 瑕疵 开线 脱线 掉色 褪色 异味 有味 变质 过期 划痕 裂 漏液 少发 漏发 错发 发错 假货 "
        "broken damaged defect defective faulty quality wrong+item missing+item fake scratch",
        2: "问题 不能用 用不了 does+not+work stopped+working",
    },
    TicketKind.INVOICE: {
        5: "发票 开票 专票 普票 税号 抬头 报销 invoice vat tax+number",
    },
    TicketKind.COMPLAINT: {
        4: "投诉 差评 举报 12315 消协 骗子 态度 欺骗 complaint complain scam terrible rude",
        2: "垃圾 太差 失望 disappointed",
    },
}  # fmt: skip

# What is likelier at a stage when the words alone do not decide.
_LIKELIER: dict[Stage, frozenset[TicketKind]] = {
    Stage.PRE_SALE: frozenset({TicketKind.PRODUCT, TicketKind.SIZE, TicketKind.PRICE}),
    Stage.IN_SALE: frozenset({TicketKind.SHIPPING, TicketKind.LOGISTICS, TicketKind.ADDRESS_CHANGE, TicketKind.CANCEL}),
    Stage.AFTER_SALE: frozenset({TicketKind.RETURN_EXCHANGE, TicketKind.QUALITY}),
}


def _listed() -> dict[str, dict[str, int]]:
    """Word → {type: points}; '+' in the list stands for a blank."""
    words: dict[str, dict[str, int]] = defaultdict(dict)
    for kind, by_points in _LISTED.items():
        for points, text in by_points.items():
            for word in text.split():
                words[word.replace("+", " ")][kind] = points
    return dict(words)


WORDS: dict[str, dict[str, int]] = _listed()
_LATIN = [word for word in WORDS if word.isascii()]
_HAN = [word for word in WORDS if not word.isascii()]


def _pattern(words: Sequence[str], edge: str) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(edge + "(" + "|".join(map(re.escape, longest_first)) + ")" + edge)


_FIND_LATIN = _pattern(_LATIN, r"\b")
_FIND_HAN = _pattern(_HAN, "")
Weights = Mapping[tuple[str, str], int]  # (word, type) → learned points


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type with the words that speak for it, and every listed word that was seen."""

    kind: TicketKind
    words: tuple[str, ...]
    score: int
    features: tuple[str, ...]


def features_of(text: str) -> tuple[str, ...]:
    """The listed words in a text, each once, in order of appearance; the longest wins where they overlap."""
    text = text[:TEXT_LONGEST].casefold()
    found = [(match.start(), match[1]) for find in (_FIND_HAN, _FIND_LATIN) for match in find.finditer(text)]
    return tuple(dict.fromkeys(word for _, word in sorted(found)))


def suggest(text: str, stage: str, learned: Weights) -> Suggestion:
    """The likeliest type; without a word that says anything it is `other`."""
    features = features_of(text)
    scores: dict[str, int] = defaultdict(int)
    by_kind: dict[str, list[str]] = defaultdict(list)
    for word in features:
        for kind in TicketKind:
            points = WORDS[word].get(kind, 0) + learned.get((word, kind), 0)
            scores[kind] += points
            if points > 0:
                by_kind[kind].append(word)
    likelier = _LIKELIER[Stage(stage)]
    ranked = sorted(TicketKind, key=lambda kind: (-scores[kind], kind not in likelier, list(TicketKind).index(kind)))
    best = ranked[0]
    if scores[best] <= 0:
        return Suggestion(TicketKind.OTHER, (), 0, features)
    return Suggestion(best, tuple(by_kind[best]), scores[best], features)


def lessons(features: Sequence[str], suggested: str, corrected: str) -> dict[tuple[str, str], int]:
    """What a correction teaches: the words seen speak more for the right type, and less for the wrong one."""
    if suggested == corrected:
        return {}
    taught: dict[tuple[str, str], int] = {}
    for word in features:
        taught[word, corrected] = LEARN_STEP
        if suggested in WORDS.get(word, {}):
            taught[word, suggested] = -LEARN_STEP
    return taught


def language_of(text: str) -> str:
    """'zh' where any Chinese character stands, else 'en'; nothing written counts as Chinese."""
    return "zh" if not text.strip() or re.search(r"[\u3400-\u9fff]", text) else "en"

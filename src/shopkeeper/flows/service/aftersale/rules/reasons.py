"""Which reason a buyer's words speak of; the words that were found are shown to whoever decides."""

from dataclasses import dataclass

from shopkeeper.flows.service.aftersale.states import Reason

# In the order they are looked for: the weightier reason first.
SIGNS: tuple[tuple[Reason, str], ...] = (
    (Reason.DAMAGED, "破损 碎了 压坏 摔坏 漏液 包装破 damaged broken crushed leaking"),
    (Reason.WRONG_OR_MISSING, "少件 漏发 错发 发错 少发 缺件 空包 与订单不符 missing wrong"),
    (Reason.QUALITY, "质量 瑕疵 开线 掉色 起球 不能用 坏的 有味 假货 描述不符 材质 defect faulty quality"),
    (Reason.LATE, "未按约定时间发货 发货慢 太慢 延迟 没收到 未收到货 delayed late"),
    (Reason.PRICE_PROTECTION, "价保 降价 差价 买贵 cheaper"),
    (Reason.NO_REASON, "七天 7天 无理由 不喜欢 不想要 拍错 多拍 不合适 尺码 unwanted"),
)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A reason and the words it was read from; no words: nothing was recognised."""

    reason: Reason
    words: tuple[str, ...] = ()


def reason_of(text: str) -> Suggested:
    """The reason a text speaks of; without any sign, the seven days without reason."""
    low = text.lower()
    for reason, signs in SIGNS:
        found = tuple(sign for sign in signs.split() if sign in low)
        if found:
            return Suggested(reason, found)
    return Suggested(Reason.NO_REASON)

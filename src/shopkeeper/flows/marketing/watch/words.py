"""Words of the watch: states, sources, actions, benchmarks, refusals."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from shopkeeper.flows.marketing.watch.rules.benchmarks import OWN_MEDIAN
from shopkeeper.flows.marketing.watch.states import (
    ActionKind,
    AlertKind,
    AlertState,
    CallState,
    PresaleState,
    SheetState,
    TrafficSource,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    TrafficSource: {
        TrafficSource.TYPED: Label(T("手工填写", "Typed"), "grey"),
        TrafficSource.PASTED: Label(T("粘贴表格", "Pasted"), "grey"),
        TrafficSource.FILE: Label(T("平台导出", "Platform export"), "blue"),
        TrafficSource.COLLECTOR: Label(T("自有采集", "Own collector"), "green"),
    },
    SheetState: {
        SheetState.OPEN: Label(T("待签字", "To sign"), "amber"),
        SheetState.SIGNED: Label(T("已签字", "Signed"), "green"),
    },
    AlertKind: {
        AlertKind.CONVERSION_LOW: Label(T("转化偏低", "Low conversion"), "amber"),
        AlertKind.STOCK_LOW: Label(T("库存告急", "Stock running out"), "red"),
    },
    AlertState: {
        AlertState.OPEN: Label(T("待处理", "To answer"), "red"),
        AlertState.ACTED: Label(T("已采取措施", "Acted on"), "blue"),
        AlertState.DISMISSED: Label(T("已忽略", "Dismissed"), "grey"),
        AlertState.LIFTED: Label(T("已解除", "Lifted"), "green"),
    },
    ActionKind: {
        ActionKind.CHANGE_COPY: Label(T("改文案", "Change copy"), "blue"),
        ActionKind.ADD_SLOT: Label(T("加资源位", "Add a slot"), "blue"),
        ActionKind.URGENT_RESTOCK: Label(T("紧急补货", "Urgent restock"), "amber"),
        ActionKind.PRESALE: Label(T("转预售", "Presale"), "amber"),
        ActionKind.PAUSE_RULE: Label(T("暂停促销", "Pause a promotion"), "red"),
        ActionKind.RAISE_BUDGET: Label(T("追加预算", "Raise the budget"), "blue"),
    },
    CallState: {
        CallState.ASKED: Label(T("待答复", "To answer"), "amber"),
        CallState.PROMISED: Label(T("已定到货", "Coming"), "blue"),
        CallState.CANNOT: Label(T("无法补货", "None to be had"), "red"),
        CallState.ARRIVED: Label(T("已到货", "Arrived"), "green"),
        CallState.ENDED: Label(T("活动已结束", "Campaign over"), "grey"),
    },
    PresaleState: {
        PresaleState.PROPOSED: Label(T("建议预售", "Proposed"), "amber"),
        PresaleState.ON: Label(T("预售中", "On presale"), "blue"),
        PresaleState.DECLINED: Label(T("未采用", "Declined"), "grey"),
        PresaleState.ENDED: Label(T("已结束", "Ended"), "grey"),
    },
}
REASONS: dict[str, T] = {
    "fine_again": T("指标已恢复", "Fine again"),
    "campaign_ended": T("活动已结束", "The campaign ended"),
    "restock_in_time": T("补货赶得上", "Pieces come in time"),
}
_OWN = T("本店同时段中位数", "Own median of this hour of the week")


def benchmark_words(name: str) -> T:
    """Whose conversion it is: the own median, or the name somebody gave."""
    return _OWN if name == OWN_MEDIAN else T(name, name)


def reason_words(reason: str) -> T:
    """A reason that the system gave in words, or what a person wrote."""
    return REASONS.get(reason) or T(reason, reason)


def percent(bp: int | None) -> str:
    """325 as 3.25%; a dash where nothing stands behind it."""
    return "–" if bp is None else f"{bp / 100:.2f}%"


def span(minutes: int | None) -> T:
    """A length of time as people say it."""
    if minutes is None:
        return T("–", "–")
    hours, rest = divmod(minutes, 60)
    if hours >= 72:
        return T(f"{hours // 24} 天", f"{hours // 24} days")
    return T(f"{hours} 小时 {rest} 分", f"{hours} h {rest} min") if hours else T(f"{rest} 分钟", f"{rest} min")


def arithmetic(kind: str, facts: Mapping[str, Any]) -> list[T]:
    """Why an alert stands, line by line: what was measured, and what it was compared with."""
    return _stock(facts) if kind == AlertKind.STOCK_LOW else _conversion(facts)


def _whose(one: Mapping[str, Any]) -> T:
    """The hour, and that buyers and visitors are the whole shop's where nobody told the campaign's own."""
    return (
        T(f"{one['shown']}（全店）", f"{one['shown']} (whole shop)")
        if one.get("is_shops")
        else T(one["shown"], one["shown"])
    )


def _conversion(facts: Mapping[str, Any]) -> list[T]:
    lines = [
        T(
            "{hour}：支付买家 {b} ÷ 访客 {v} = {c}",
            "{hour}: {b:# paying buyer|# paying buyers} ÷ {v:# visitor|# visitors} = {c}",
        ).format(hour=_whose(one), b=one["buyers"], v=one["visitors"], c=percent(one["conversion_bp"]))
        for one in reversed(facts["hours"])
    ]
    if facts["target_bp"]:
        lines.append(T("方案目标转化 {t}", "The plan's own target {t}").format(t=percent(facts["target_bp"])))
    if facts["benchmark_bp"]:
        limit = facts["benchmark_bp"] * facts["share_bp"] // 10_000
        whose, share = benchmark_words(facts["benchmark_name"]), f"{facts['share_bp'] / 100:g}%"
        lines.append(
            T(
                f"基准：{whose.zh} {percent(facts['benchmark_bp'])} × {share} = {percent(limit)}",
                f"Benchmark: {whose.en} {percent(facts['benchmark_bp'])} × {share} = {percent(limit)}",
            )
        )
    return [
        *lines,
        T(
            "连续 {n} 小时偏低，每小时访客不少于 {base}",
            "Low for {n:# hour|# hours in a row, each} with at least {base:# visitor|# visitors}",
        ).format(n=len(facts["hours"]), base=facts["least_visitors"]),
    ]


def _stock(facts: Mapping[str, Any]) -> list[T]:
    sold, hours = sum(facts["sold"]), len(facts["sold"])
    to_end, least = span(facts["minutes_to_end"]), span(facts["least_minutes"])
    if facts["left"] <= 0:
        lines = [T("可售库存 0 件：已售罄", "0 pieces left to sell: sold out")]
    else:
        left = span(facts["minutes_left"])
        pace = f"{sold / hours:.1f}"
        lines = [
            T(
                f"可售 {{n}} 件 ÷ 近 {hours} 小时平均每小时 {pace} 件 = 还能卖 {left.zh}",
                f"{{n:# piece|# pieces}} left ÷ {pace} an hour over {hours} h = {left.en} left",
            ).format(n=facts["left"])
        ]
    return [
        *lines,
        T(
            f"预警线：{least.zh}；距活动结束 {to_end.zh}",
            f"Alert below {least.en}; {to_end.en} to the campaign's end",
        ),
        T("按此速度到结束还差 {n} 件", "At this pace {n:# more piece is|# more pieces are} needed to the end").format(
            n=facts["needed"]
        ),
    ]


REFUSALS: dict[str, T] = {
    "hour_not_whole": T(
        "时间要从整点开始，例如 2026-06-18 14:00。", "The hour begins at a full hour, for example 2026-06-18 14:00."
    ),
    "hour_not_begun": T("这个小时还没开始，不能登记。", "This hour has not begun; it cannot be recorded yet."),
    "hour_too_old": T("最多补登 {days} 天前的流量。", "Traffic can be recorded at most {days:# day|# days} back."),
    "clicks_over_exposures": T(
        "点击不能多于曝光，请核对两列是否填反。",
        "Clicks cannot exceed exposures; check whether the columns are swapped.",
    ),
    "collector_is_systems": T(
        "“自有采集”由系统写入，请改选其他来源。", "The own collector writes by itself; choose another source."
    ),
    "day_signed": T("这一天的监控表已签字，数据不能再改。", "This day's record is signed; its figures change no more."),
    "correction_reason_needed": T(
        "这个小时已登记访客 {visitors}，要改请写明原因。",
        "{visitors:# visitor is|# visitors are} on record for this hour; say why you change it.",
    ),
    "benchmark_name_needed": T(
        "请写明基准是谁的，例如“同行同层平均”。", "Say whose figure it is, for example “peers of our tier”."
    ),
    "sheet_not_over": T(
        "{day} 还没有结束（或最后一小时还没结算），结束后再签。",
        "{day} is not over yet; sign after its last hour closed.",
    ),
    "own_sheet": T(
        "这一天有你登记的数据，请另一位同事核对签字。",
        "You recorded part of this day; somebody else looks it through and signs.",
    ),
    "sheet_has_gaps": T(
        "有 {gaps} 个小时没有流量数据。请先补登，或写明原因再签。",
        "{gaps:# hour is without traffic. Record it|# hours are without traffic. Record them}, or say why you sign all the same.",
    ),
    "alert_over": T("该预警已忽略或已解除。", "This alert was dismissed or lifted."),
    "action_unfit": T("这项措施不适用于该类预警。", "This action does not fit this kind of alert."),
    "campaign_not_live": T("活动已不在进行中。", "The campaign is not live any more."),
    "what_needed": T("请写明要改成什么。", "Say what the words should become."),
    "rule_of_other_campaign": T("该促销不属于这个活动。", "This promotion is not one of the campaign's."),
    "item_of_other_campaign": T("该预算项不属于这个活动。", "This budget item is not one of the campaign's."),
    "call_over": T("该补货已到货或活动已结束。", "The pieces arrived, or the campaign is over."),
    "arrival_not_ahead": T("到货时间要在现在之后。", "The time of arrival must lie ahead."),
    "arrival_half_said": T(
        "请同时填写到货时间和数量；无法补货时两项都留空并说明原因。",
        "Give both time and pieces; where none can be had leave both empty and say why.",
    ),
    "restock_note_needed": T("请写明为什么补不了货。", "Say why none can be had."),
    "presale_too_long": T(
        "预售发货最长 {days} 天，请缩短。", "A presale ships within {days:# day|# days} at most; choose fewer."
    ),
    "presale_on": T("该商品已在预售中。", "This SKU is on presale already."),
}

"""Words of research, strategy and selection: states, criteria, refusals."""

from enum import StrEnum

from shopkeeper.flows.products.research.rules.reasons import Reasons
from shopkeeper.flows.products.research.states import (
    Criterion,
    Decision,
    ListState,
    ResearchKind,
    StrategyState,
)
from shopkeeper.shared.words import T
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    ResearchKind: {
        ResearchKind.KEYWORD: Label(T("关键词", "Keywords"), "blue"),
        ResearchKind.COMPETITOR: Label(T("竞品", "Competitors"), "blue"),
        ResearchKind.CATEGORY: Label(T("类目趋势", "Category trend"), "blue"),
    },
    StrategyState: {
        StrategyState.DRAFT: Label(T("草稿", "Draft"), "grey"),
        StrategyState.SUBMITTED: Label(T("待审批", "To decide"), "amber"),
        StrategyState.APPROVED: Label(T("生效中", "In force"), "green"),
        StrategyState.RETURNED: Label(T("已退回", "Returned"), "red"),
        StrategyState.REPLACED: Label(T("已被取代", "Replaced"), "grey"),
    },
    ListState: {
        ListState.DRAFT: Label(T("草稿", "Draft"), "grey"),
        ListState.SUBMITTED: Label(T("待审批", "To decide"), "amber"),
        ListState.APPROVED: Label(T("已批准", "Approved"), "green"),
        ListState.RETURNED: Label(T("已退回", "Returned"), "red"),
    },
    Decision: {
        Decision.TAKE: Label(T("入选", "Taken"), "green"),
        Decision.LEAVE: Label(T("不选", "Left out"), "grey"),
    },
    Criterion: {
        Criterion.TARGET_SHARE: Label(T("目标销售占比", "Share of target"), "blue"),
        Criterion.TURNOVER: Label(T("周转天数", "Turnover days"), "blue"),
        Criterion.POSITIONING: Label(T("定位契合", "Positioning"), "blue"),
        Criterion.DEMAND: Label(T("需求热度", "Demand"), "blue"),
        Criterion.GROWTH: Label(T("增长", "Growth"), "blue"),
        Criterion.PRICE_BAND: Label(T("价格带", "Price band"), "blue"),
        Criterion.MARGIN: Label(T("毛利率", "Margin"), "blue"),
    },
}
# How a component's value is shown: basis points as per cent, minor units as money, the rest as a number.
VALUE_KINDS: dict[str, str] = {
    Criterion.TARGET_SHARE: "rate",
    Criterion.TURNOVER: "days",
    Criterion.POSITIONING: "number",
    Criterion.DEMAND: "number",
    Criterion.GROWTH: "rate",
    Criterion.PRICE_BAND: "money",
    Criterion.MARGIN: "rate",
}
REASON_WORDS = {
    "strong": T("强项：{what}", "Strong: {what}"),
    "weak": T("弱项：{what}", "Weak: {what}"),
    "unknown": T("未知（计零分）：{what}", "Not known, scores nothing: {what}"),
}
REFUSALS: dict[str, T] = {
    "source_needed": T("请写明数据来源，例如“生意参谋 搜索分析”。", "Name the source, for example the tool's name."),
    "period_backwards": T("统计期结束早于开始，请改正日期。", "The period ends before it begins. Correct the dates."),
    "research_empty": T("没有可用的行。请核对列名或内容。", "There is no usable line. Check headings and content."),
    "research_too_long": T("一次最多 {most} 行，请拆分文件。", "At most {most} lines at once. Split the file."),
    "categories_needed": T("至少写一个目标类目。", "Name at least one target category."),
    "price_band_backwards": T(
        "价格带上限低于下限，请改正。", "The upper end of the price band is below the lower. Correct it."
    ),
    "strategy_not_editable": T(
        "策略已提交或生效，不能再改。需要调整时请新建一份。",
        "The strategy is handed in or in force. Write a new one to change course.",
    ),
    "strategy_decided": T("策略不在待审批状态。", "The strategy does not wait for a decision."),
    "own_work": T(
        "不能审批自己起草或提交的内容，请由另一位同事审批。",
        "You made or submitted this. A colleague has to decide on it.",
    ),
    "amount_negative": T("金额、销量和天数不能为负。", "Amounts, sales and days cannot be negative."),
    "positioning_out_of_bounds": T("定位契合度填 0 到 100。", "Fit with the positioning is 0 to 100."),
    "candidate_drafted": T(
        "该候选已建成商品草稿，请在商品里修改。", "This candidate is a draft product already; change it there."
    ),
    "candidate_dropped": T("该候选已放弃。请换一个编码重新提出。", "This candidate was dropped. Use another code."),
    "candidate_not_approved": T(
        "候选还没有在已批准的选品清单里入选。", "No approved selection list takes this candidate yet."
    ),
    "target_not_positive": T("销售目标要大于 0。", "The sales target must be above nought."),
    "weights_all_nought": T("至少一项权重要大于 0。", "At least one weight must be above nought."),
    "strategy_missing": T(
        "还没有生效的选品策略。请先起草并审批一份。", "No strategy is in force. Write one and have it approved first."
    ),
    "candidates_missing": T("没有待评分的候选。请先录入或导入。", "There are no open candidates. Add some first."),
    "list_decided": T("清单不在可处理的状态。", "The list is not in a state for this."),
    "nothing_taken": T(
        "全部不选等于退回，请选择退回并写明原因。", "Leaving all out is returning the list: return it with the reason."
    ),
    "not_on_list": T("有候选不在这份清单里，请刷新页面。", "A candidate is not on this list. Reload the page."),
    "figure_unreadable": T("第 {line} 行「{column}」读不懂：{text}", "Line {line}, “{column}” cannot be read: {text}"),
    "name_missing": T("第 {line} 行没有名称", "Line {line} has no name"),
}


def said(why: Reasons) -> str:
    """Strong, weak and unknown components in one sentence."""
    groups = (("strong", why.strong), ("weak", why.weak), ("unknown", why.unknown))
    labels = LABELS[Criterion]
    joint = T("、", ", ").text()
    told = [
        REASON_WORDS[name].format(what=joint.join(str(labels[c].text) for c in found)).text()
        for name, found in groups
        if found
    ]
    return T("；", "; ").text().join(told)

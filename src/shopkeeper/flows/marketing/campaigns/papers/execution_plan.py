"""《活动执行方案》 on paper: everything the procedure names, worded, with how its figures come about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shopkeeper.foundation.documents.typst import render_pdf
from shopkeeper.shared.words import T, active_language

TEMPLATE = Path(__file__).with_suffix(".typ")
NOTHING = "–"
WORDS = {
    "title": T("活动执行方案", "Campaign execution plan"),
    "goals": T("目标与预测", "Goals and forecast"),
    "force": T("力度与规则", "Force and rules"),
    "goods": T("商品与备货", "Goods and stock"),
    "audience": T("目标人群", "Audience"),
    "channels": T("推广渠道", "Channels"),
    "budget": T("预算", "Budget"),
    "slots": T("资源位", "Slots"),
    "materials": T("素材", "Materials"),
    "tasks": T("任务分工", "Tasks"),
    "risks": T("风险预案", "Risks"),
    "arithmetic": T("怎么算的", "How this is computed"),
    "sku": T("编码", "Code"),
    "name": T("商品", "Goods"),
    "pieces": T("备货", "Pieces"),
    "free": T("可售", "Free"),
    "price": T("活动价", "Price"),
    "worst": T("最低到手", "At worst"),
    "cost": T("成本", "Cost"),
    "margin": T("毛利", "Margin"),
    "item": T("项目", "Item"),
    "planned": T("预算", "Planned"),
    "spent": T("已花", "Spent"),
    "place": T("位置", "Place"),
    "time": T("时间", "Time"),
    "by": T("申请截止", "Apply by"),
    "state": T("状态", "State"),
    "amount": T("费用", "Cost"),
    "task": T("任务", "Task"),
    "owner": T("负责", "Owner"),
    "due": T("截止", "Due"),
    "total": T("合计", "Total"),
    "submitter": T("提交人", "Submitted by"),
    "approver": T("审批人", "Approved by"),
    "remark": T("审批意见", "Remark"),
    "none": T("（未填写）", "(not filled in)"),
    "clause": T("规程 M1.2", "Clause M1.2"),
    "page": T("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "how": T(
        "预计销售额取“访客 × 转化率 × 客单价”与“备货 × 活动价”中较小者；最低到手按已发布促销叠加到最差计。",
        "Expected sales are the lesser of visitors × conversion × mean basket and pieces × price; "
        "“at worst” stacks everything published.",
    ),
}


@dataclass(frozen=True, slots=True)
class PlanPaper:
    """The paper's content, worded already. Tables are rows of strings in the order of their heads."""

    code: str
    name: str
    theme: str
    shop: str
    state: str
    time: str
    figures: Sequence[tuple[str, str, str]]  # name, value, what stands behind it
    force: str
    rules: Sequence[str]
    goods: Sequence[Sequence[str]]
    audience: str
    segments: Sequence[str]
    channels: Sequence[str]
    budget: Sequence[Sequence[str]]
    budget_total: Sequence[str]
    slots: Sequence[Sequence[str]]
    materials: str
    material_lines: Sequence[str]
    tasks: Sequence[Sequence[str]]
    risks: str
    arithmetic: Sequence[tuple[str, str]]
    submitter: str
    approver: str
    remark: str


def execution_plan_pdf(paper: PlanPaper) -> bytes:
    """The plan as PDF, in the active language."""
    data = {name: getattr(paper, name) for name in PlanPaper.__dataclass_fields__}
    words = {name: text.text() for name, text in WORDS.items()}
    return render_pdf(TEMPLATE, {**data, "words": words, "language": active_language()})

"""Where a plan differs from the template it was started from (M4.2)."""

from dataclasses import dataclass
from datetime import timedelta

from shopkeeper.flows.marketing.campaigns.queries.campaigns import CampaignFacts, campaign_facts
from shopkeeper.shared.words import T

_WORDS: tuple[tuple[str, T], ...] = (
    ("theme", T("主题", "Theme")),
    ("goal_sales_minor", T("销售目标", "Sales goal")),
    ("goal_new_customers", T("新客目标", "New customers")),
    ("expected_visitors", T("预计访客", "Expected visitors")),
    ("expected_conversion_bp", T("预计转化率", "Expected conversion")),
    ("force", T("力度", "Force")),
    ("audience", T("人群说明", "Audience")),
    ("channels", T("渠道", "Channels")),
    ("materials", T("素材", "Materials")),
    ("risks", T("风险预案", "Risks")),
    ("rule_ids", T("促销规则", "Promotions")),
    ("segment_ids", T("人群", "Segments")),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the plan says otherwise than its template; `kind` says how to show it."""

    what: T
    kind: str
    before: object
    after: object


def differences(campaign: CampaignFacts) -> list[Difference]:
    """What was changed since the template, its length and its goods counted; empty without one."""
    template = campaign_facts([campaign.template_id]).get(campaign.template_id) if campaign.template_id else None
    if template is None:
        return []
    found = [
        Difference(words, _kind(name), getattr(template, name), getattr(campaign, name))
        for name, words in _WORDS
        if getattr(template, name) != getattr(campaign, name)
    ]
    lengths = template.ends_at - template.starts_at, campaign.ends_at - campaign.starts_at
    if lengths[0] != lengths[1]:
        found.append(Difference(T("时长（小时）", "Length (hours)"), "number", *map(_hours, lengths)))
    old, new = ({g.sku_id: (g.planned_quantity, g.price_minor) for g in one.goods} for one in (template, campaign))
    if old != new:
        changed = sum(old.get(sku) != new.get(sku) for sku in old.keys() | new.keys())
        found.append(
            Difference(T("商品（改动 {n} 个）", "Goods ({n} changed)").format(n=changed), "number", len(old), len(new))
        )
    return found


def _kind(name: str) -> str:
    if name.endswith("_minor"):
        return "money"
    if name.endswith("_bp"):
        return "rate"
    return "number" if name.startswith(("goal", "expected")) else "list" if name.endswith(("s", "_ids")) else "text"


def _hours(length: timedelta) -> int:
    return int(length.total_seconds()) // 3_600

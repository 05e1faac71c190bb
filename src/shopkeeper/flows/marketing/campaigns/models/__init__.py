"""Tables of planning: campaigns, what they spend, what they need, whom they are told to."""

from shopkeeper.flows.marketing.campaigns.models.budget import BudgetItem, BudgetRaise, BudgetSpend
from shopkeeper.flows.marketing.campaigns.models.calendar import CalendarDay
from shopkeeper.flows.marketing.campaigns.models.campaign import Campaign, CampaignGoods, CampaignRule, CampaignSegment
from shopkeeper.flows.marketing.campaigns.models.preparation import CampaignTask, OwnSlot, SlotApplication, SlotBooking
from shopkeeper.flows.marketing.campaigns.models.segment import Segment

__all__ = [
    "BudgetItem",
    "BudgetRaise",
    "BudgetSpend",
    "CalendarDay",
    "Campaign",
    "CampaignGoods",
    "CampaignRule",
    "CampaignSegment",
    "CampaignTask",
    "OwnSlot",
    "Segment",
    "SlotApplication",
    "SlotBooking",
]

"""Permissions on campaigns and segments."""

from enum import StrEnum


class Permission(StrEnum):
    CAMPAIGN_VIEW = "marketing.campaign.view"
    CAMPAIGN_EDIT = "marketing.campaign.edit"
    CAMPAIGN_APPROVE = "marketing.campaign.approve"
    CAMPAIGN_LAUNCH = "marketing.campaign.launch"
    CAMPAIGN_END = "marketing.campaign.end"
    CAMPAIGN_SPEND = "marketing.campaign.spend"
    TASK_DO = "marketing.campaign.do_task"
    SEGMENT_EDIT = "marketing.segment.edit"
    CALENDAR_EDIT = "marketing.calendar.edit"

"""The states of a campaign, of its slot applications, tasks and budget raises; the words budgets are kept in."""

from enum import StrEnum

from shopkeeper.shared.transitions import Transitions


class CampaignState(StrEnum):
    IDEA = "idea"  # 意向: on the calendar, nothing planned yet
    PLANNED = "planned"  # 策划中: its plan is being written
    IN_REVIEW = "in_review"  # 待审批
    APPROVED = "approved"  # 已批准: to be prepared and tested
    LIVE = "live"  # 进行中
    ENDED = "ended"  # 已结束: to be reviewed
    REVIEWED = "reviewed"  # 已复盘
    CANCELLED = "cancelled"  # 已取消


CAMPAIGN_FLOW = Transitions(
    table="campaigns_campaign",
    states=CampaignState,
    allowed={
        CampaignState.IDEA: {CampaignState.PLANNED, CampaignState.CANCELLED},
        CampaignState.PLANNED: {CampaignState.IN_REVIEW, CampaignState.CANCELLED},
        CampaignState.IN_REVIEW: {CampaignState.APPROVED, CampaignState.PLANNED, CampaignState.CANCELLED},
        CampaignState.APPROVED: {CampaignState.LIVE, CampaignState.PLANNED, CampaignState.CANCELLED},
        CampaignState.LIVE: {CampaignState.ENDED},
        CampaignState.ENDED: {CampaignState.REVIEWED},
        CampaignState.REVIEWED: set(),
        CampaignState.CANCELLED: set(),
    },
)
WRITABLE = (CampaignState.IDEA, CampaignState.PLANNED)


class SlotState(StrEnum):
    """An application for a resource slot of a platform (banner, recommendation)."""

    TO_APPLY = "to_apply"  # 待申请
    APPLIED = "applied"  # 已申请
    GRANTED = "granted"  # 已通过
    REFUSED = "refused"  # 未通过
    DROPPED = "dropped"  # 已放弃


SLOT_FLOW = Transitions(
    table="campaigns_slotapplication",
    states=SlotState,
    allowed={
        SlotState.TO_APPLY: {SlotState.APPLIED, SlotState.DROPPED},
        SlotState.APPLIED: {SlotState.GRANTED, SlotState.REFUSED, SlotState.DROPPED},
        SlotState.GRANTED: {SlotState.DROPPED},
        SlotState.REFUSED: set(),
        SlotState.DROPPED: set(),
    },
)


class TaskState(StrEnum):
    OPEN = "open"  # 待完成
    DONE = "done"  # 已完成
    DROPPED = "dropped"  # 已取消


TASK_FLOW = Transitions(
    table="campaigns_campaigntask",
    states=TaskState,
    allowed={
        TaskState.OPEN: {TaskState.DONE, TaskState.DROPPED},
        TaskState.DONE: set(),
        TaskState.DROPPED: set(),
    },
)


class RaiseState(StrEnum):
    """A wish to spend more on a budget item than planned."""

    WAITING = "waiting"  # 待审批
    APPROVED = "approved"  # 已批准
    REFUSED = "refused"  # 未批准


RAISE_FLOW = Transitions(
    table="campaigns_budgetraise",
    states=RaiseState,
    allowed={
        RaiseState.WAITING: {RaiseState.APPROVED, RaiseState.REFUSED},
        RaiseState.APPROVED: set(),
        RaiseState.REFUSED: set(),
    },
)


class BudgetKind(StrEnum):
    """What a campaign's money is for."""

    ADS = "ads"  # 付费广告
    SLOTS = "slots"  # 资源位
    INFLUENCER = "influencer"  # 达人与直播
    SMS_EDM = "sms_edm"  # 短信与邮件
    COUPON = "coupon"  # 商家承担的优惠
    GIFT = "gift"  # 赠品
    OTHER = "other"


class Channel(StrEnum):
    """Where a campaign is told of; a channel may also be named in people's own words."""

    HOME_PAGE = "home_page"  # 平台首页
    SEARCH_ADS = "search_ads"
    RECOMMENDATION = "recommendation"
    LIVE_STREAM = "live_stream"
    SHORT_VIDEO = "short_video"
    SOCIAL = "social"  # 社交媒体
    EDM = "edm"
    SMS = "sms"
    OWN_SHOP = "own_shop"

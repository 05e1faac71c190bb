"""The clocks of D1: when facts are written, when the night tidies up, by when suspicions are to be confirmed."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

LAKE_WRITE = DeadlineKind(
    "lake_write",
    clause="D1.1",
    subject="watermark",
    on_due="write_lake",
    title=T("把业务事实写入数据湖", "Write facts into the lake"),
)
LAKE_NIGHT = DeadlineKind(
    "lake_night",
    clause="D1.1",
    subject="watermark",
    on_due="tidy_lake",
    title=T("夜间整理数据湖", "Tidy the lake at night"),
)
LAKE_REBUILD = DeadlineKind(
    "lake_rebuild",
    clause="D1.1",
    subject="watermark",
    on_due="rebuild_lake",
    title=T("重建数据湖", "Write the lake anew"),
)
CLEANING_CONFIRM = DeadlineKind(
    "cleaning_confirm",
    clause="D1.2",
    subject="cleaningday",
    role=Role.DATA_SPECIALIST,
    title=T("确认疑似异常数据", "Confirm suspicious rows"),
    action=T("确认", "Confirm"),
    url="/lake/quarantine/?tab=suspected&day={id}",
)

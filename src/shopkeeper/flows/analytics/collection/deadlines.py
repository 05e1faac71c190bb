"""The clocks of D1.1: the day's end after which figures are awaited, the figures themselves, what sources disagree on."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

FIGURES_WATCH = DeadlineKind(
    "figures_watch",
    clause="D1.1",
    subject="figure_source",
    on_due="await_figures",
    title=T("等待前一日结束", "Waiting for the day to end"),
)
FIGURES_DUE = DeadlineKind(
    "figures_due",
    clause="D1.1",
    subject="delivery",
    role=Role.DATA_SPECIALIST,
    title=T("导入前一日平台数据", "Bring in yesterday's figures"),
    action=T("导入", "Import"),
    url="/data/deliveries/{id}/",
)
DISAGREEMENT_DUE = DeadlineKind(
    "disagreement",
    clause="D1.1",
    subject="disagreement",
    role=Role.DATA_SPECIALIST,
    title=T("核对多来源差异", "Say why sources disagree"),
    action=T("核对", "Reconcile"),
    url="/data/disagreements/{id}/",
)

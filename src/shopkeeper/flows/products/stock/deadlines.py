"""The clocks of P3.1: a SKU to be restocked, and the daily look at a warehouse."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind
from shopkeeper.sop.roles import Role

RESTOCK = DeadlineKind(
    "restock",
    clause="P3.1",
    subject="reminder",
    role=Role.PRODUCT_SPECIALIST,
    title=T("补货", "Restock"),
    action=T("去补货", "Restock"),
    url="/stock/reminders/{id}/",
)
RESTOCK_SWEEP = DeadlineKind(
    "restock_sweep",
    clause="P3.1",
    subject="warehouse",
    on_due="sweep_restock",
    title=T("每日库存巡检", "The daily look at stock"),
)

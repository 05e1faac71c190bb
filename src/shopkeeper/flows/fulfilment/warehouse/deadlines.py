"""Whose clock runs in the warehouse: release, pick, pack, hand over, put back."""

from shopkeeper.shared.words import T
from shopkeeper.sop.deadlines import DeadlineKind, HeldBy
from shopkeeper.sop.roles import Role

WAVE_CALL = DeadlineKind(
    "wave_call", clause="O2.1", subject="warehouse", role=Role.WAREHOUSE,
    title=T("有订单待配货，请生成波次", "Orders wait for a wave"),
    action=T("生成波次", "Release"), url="/warehouse/?warehouse={id}",
)  # fmt: skip
WAVE_PICK = DeadlineKind(
    "wave_pick", clause="O2.1", subject="wave", role=Role.WAREHOUSE,
    title=T("拣完波次", "Pick the wave"), action=T("拣货", "Pick"), url="/warehouse/waves/{id}/",
    held_by=HeldBy("warehouse_wave", "claimed_by"),
)  # fmt: skip
ORDER_PACK = DeadlineKind(
    "order_pack", clause="O2.2", subject="wave order", role=Role.WAREHOUSE,
    title=T("验货打包", "Inspect and pack"), action=T("打包", "Pack"), url="/warehouse/orders/{id}/",
    held_by=HeldBy("warehouse_waveorder", "packer_id"),
)  # fmt: skip
HAND_OVER_CALL = DeadlineKind(
    "hand_over_call", clause="O3.1", subject="warehouse", role=Role.WAREHOUSE,
    title=T("有包裹待交运", "Parcels wait to be handed over"),
    action=T("交运", "Hand over"), url="/warehouse/hand-over/?warehouse={id}",
)  # fmt: skip
SHELF_RETURN = DeadlineKind(
    "shelf_return", clause="O2.1", subject="wave order", role=Role.WAREHOUSE,
    title=T("把剔出订单的商品放回货位（面单撕下销毁）", "Put the dropped order's pieces back, destroy its label"),
    action=T("归位", "Put back"), url="/warehouse/orders/{id}/",
)  # fmt: skip

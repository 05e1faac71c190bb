"""One item per command with a door, naming rows of a place of `world`."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from shopkeeper.flows.products.research.commands.take_in_research import ResearchLine
from shopkeeper.flows.service.aftersale.commands.add_evidence import SealedShot
from shopkeeper.flows.service.aftersale.commands.grade_return import GradedPieces
from shopkeeper.flows.service.aftersale.states import Grade, Reason, Shot, Solution
from shopkeeper.foundation.commands import COMMANDS
from shopkeeper.foundation.files import FileKind
from tests import factories as make
from tests.access.campaign_rows import CAMPAIGN_ITEMS
from tests.access.collection_rows import COLLECTION_ITEMS
from tests.access.decision_rows import DECISION_ITEMS
from tests.access.feedback_rows import FEEDBACK_ITEMS
from tests.access.lake_rows import LAKE_ITEMS
from tests.access.launch_rows import LAUNCH_ITEMS
from tests.access.outreach_rows import OUTREACH_ITEMS
from tests.access.promotion_rows import PROMOTION_ITEMS
from tests.access.report_rows import REPORT_ITEMS
from tests.access.review_rows import REVIEW_ITEMS
from tests.access.watch_rows import WATCH_ITEMS
from tests.access.world import Place


def item(_command: str, /, **fields: Any) -> Callable[[Place], Any]:
    return lambda place: COMMANDS[_command].item(
        **{field: value(place) if callable(value) else value for field, value in fields.items()}
    )


def shop(p: Place) -> int:
    return p.shop.pk


def warehouse(p: Place) -> int:
    return p.warehouse.pk


def waiting(p: Place) -> int:
    return p.waiting_order


def held(p: Place) -> int:
    return p.held_order


def picking(p: Place) -> int:
    return p.picking_order


def parcel(p: Place) -> int:
    return p.parcel.pk


def wave(p: Place) -> int:
    return p.wave.pk


def wave_order(p: Place) -> int:
    return p.wave_order.pk


def talk(p: Place) -> int:
    return p.talk.pk


def ticket(p: Place) -> int:
    return p.ticket


def article(p: Place) -> int:
    return p.article


def product(p: Place) -> int:
    return p.sku.product_id


def after_sale(p: Place) -> int:
    return p.after_sale.pk


def coming_back(p: Place) -> int:
    return p.coming_back.pk


def going_back(p: Place) -> int:
    return p.going_back.pk


ITEMS: dict[str, Callable[[Place], Any]] = {
    "add_notes": item("add_notes", ticket_id=ticket, note_ref="n1", text="客户催问"),
    "answer_interceptions": item(
        "answer_interceptions", interception_id=lambda p: p.interception.pk, accepted=True, evidence="电话受理"
    ),
    "ask_service": item("ask_service", order_id=waiting, reason="问清楚要几件"),
    "assign_tickets": item("assign_tickets", ticket_id=ticket),
    "await_customers": item("await_customers", ticket_id=ticket),
    "classify_tickets": item("classify_tickets", ticket_id=ticket, kind="quality"),
    "close_tickets": item("close_tickets", ticket_id=ticket),
    "confirm_changes": item("confirm_changes", change_id=lambda p: p.change.pk, evidence="后台可见"),
    "hand_over_tickets": item("hand_over_tickets", ticket_id=ticket, reason="下班"),
    "note_replies": item("note_replies", ticket_id=ticket),
    "offer_products": item("offer_products", ticket_id=ticket, sku_id=lambda p: p.sku.pk),
    "open_tickets": item("open_tickets", shop_id=shop, channel="api", external_ref="A-2", text="什么时候发货"),
    "publish_articles": item("publish_articles", article_id=article),
    "reopen_tickets": item("reopen_tickets", ticket_id=ticket, reason="又来问"),
    "request_changes": item("request_changes", order_id=waiting, kind="cancel", reason="changed_mind"),
    "request_interceptions": item("request_interceptions", parcel_id=parcel, kind="return", reason="changed_mind"),
    "resolve_tickets": item("resolve_tickets", ticket_id=ticket, resolution="answered"),
    "resume_tickets": item("resume_tickets", ticket_id=ticket),
    "retire_articles": item("retire_articles", article_id=article),
    "set_agents": item("set_agents", person_id=lambda p: p.person.pk, capacity=5, chat_capacity=2),
    "set_presence": item("set_presence", presence="busy"),
    "set_replies": item("set_replies", shortcut="wl", title="物流", text="{parcel}", shop_id=shop),
    "take_tickets": item("take_tickets", ticket_id=ticket),
    "withdraw_changes": item("withdraw_changes", change_id=lambda p: p.change.pk),
    "write_articles": item("write_articles", code="freight", title="运费", body="说明", shop_id=shop),
    "add_categories": item("add_categories", name="茶具"),
    "attach_images": item("attach_images", product_id=product, digest="0" * 64),
    "import_products": item("import_products", digest="0" * 64, name="商品.csv"),
    "inspect_images": item("inspect_images", image_id=1),
    "map_categories": item("map_categories", category_id=1, platform="taobao", platform_leaf="50000671"),
    "move_categories": item("move_categories", category_id=1, parent_id=2),
    "order_images": item("order_images", product_id=product, image_ids=()),
    "remove_images": item("remove_images", image_id=1),
    "rename_categories": item("rename_categories", category_id=1, name="壶"),
    "put_aliases": item("put_aliases", sku_id=lambda p: p.sku.pk, code="OLD-1"),
    "drop_aliases": item("drop_aliases", alias_id=1),
    "retire_categories": item("retire_categories", category_id=1),
    "retire_products": item("retire_products", product_id=product, reason="换季"),
    "revive_products": item("revive_products", product_id=product),
    "save_product": item("save_product", code="SPU-NEW", title="紫砂壶"),
    "set_promises": item("set_promises", product_id=product, version=1, promises=("free_shipping",), no_reason="yes"),
    "set_tags": item("set_tags", product_id=product, tags=("hot",)),
    "set_templates": item("set_templates", category_id=1, attributes=()),
    "submit_product": item("submit_product", product_id=product, version=1),
    "withdraw_products": item("withdraw_products", product_id=product),
    "take_in_research": item(
        "take_in_research",
        kind="keyword",
        source="工具",
        period_from=date(2026, 6, 1),
        period_to=date(2026, 6, 30),
        lines=(ResearchLine("紫砂壶", heat=8),),
    ),
    "save_strategy": item(
        "save_strategy",
        name="夏季",
        categories=("茶具",),
        price_low_minor=1,
        price_high_minor=2,
        target_margin_basis_points=3_000,
        positioning="国风",
    ),
    "submit_strategy": item("submit_strategy", strategy_id=1),
    "withdraw_strategy": item("withdraw_strategy", strategy_id=1),
    "withdraw_selection_list": item("withdraw_selection_list", list_id=1),
    "decide_strategy": item("decide_strategy", strategy_id=1, decision="approve", reason="好"),
    "propose_candidates": item("propose_candidates", code="C-1", name="壶", category="茶具", source="展会"),
    "drop_candidates": item("drop_candidates", candidate_id=1, reason="太贵"),
    "make_selection_list": item("make_selection_list", period="Q3", target_minor=1),
    "submit_selection_list": item("submit_selection_list", list_id=1),
    "decide_selection_list": item("decide_selection_list", list_id=1, decision="return", reason="再看"),
    "draft_candidates": item("draft_candidates", candidate_id=1),
    "add_terms": item("add_terms", text="绝杀", severity="block", ground="house", reason="法务要求"),
    "adjust_stock": item("adjust_stock", lot_id=lambda p: p.lot.pk, counted=49, reason="盘点"),
    "approve_prices": item("approve_prices", plan_id=lambda p: p.price_plan.pk, reason="清仓"),
    "approve_settlements": item("approve_settlements", order_id=picking, doubt="negative_margin", reason="ok"),
    "cancel_orders": item("cancel_orders", order_id=waiting, reason="买家不要了"),
    "cancel_parcels": item("cancel_parcels", parcel_id=parcel, reason="重开"),
    "check_listings": item("check_listings", listing_id=lambda p: p.sold.listing_id),
    "claim_wave": item("claim_wave", wave_id=wave),
    "end_first_visit": item("end_first_visit"),
    "claim_work": item("claim_work", deadline_id=lambda p: p.deadline.pk),
    "close_cases": item("close_cases", case_id=lambda p: p.case.pk, outcome="lost", note="ok"),
    "close_days": item("close_days", shop_id=shop, day=date(2026, 6, 1)),
    "close_returned_orders": item("close_returned_orders", order_id=picking, reason="退货"),
    "close_packing": item("close_packing", wave_order_id=wave_order, weight_g=200),
    "close_restock": item("close_restock", reminder_id=lambda p: p.reminder.pk, reason="换季"),
    "complete_orders": item("complete_orders", order_id=picking),
    "confirm_session": item("confirm_session", session_id=lambda p: p.session.pk),
    "confirm_ship_backs": item("confirm_ship_backs", parcel_id=parcel, evidence="平台截图可见"),
    "contact_couriers": item(
        "contact_couriers", case_id=lambda p: p.case.pk, channel="phone", note="已催", answer_hours=24
    ),
    "decide_holds": item("decide_holds", order_id=held, code="*", reason="已联系"),
    "end_conversations": item("end_conversations", conversation_id=talk, ending="not_a_matter"),
    "enter_numbers": item("enter_numbers", parcel_id=parcel, number="YT1234567890123", courier="yuantong"),
    "erase_person": item("erase_person", kind="intake.order", record_id=waiting, reason="本人要求"),
    "escalate_work": item("escalate_work", deadline_id=lambda p: p.deadline.pk),
    "explain_mismatches": item("explain_mismatches", case_id=lambda p: p.sold.pk, reason="平台前缀"),
    "finish_wave": item("finish_wave", wave_id=wave),
    "fix_mismatches": item("fix_mismatches", case_id=lambda p: p.sold.pk),
    "force_packing": item("force_packing", wave_order_id=wave_order, weight_g=1, reason="秤坏了"),
    "grant_exemptions": item(
        "grant_exemptions",
        product_id=lambda p: p.sku.product_id,
        word="第一",
        kind="fact",
        proof="报告 12 页",
        reason="有据可查",
    ),
    "hand_over_conversations": item("hand_over_conversations", conversation_id=talk),
    "hand_over_parcels": item("hand_over_parcels", parcel_id=parcel),
    "hand_over_work": item("hand_over_work", deadline_id=lambda p: p.deadline.pk, reason="下班"),
    "wait_for_goods": item("wait_for_goods", order_id=held, until=date(2026, 6, 20), reason="买家同意等货"),
    "hold_orders": item("hold_orders", order_id=waiting, code="by_hand"),
    "import_prices": item(
        "import_prices", sku_code=lambda p: p.sku.code, sale_minor=4_900, reason="导入", shop_id=shop
    ),
    "import_skus": item("import_skus", code="NEW", name="新品", category="", weight_g=1, currency="CNY"),
    "log_calls": item(
        "log_calls", shop_id=shop, reference="pbx-1", phone="13812341234", rang_at=datetime(2026, 6, 1, tzinfo=UTC)
    ),
    "match_orders": item("match_orders", order_id=held),
    "make_api_token": item("make_api_token", name="erp", permissions=(), days=30),
    "move_lots": item("move_lots", lot_id=lambda p: p.lot.pk, bin_code="B-01-01"),
    "note_hint": item("note_hint", shop_id=shop, platform_no="T1", message_id="m1"),
    "open_cases": item("open_cases", parcel_id=parcel, kind="damaged", note="破了"),
    "open_channels": item("open_channels", shop_id=shop, origins=("https://shop.example.com",)),
    "open_check_sessions": item("open_check_sessions", shop_id=shop),
    "open_follow_ups": item("open_follow_ups", order_id=picking),
    "open_packing": item("open_packing", warehouse_id=warehouse, code="T1"),
    "open_parcels": item("open_parcels", order_id=picking, warehouse_id=warehouse),
    "print_labels": item("print_labels", parcel_id=parcel),
    "publish_products": item("publish_products", product_id=lambda p: p.sku.product_id, shop_id=shop),
    "put_off_publishing": item("put_off_publishing", product_id=lambda p: p.sku.product_id, reason="等新包装"),
    "propose_prices": item("propose_prices", sku_id=lambda p: p.sku.pk, sale_minor=4_800, reason="常规", shop_id=shop),
    "pull_now": item("pull_now", shop_id=shop),
    "push_stock": item("push_stock", sku_id=lambda p: p.sku.pk, warehouse_id=warehouse),
    "put_bins": item("put_bins", warehouse_id=warehouse, code="B-01-01", path_order=9),
    "receive_stock": item(
        "receive_stock",
        sku_id=lambda p: p.sku.pk,
        warehouse_id=warehouse,
        bin_code="A-01-01",
        lot_code="N1",
        quantity=5,
    ),
    "record_follow_up": item(
        "record_follow_up", followup_id=lambda p: p.follow_up.pk, attempt=1, outcome="will_confirm"
    ),
    "release_orders": item("release_orders", order_id=waiting),
    "release_waves": item("release_waves", warehouse_id=warehouse),
    "relist_listings": item("relist_listings", listing_id=lambda p: p.sold.listing_id),
    "renew_widget_secrets": item("renew_widget_secrets", shop_id=shop, version=1),
    "report_short_pick": item("report_short_pick", pick_line_id=lambda p: p.pick_line.pk, reason="not_found"),
    "request_numbers": item("request_numbers", parcel_id=parcel),
    "resend_replies": item("resend_replies", message_id=lambda p: p.reply.pk),
    "retire_terms": item("retire_terms", term_id=1, reason="误伤"),
    "retry_listings": item("retry_listings", listing_id=lambda p: p.sold.listing_id),
    "retry_ship_backs": item("retry_ship_backs", parcel_id=parcel),
    "return_prices": item("return_prices", plan_id=lambda p: p.price_plan.pk, reason="太低"),
    "return_to_shelf": item("return_to_shelf", wave_order_id=wave_order),
    "reveal_personal_data": item("reveal_personal_data", kind="intake.order", record_id=waiting, reason="买家来电"),
    "review_products": item("review_products", review_id=lambda p: p.review.pk, decision="approve"),
    "revoke_api_token": item("revoke_api_token", token_id=lambda p: p.token.pk),
    "revoke_exemptions": item("revoke_exemptions", exemption_id=1, reason="报告撤回"),
    "route_conversations": item("route_conversations", conversation_id=talk),
    "scan_pack": item("scan_pack", wave_order_id=wave_order, code=lambda p: p.sku.barcode, key="k1"),
    "scan_pick": item("scan_pick", wave_id=wave, code=lambda p: p.sku.barcode, key="k1"),
    "send_replies": item("send_replies", conversation_id=talk, client_id="k1", text="您好"),
    "set_clause_owner": item("set_clause_owner", clause="O2.1", shop_id=shop, owner_id=lambda p: p.person.pk),
    "set_target_margins": item("set_target_margins", category_id=0, basis_points=3_000, reason="高端线"),
    "set_thresholds": item("set_thresholds", sku_id=lambda p: p.sku.pk, threshold=20, reason="主推"),
    "note_restock_order": item(
        "note_restock_order", reminder_id=lambda p: p.reminder.pk, quantity=30, expected_on=date(2026, 6, 9)
    ),
    "snooze_restock": item(
        "snooze_restock", reminder_id=lambda p: p.reminder.pk, until=date(2026, 6, 9), reason="周二到货"
    ),
    "set_policy": item("set_policy", key="session_minutes", value=45, reason="试行", shop_id=shop),
    "settle_orders": item("settle_orders", order_id=picking),
    "settle_unreadable": item("settle_unreadable", shop_id=shop, platform_no="T1"),
    "sign_session": item("sign_session", session_id=lambda p: p.session.pk),
    "start_bulk": item("start_bulk", action="release", order_ids=lambda p: (p.waiting_order,), reason=""),
    "start_import": item(
        "start_import", shop_id=shop, profile="taobao_csv", digest="0" * 64, name="a.csv", history=False
    ),
    "stop_jobs": item("stop_jobs", job_id=lambda p: p.job.pk),
    "start_shop": item("start_shop", shop_id=shop),
    "sweep_stock": item("sweep_stock", shop_id=shop),
    "take_down_listings": item("take_down_listings", listing_id=lambda p: p.sold.listing_id, reason="换季"),
    "take_in_messages": item(
        "take_in_messages", shop_id=shop, channel="widget", customer="u2", client_id="c:1", text="在吗？"
    ),
    "take_in_orders": lambda p: make.received_order(p.shop, make.received_line(p.sku)),
    "take_over_conversations": item("take_over_conversations", conversation_id=talk),
    "withdraw_price": item("withdraw_price", plan_id=lambda p: p.price_plan.pk, reason="改价"),
}

ITEMS |= {
    "add_evidence": item(
        "add_evidence", case_id=after_sale, files=(SealedShot("b" * 64, FileKind.PNG, 10, Shot.FAULT),)
    ),
    "answer_offer": item("answer_offer", case_id=after_sale, number=1, answer="accepted"),
    "approve_refunds": item("approve_refunds", refund_id=going_back, amount_minor=100),
    "ask_evidence": item("ask_evidence", case_id=after_sale, shots=(Shot.FAULT,)),
    "close_aftersale": item("close_aftersale", case_id=after_sale, cause="withdrawn"),
    "confirm_refunds": item("confirm_refunds", refund_id=going_back, evidence="转账 123456"),
    "grade_return": item(
        "grade_return", return_id=coming_back, pieces=(GradedPieces(1, Grade.GOOD, 1),), bin_code="A-01-01"
    ),
    "judge_evidence": item("judge_evidence", evidence_id=lambda p: p.evidence.pk, verdict="good"),
    "match_return": item("match_return", return_id=coming_back, case_id=after_sale),
    "note_return": item("note_return", case_id=after_sale, courier="", number="YT1234567890123"),
    "offer_solution": item("offer_solution", case_id=after_sale, solution=Solution.REFUND_ONLY, number=2),
    "open_aftersale": item("open_aftersale", order_id=waiting, reason=Reason.LATE),
    "publish_aftersale_policy": item("publish_aftersale_policy", platform="taobao", after_version=0, lines=()),
    "receive_return": item("receive_return", warehouse_id=warehouse, code="YT9876543210123"),
    "refuse_aftersale": item("refuse_aftersale", case_id=after_sale, reason="不符合条件"),
    "reject_refunds": item("reject_refunds", refund_id=going_back, reason="金额不对"),
    "retry_refunds": item("retry_refunds", refund_id=going_back),
}

ITEMS |= REVIEW_ITEMS | FEEDBACK_ITEMS | PROMOTION_ITEMS | CAMPAIGN_ITEMS | WATCH_ITEMS | COLLECTION_ITEMS
ITEMS |= LAKE_ITEMS | REPORT_ITEMS | LAUNCH_ITEMS | OUTREACH_ITEMS | DECISION_ITEMS

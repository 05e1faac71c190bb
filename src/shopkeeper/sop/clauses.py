"""Every clause of the procedure as a row: name, owner roles, and how its evidence is told.

What makes a clause "works" is computed in sop/works.py; nothing here is a claim.
"""

from dataclasses import dataclass

from shopkeeper.shared.words import T
from shopkeeper.sop.clause_words import ASKS
from shopkeeper.sop.roles import Role


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: `owners` empty means the system itself; the two flags say what a story must show of it.

    `whole_with` names commands without which the clause is only begun, so that a part is not taken for the whole.
    """

    id: str
    name: T
    owners: tuple[Role, ...] = ()
    has_deadline: bool = False
    can_refuse: bool = False
    whole_with: tuple[str, ...] = ()

    @property
    def asks(self) -> T:
        """Who does what, by when, with what evidence: one sentence."""
        return ASKS[self.id]


_ROWS = (
    Clause(
        "P1.1",
        T("选品策略研究", "Selection strategy"),
        (
            Role.OPERATIONS_MANAGER,
            Role.MARKET,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("take_in_research", "decide_strategy"),
    ),
    Clause(
        "P1.2",
        T("选品清单", "Selection list"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("make_selection_list", "decide_selection_list", "draft_candidates"),
    ),
    Clause(
        "P2.1",
        T("商品信息录入", "Product entry"),
        (Role.PRODUCT_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("save_product", "submit_product"),
    ),
    Clause(
        "P2.2",
        T("图片检查", "Image inspection"),
        (
            Role.PRODUCT_SPECIALIST,
            Role.DESIGN,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("inspect_images",),
    ),
    Clause(
        "P2.3",
        T("类目、标签与承诺", "Category, tags, promises"),
        (Role.PRODUCT_SPECIALIST,),
        can_refuse=True,
        whole_with=("set_promises",),
    ),
    Clause(
        "P3.1",
        T("库存与预警", "Stock and warning"),
        (
            Role.PRODUCT_SPECIALIST,
            Role.WAREHOUSE,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("remind_restock", "adjust_stock", "set_thresholds"),
    ),
    Clause(
        "P3.2",
        T("定价与毛利", "Price and margin"),
        (
            Role.PRODUCT_SPECIALIST,
            Role.OPERATIONS_MANAGER,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("propose_prices", "approve_prices"),
    ),
    Clause(
        "P4.1",
        T("审核与发布", "Review and publish"),
        (Role.OPERATIONS_SUPERVISOR,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("review_products", "publish_products"),
    ),
    Clause(
        "P4.2",
        T("上架后核验", "Check after publishing"),
        (Role.PRODUCT_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("check_listings", "fix_mismatches", "explain_mismatches"),
    ),
    Clause("P5", T("实时库存", "Stock in real time"), (), whole_with=("push_stock", "sweep_stock")),
    Clause("O1.1", T("订单抓取", "Order intake"), (), can_refuse=True),
    Clause(
        "O1.2",
        T("定时审单", "Order check sessions"),
        (Role.ORDER_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
    ),
    Clause(
        "O1.3",
        T("订单核对与推送", "Order judgement and push"),
        (Role.ORDER_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
    ),
    Clause("O2.1", T("拣货", "Picking"), (Role.WAREHOUSE,), has_deadline=True, can_refuse=True),
    Clause("O2.2", T("验货打包", "Inspection and packing"), (Role.WAREHOUSE,), has_deadline=True, can_refuse=True),
    Clause(
        "O3.1",
        T("运单录入与发货通知", "Tracking number and notice"),
        (Role.ORDER_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
    ),
    Clause("O3.2", T("物流跟踪", "Parcel tracking"), (Role.ORDER_SPECIALIST,), has_deadline=True, can_refuse=True),
    Clause(
        "O4.1",
        T("完成与结算", "Completion and settlement"),
        (Role.FINANCE,),
        has_deadline=True,
        can_refuse=True,
    ),
    Clause(
        "O4.2",
        T("未确认回访", "Follow-up of the unconfirmed"),
        (Role.CUSTOMER_SERVICE,),
        has_deadline=True,
        can_refuse=True,
    ),
    Clause(
        "S1.1",
        T("咨询接入", "Inquiries taken in"),
        (Role.CUSTOMER_SERVICE,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("take_in_messages", "send_replies", "log_calls"),
    ),
    Clause(
        "S1.2",
        T("问题分类与派单", "Classification and assignment"),
        (Role.CUSTOMER_SERVICE,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("classify_tickets", "assign_tickets"),
    ),
    Clause(
        "S2.1",
        T("售前", "Pre-sale"),
        (Role.CUSTOMER_SERVICE,),
        can_refuse=True,
        whole_with=("offer_products", "note_conversions"),
    ),
    Clause(
        "S2.2",
        T("售中", "In-sale"),
        (Role.CUSTOMER_SERVICE,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("request_changes", "request_interceptions"),
    ),
    Clause(
        "S2.3",
        T("售后", "After-sale"),
        (
            Role.CUSTOMER_SERVICE,
            Role.OPERATIONS_SUPERVISOR,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("offer_solution", "approve_refunds", "grade_return"),
    ),
    Clause(
        "S3.1",
        T("满意度回访", "Satisfaction survey"),
        (),
        has_deadline=True,
        can_refuse=True,
        whole_with=("invite_surveys", "submit_surveys", "record_recovery"),
    ),
    Clause(
        "S3.2",
        T("工单日报与改进", "Daily summary and improvement"),
        (
            Role.CUSTOMER_SERVICE,
            Role.OPERATIONS_SUPERVISOR,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("draft_summaries", "sign_summaries", "measure_improvements"),
    ),
    Clause(
        "M1.1",
        T("活动策划", "Campaign planning"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("make_ideas", "save_campaign", "save_segment"),
    ),
    Clause(
        "M1.2",
        T("活动执行方案", "Execution plan"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("approve_plans", "book_spend", "answer_slots", "give_consents", "approve_mailings"),
    ),
    Clause(
        "M2.1",
        T("活动素材", "Materials"),
        (Role.DESIGN,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("write_brief", "add_version", "approve_materials"),
    ),
    Clause(
        "M2.2",
        T("上线测试", "Go-live test"),
        (
            Role.ENGINEERING,
            Role.CAMPAIGN_SPECIALIST,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("save_examples", "run_gates", "override_gates"),
    ),
    Clause(
        "M2.3",
        T("促销规则", "Promotion rules"),
        (
            Role.CAMPAIGN_SPECIALIST,
            Role.OPERATIONS_SUPERVISOR,
        ),
        has_deadline=True,
        can_refuse=True,
        whole_with=("publish_rules", "claim_coupons", "confirm_usage"),
    ),
    Clause(
        "M3.1",
        T("活动监控", "Campaign watch"),
        (Role.CAMPAIGN_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("close_hours", "record_traffic", "sign_sheets"),
    ),
    Clause(
        "M3.2",
        T("活动调整", "Campaign adjustment"),
        (Role.CAMPAIGN_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("change_copy", "call_restock", "start_presales", "measure_effects"),
    ),
    Clause(
        "M4.1",
        T("活动复盘", "Campaign review"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("draft_reviews", "submit_review", "approve_review"),
    ),
    Clause(
        "M4.2",
        T("复盘会议与模板", "Review meeting and template"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("hold_meeting", "make_template", "start_from_template"),
    ),
    Clause(
        "D1.1",
        T("数据采集", "Data collection"),
        (Role.DATA_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("drain_spools", "take_in_figures", "compare_sources", "answer_disagreements"),
    ),
    Clause(
        "D1.2",
        T("数据清洗", "Data cleaning"),
        (Role.DATA_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("set_aside_orders", "confirm_set_asides", "put_back"),
    ),
    Clause(
        "D2.1",
        T("运营数据分析报告", "Operations report"),
        (Role.DATA_SPECIALIST,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("make_due_reports", "record_reports", "sign_reports", "confirm_reports"),
    ),
    Clause(
        "D2.2",
        T("流量分析", "Traffic"),
        (Role.DATA_SPECIALIST,),
        can_refuse=True,
        whole_with=("analyse_traffic",),
    ),
    Clause(
        "D2.3",
        T("销售分析", "Sales"),
        (Role.DATA_SPECIALIST,),
        can_refuse=True,
        whole_with=("analyse_sales", "set_targets"),
    ),
    Clause(
        "D2.4",
        T("客户分析", "Customers"),
        (Role.DATA_SPECIALIST,),
        can_refuse=True,
        whole_with=("analyse_customers",),
    ),
    Clause(
        "D3",
        T("数据驱动决策", "Decisions from data"),
        (Role.OPERATIONS_MANAGER,),
        has_deadline=True,
        can_refuse=True,
        whole_with=("record_findings", "decide_findings", "measure_decisions", "conclude_decisions"),
    ),
    Clause("G1", T("流程与合规", "Procedure and compliance"), (), has_deadline=True),
    Clause("G2", T("每日工作清单", "Daily work list"), (), has_deadline=True, can_refuse=True),
    Clause("G3", T("策略参数", "Policy values"), (), can_refuse=True),
    Clause("G4", T("留痕与个人信息", "Record and personal data"), (), can_refuse=True),
    Clause("G5", T("中英双语", "Both languages"), ()),
    Clause("G6", T("接口等价", "API parity"), (), can_refuse=True),
)

CLAUSES: dict[str, Clause] = {clause.id: clause for clause in _ROWS}

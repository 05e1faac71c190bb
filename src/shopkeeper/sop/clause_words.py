"""What each clause asks, in a sentence: who does what, by when, and what proves it. Numbers are defaults of policy."""

from shopkeeper.shared.words import T

ASKS: dict[str, T] = {
    "P1.1": T(
        "运营经理与市场分析行业趋势、竞品和搜索数据，定出选品策略，由另一人在时限内审批；凭证是带版本的策略。",
        "The operations manager and market analyse trends, competitors and search data into a selection "
        "strategy, which somebody else decides on in time; the versioned strategy is the evidence.",
    ),
    "P1.2": T(
        "运营经理按销售目标和周转筛出候选商品，打分排序，在时限内审批；凭证是《商品选品清单》。",
        "The operations manager scores candidates by sales target and turnover and has the list decided on in "
        "time; the approved selection list is the evidence.",
    ),
    "P2.1": T(
        "商品专员录入名称、规格和详情，名称含核心词；被退回的在时限内改好再提交；凭证是通过检查的商品资料。",
        "The product specialist enters name, specs and copy with a core keyword in the name, and mends what is "
        "returned in time; the checked product is the evidence.",
    ),
    "P2.2": T(
        "商品专员和设计提供合规图片：尺寸够、清晰、无水印、主图白底；不合格的在时限内更换；凭证是逐项测量结果。",
        "Product specialist and design provide pictures of the platform's size, sharp, without watermark, the "
        "main one on white, and replace failed ones in time; the measured values are the evidence.",
    ),
    "P2.3": T(
        "商品专员给商品选三级类目、标签和服务承诺；凭证是类目对照和承诺记录，售后按承诺执行。",
        "The product specialist sets a three-level category, tags and service promises; the record of them is "
        "the evidence, and after-sale keeps them.",
    ),
    "P3.1": T(
        "系统与仓库同步库存，低于预警线（默认 10）发补货提醒；商品专员在时限内补货，收货入账即关闭；凭证是库存流水。",
        "Stock follows the warehouse; below the warning line (10 by default) the product specialist is reminded "
        "to restock in time, and the receipt closes it; the stock ledger is the evidence.",
    ),
    "P3.2": T(
        "商品专员按成本、竞价和促销定售价、折扣价、会员价；毛利低于目标须运营经理在时限内写明原因审批；凭证是价格方案。",
        "The product specialist sets sale, discount and member price; below the target margin the operations "
        "manager decides in time with a reason; the price plan is the evidence.",
    ),
    "P4.1": T(
        "运营主管在时限内审核商品的完整与合规（违禁词、虚假宣传），通过后发布到平台；凭证是审核决定和差异。",
        "The operations supervisor reviews completeness and compliance in time, and after approval it is "
        "published; the decision with its findings is the evidence.",
    ),
    "P4.2": T(
        "商品专员在上架后 24 小时内核验：能打开、能下单、类目和价格无误；有差异就处理；凭证是逐项比对。",
        "Within 24 hours of publishing the product specialist checks that it opens, can be ordered, and shows "
        "the right category and price, and settles differences; the comparison is the evidence.",
    ),
    "P5": T(
        "系统在可售数量每次变化后数秒内告知各平台，绝不超卖；凭证是推送与对账记录。",
        "The system tells each platform the sellable quantity within seconds of every change and never "
        "oversells; the pushes and comparisons are the evidence.",
    ),
    "O1.1": T(
        "系统自动抓取平台订单，不漏不重；读不了的消息由订单专员核对；凭证是抓取窗口和原始消息。",
        "The system takes platform orders in by itself, none lost or doubled; the order specialist looks at what "
        "cannot be read; windows and messages are the evidence.",
    ),
    "O1.2": T(
        "订单专员每天 9:00、14:00、18:00 集中审单并签字；发货时限早于下次审单的立即审；凭证是审单场次签字。",
        "The order specialist checks pending orders at 9:00, 14:00 and 18:00 and signs; what must ship before "
        "the next session is checked at once; the signed session is the evidence.",
    ),
    "O1.3": T(
        "系统核对商品、数量、地址和联系方式，无异常自动推仓库；异常由订单专员在时限内逐单决定；凭证是规则结论和决定。",
        "The system checks product, quantity, address and contact and pushes what is clean; the order specialist "
        "decides each exception in time; findings and decisions are the evidence.",
    ),
    "O2.1": T(
        "仓储按波次先进先出拣货，货品逐件扫码核对，在时限内拣完；凭证是扫描记录，缺货当场登记。",
        "The warehouse picks waves first-in-first-out, scans each piece and finishes in time; the scans are the "
        "evidence, and what is short is reported at once.",
    ),
    "O2.2": T(
        "仓储验外观、核对包裹清单和赠品、称重贴单，在时限内打包；凭证是验货结论、重量和面单。",
        "The warehouse inspects, checks packing list and gifts, weighs and labels in time; verdict, weight and "
        "waybill are the evidence.",
    ),
    "O3.1": T(
        "系统把运单号回传平台并通知买家，一单号一包裹；单号异常由订单专员在时限内处理；凭证是平台回执。",
        "One number per parcel is told to the platform, which notifies the buyer; the order specialist settles "
        "problems in time; the platform's acknowledgement is the evidence.",
    ),
    "O3.2": T(
        "系统每天跟踪包裹；停滞（默认 48 小时）、逾期等异常由订单专员在时限内联系快递；凭证是联系记录和结果。",
        "Parcels are tracked daily; for stalled (48 hours by default) or overdue ones the order specialist asks "
        "the courier in time; the contact log and outcome are the evidence.",
    ),
    "O4.1": T(
        "买家确认收货后订单自动完成，财务在时限内逐单结算并与平台账单核对；凭证是始终平衡的分录。",
        "On confirmed receipt the order completes by itself, and finance settles it against the platform's "
        "statement in time; the balanced entries are the evidence.",
    ),
    "O4.2": T(
        "签收超过 7 天未确认的，客服在时限内回访买家；凭证是回访结果。",
        "Where receipt is not confirmed for more than 7 days, customer service asks the buyer in time; the "
        "recorded answer is the evidence.",
    ),
    "S1.1": T(
        "客服接入聊天、电话和留言，首次人工回复默认 10 秒内（留言另有时限）；凭证是会话时钟和内容。",
        "Customer service takes in chat, phone and forms; the first human reply comes within 10 seconds by "
        "default (forms have their own limit); the conversation's clock is the evidence.",
    ),
    "S1.2": T(
        "系统按问题分类建工单并派给合适的客服，客服更正分类、在时限内解决；凭证是工单和分派记录。",
        "Each matter becomes a ticket, classified and assigned; the agent corrects the type and resolves it in "
        "time; ticket and assignments are the evidence.",
    ),
    "S2.1": T(
        "客服在售前讲清商品和优惠，引导下单；凭证是推荐记录和转化订单。",
        "Before the sale customer service explains products and offers and leads to the order; products shown "
        "and orders that followed are the evidence.",
    ),
    "S2.2": T(
        "客服在出库前帮买家改址、取消，出库后联系快递拦截，在时限内办完；凭证是平台或快递的答复。",
        "Customer service changes or cancels before outbound and intercepts after it, in time; the platform's or "
        "courier's answer is the evidence.",
    ),
    "S2.3": T(
        "客服按平台政策审凭证，48 小时内给出退款、换货或补偿方案，超限额由运营主管审批；凭证是照片、方案和到账。",
        "By the platform's policy customer service reviews the evidence and offers refund, exchange or "
        "compensation within 48 hours; beyond the limits the supervisor approves; pictures, offer and payment "
        "are the evidence.",
    ),
    "S3.1": T(
        "问题解决后系统自动邀请 1–5 星评价；低分由客服在时限内联系挽回；凭证是评价和挽回结果。",
        "On resolution the system asks for 1 to 5 stars; customer service contacts low scores in time; ratings "
        "and outcomes are the evidence.",
    ),
    "S3.2": T(
        "客服每天补充、运营主管签发工单日报，高频问题交责任岗位改进并跟到见效；凭证是日报和改进任务。",
        "Customer service completes and the supervisor signs the daily summary; frequent problems go to their "
        "owners and are followed to the effect; summary and tasks are the evidence.",
    ),
    "M1.1": T(
        "运营经理按节日、季节和库存策划活动：主题、时间、力度、人群，按期成案；凭证是活动与预测。",
        "The operations manager plans campaigns from festivals, seasons and stock: theme, time, force, audience, "
        "in time; the campaign with its forecast is the evidence.",
    ),
    "M1.2": T(
        "《活动执行方案》写明渠道、预算、资源位和任务，运营经理在时限内审批，各岗位按期完成；凭证是方案和支出。",
        "The execution plan names channels, budget, slots and tasks; the operations manager approves it and each "
        "role does its tasks in time; plan and spend are the evidence.",
    ),
    "M2.1": T(
        "设计按需求单按期交付合品牌、突出优惠的素材，由另一人审批；凭证是版本和检查结果。",
        "Design delivers materials on brand that bring out the offer in time, approved by somebody else; "
        "versions and checks are the evidence.",
    ),
    "M2.2": T(
        "技术和运营专员在上线前测试规则、领券、结算和压力，红灯不得上线；凭证是测试结果。",
        "Engineering and the campaign specialist test rules, claims, checkout and load before the start; while "
        "red nothing is launched; the test results are the evidence.",
    ),
    "M2.3": T(
        "运营专员配置满减、折扣、优惠券等规则，运营主管在时限内审核发布；凭证是规则版本和每单分摊。",
        "The campaign specialist configures the promotion rules and the supervisor reviews them in time; the "
        "rule's versions and each order's split are the evidence.",
    ),
    "M3.1": T(
        "运营专员在活动期间每小时登记曝光、点击、转化和库存，主管签字；凭证是《活动监控表》。",
        "During a campaign the campaign specialist records exposure, clicks, conversion and stock each hour, and "
        "the supervisor signs; the monitoring record is the evidence.",
    ),
    "M3.2": T(
        "转化低于预期（默认低 20%）或库存告急时，运营专员在时限内改文案、加资源、补货或预售；凭证是处置和效果。",
        "Where conversion is below expectation (20 % by default) or stock runs low, the campaign specialist acts "
        "in time; the action and its measured effect are the evidence.",
    ),
    "M4.1": T(
        "运营经理在活动结束后 3 个工作日内交出《活动复盘报告》并获审批；凭证是报告。",
        "Within 3 working days of the end the operations manager hands in the review report and has it approved; "
        "the report is the evidence.",
    ),
    "M4.2": T(
        "运营经理召集市场、技术、客服开复盘会，行动项跟到完成，做成活动模板；凭证是纪要和模板。",
        "The operations manager holds the review meeting with market, engineering and service, follows the "
        "action items and makes a template; minutes and template are the evidence.",
    ),
    "D1.1": T(
        "数据专员每天汇集平台和工具的数据，核对来源，差异在时限内答复；凭证是导入记录和来源对照。",
        "The data specialist brings in each day's figures and answers where sources disagree in time; imports "
        "and comparisons are the evidence.",
    ),
    "D1.2": T(
        "系统隔离测试单、刷量等异常数据，数据专员在时限内确认或放回；凭证是隔离清单和原因。",
        "Test orders, bots and the like are set aside, and the data specialist confirms or puts them back in "
        "time; the list with its reasons is the evidence.",
    ),
    "D2.1": T(
        "系统按日、周、月生成《运营数据分析报告》，数据专员在时限内签发；凭证是签发的报告。",
        "The operations report is made daily, weekly and monthly and signed by the data specialist in time; the "
        "signed report is the evidence.",
    ),
    "D2.2": T(
        "数据专员分析各渠道流量占比和访客行为（跳出、停留、转化漏斗）；凭证是带来源的分析。",
        "The data specialist analyses each channel's share and visitors' behaviour (bounces, dwell time, "
        "funnel); the analysis with its sources is the evidence.",
    ),
    "D2.3": T(
        "数据专员分析销售额、订单、转化、客单价、毛利和周转，对照目标；凭证是可下钻到订单的分析。",
        "The data specialist analyses sales, orders, conversion, order value, margin and turnover against the "
        "target; the analysis, down to the orders, is the evidence.",
    ),
    "D2.4": T(
        "数据专员分析新老客、复购、RFM 和服务履约；凭证是带定义的分析。",
        "The data specialist analyses new and returning customers, repurchase, RFM, service and fulfilment; the "
        "analysis with its definitions is the evidence.",
    ),
    "D3": T(
        "运营经理在时限内对数据发现作决策、派任务，并测量效果；凭证是从发现到效果的一页记录。",
        "The operations manager decides on findings in time, gives tasks and has the effect measured; the page "
        "from finding to effect is the evidence.",
    ),
    "G1": T(
        "每条规程都有负责人、时限和凭证；系统实时统计应办、准时、迟到和错过；凭证是合规看板。",
        "Every clause has an owner, a deadline and evidence; the system counts what was due, in time, late and "
        "missed; the compliance board is the evidence.",
    ),
    "G2": T(
        "每个人在一张清单上看到现在该做的事，按时限排列，超时上报主管；凭证是认领、交接和上报记录。",
        "Everybody finds what is asked of them in one list by due time, and what is late is escalated; claims, "
        "hand-overs and escalations are the evidence.",
    ),
    "G3": T(
        "规程里的数字都是有上下限的参数，主管修改须写原因；凭证是修改记录。",
        "Every number of the procedure is a bounded value that a supervisor changes with a reason; the history "
        "is the evidence.",
    ),
    "G4": T(
        "每次变更都留下何人、何时、何事、何故且不可改；个人信息打码，查看须写原因，可删除；凭证是留痕。",
        "Every change is on record, unalterable; personal data are masked, revealed only with a reason, and can "
        "be erased; the event log is the evidence.",
    ),
    "G5": T(
        "界面、文件和提示全部中英双语；凭证是每个页面。",
        "Screens, documents and errors are in both languages; every page shows it.",
    ),
    "G6": T(
        "页面上能做的，程序都能通过接口做；凭证是接口文档。",
        "What a person can do on screen a program can do over the API; the interface's own description shows it.",
    ),
}

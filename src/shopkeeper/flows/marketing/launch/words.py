"""Words of the desk launch: states, what checks find and how to mend it, what the gate tests, refusals."""

from enum import StrEnum

from shopkeeper.flows.marketing.launch.states import (
    CheckKey,
    CheckVerdict,
    GateState,
    MaterialKind,
    MaterialState,
    Verdict,
)
from shopkeeper.shared.words import T
from shopkeeper.sop.roles import Role
from shopkeeper.web.labels import Label

LABELS: dict[type[StrEnum], dict[StrEnum, Label]] = {
    MaterialState: {
        MaterialState.BRIEFED: Label(T("待设计", "To make"), "blue"),
        MaterialState.CHECKING: Label(T("检查中", "Being checked"), "blue"),
        MaterialState.IN_REVIEW: Label(T("待审核", "In review"), "amber"),
        MaterialState.RETURNED: Label(T("待修改", "To change"), "red"),
        MaterialState.APPROVED: Label(T("已通过", "Approved"), "green"),
        MaterialState.DROPPED: Label(T("已取消", "Dropped"), "grey"),
    },
    Verdict: {
        Verdict.WAITING: Label(T("检查中", "Being checked"), "blue"),
        Verdict.PASSED: Label(T("检查合格", "Checks passed"), "green"),
        Verdict.FAILED: Label(T("检查不合格", "Checks failed"), "red"),
    },
    GateState: {
        GateState.WAITING: Label(T("待测试", "To be tested"), "amber"),
        GateState.RUNNING: Label(T("测试中", "Being tested"), "blue"),
        GateState.GREEN: Label(T("已通过", "Passed"), "green"),
        GateState.RED: Label(T("未通过", "Not passed"), "red"),
        GateState.OVERRIDDEN: Label(T("特批放行", "Overridden"), "amber"),
        GateState.CLOSED: Label(T("已关闭", "Closed"), "grey"),
    },
    CheckVerdict: {
        CheckVerdict.GREEN: Label(T("通过", "Passed"), "green"),
        CheckVerdict.RED: Label(T("未通过", "Failed"), "red"),
        CheckVerdict.NOT_APPLICABLE: Label(T("不适用", "Not applicable"), "grey"),
    },
}
KINDS: dict[str, T] = {
    MaterialKind.POSTER: T("海报", "Poster"),
    MaterialKind.VIDEO: T("短视频", "Short film"),
    MaterialKind.COPY: T("文案", "Copy"),
}
CHECKS: dict[str, T] = {
    CheckKey.RULES: T("规则与价格生效", "Rules and prices hold"),
    CheckKey.EXAMPLES: T("算价用例", "Example carts"),
    CheckKey.COUPON_STOCK: T("券库存", "Coupons left"),
    CheckKey.COUPON_CLAIM: T("领券演练", "Claims rehearsed"),
    CheckKey.PRICING: T("结算演练", "Checkout rehearsed"),
    CheckKey.STOCK: T("备货", "Stock"),
    CheckKey.PRICE_LAW: T("价格合规", "Price law"),
    CheckKey.MARGIN: T("毛利", "Margin"),
    CheckKey.MATERIALS: T("素材", "Materials"),
    CheckKey.LISTING: T("商品在售", "On sale"),
}
# What a check looks at, in one line under its name.
ASKS: dict[str, T] = {
    CheckKey.RULES: T(
        "活动开始到结束，规则都已发布且有效；每个商品的活动价买家真的拿得到；方案和素材承诺的优惠都有规则。",
        "Every rule is published and holds from start to end; buyers can really reach every promised price; every offer "
        "promised in words has a rule.",
    ),
    CheckKey.EXAMPLES: T(
        "写下的购物车，按开始时的规则算价，一分不差。",
        "Carts written down come to the fen to what was expected at the start.",
    ),
    CheckKey.COUPON_STOCK: T(
        "开始时有可领的券，数量够预计访客。", "Coupons are open at the start, and enough for the visitors."
    ),
    CheckKey.COUPON_CLAIM: T(
        "在真实的券表上并发抢券：不多发、不超限、够快。",
        "Many claim at once on the real tables: none too many, nobody twice, fast.",
    ),
    CheckKey.PRICING: T(
        "同一个购物车反复算价：结果一致、够快。", "The same carts priced over and over: always alike, and fast."
    ),
    CheckKey.STOCK: T("可售库存不少于计划数量。", "What is sellable covers what is planned."),
    CheckKey.PRICE_LAW: T(
        "活动价不高于近期最低成交价；划线价有真实成交。",
        "No price above the recent lowest; no struck-through price nobody paid.",
    ),
    CheckKey.MARGIN: T(
        "所有优惠叠加后的最低到手价不亏本。", "The least a buyer can pay with everything combined covers the cost."
    ),
    CheckKey.MATERIALS: T("要做的素材都已审核通过。", "Every material asked for is approved."),
    CheckKey.LISTING: T("活动商品都在店铺里正常销售。", "Buyers find every SKU on sale in the shop."),
}
# What to do when it is red.
MENDED_BY: dict[str, Role] = {
    CheckKey.RULES: Role.CAMPAIGN_SPECIALIST,
    CheckKey.EXAMPLES: Role.CAMPAIGN_SPECIALIST,
    CheckKey.COUPON_STOCK: Role.CAMPAIGN_SPECIALIST,
    CheckKey.COUPON_CLAIM: Role.ENGINEERING,
    CheckKey.PRICING: Role.ENGINEERING,
    CheckKey.STOCK: Role.PRODUCT_SPECIALIST,
    CheckKey.PRICE_LAW: Role.CAMPAIGN_SPECIALIST,
    CheckKey.MARGIN: Role.CAMPAIGN_SPECIALIST,
    CheckKey.MATERIALS: Role.DESIGN,
    CheckKey.LISTING: Role.OPERATIONS_SUPERVISOR,
}


def who_mends(key: str, *, is_empty: bool = False) -> Role:
    """Who mends a red check; `is_empty` where it found nothing to look at: materials nobody asked for yet."""
    return Role.CAMPAIGN_SPECIALIST if is_empty and key == CheckKey.MATERIALS else MENDED_BY[key]


REMEDIES: dict[str, T] = {
    CheckKey.RULES: T(
        "发布或延长规则，或让商品定价、限时价达到活动价；方案承诺而没有规则的优惠，退回方案补规则或改文字。",
        "Publish or extend the rules, or price the goods as promised; where words promise what no rule gives, have the "
        "plan returned: attach a rule, or change the words.",
    ),
    CheckKey.EXAMPLES: T(
        "先看是用例写错还是规则配错：改用例，或修改规则后重新发布。不足时补写用例。",
        "See which is wrong, the example or the rule: mend it and publish anew. Write more where there are too few.",
    ),
    CheckKey.COUPON_STOCK: T(
        "新建或加大券批次，领取时间盖住活动开始。", "Make another batch that is open when the campaign starts."
    ),
    CheckKey.COUPON_CLAIM: T(
        "请技术查看演练记录；发券总数或限领异常时不要上线。",
        "Let engineering look; do not go live while counts are off.",
    ),
    CheckKey.PRICING: T(
        "请技术查看；算价慢时减少同时生效的规则。", "Let engineering look; fewer rules at once price faster."
    ),
    CheckKey.STOCK: T("补货、调低计划数量，或准备预售。", "Restock, plan fewer pieces, or prepare a presale."),
    CheckKey.PRICE_LAW: T(
        "调低活动价，或取消没有依据的划线价。", "Lower the campaign's price, or take off the unproved one."
    ),
    CheckKey.MARGIN: T(
        "提高活动价、减少叠加或换低成本商品。", "Raise the price, let fewer rules combine, or choose other goods."
    ),
    CheckKey.MATERIALS: T(
        "催交、审核，或取消不再需要的素材。", "Have them delivered and reviewed, or drop what is not needed."
    ),
    CheckKey.LISTING: T(
        "先在该店上架商品，处理下架或不一致。", "Publish the goods in that shop; settle what is down or unlike."
    ),
}
ASK_DESIGN = T("还没有要过素材：请设计做一件。", "No material was asked for yet: ask Design for a material.")
# Why one line of a check is red, or the whole of it.
WHYS: dict[str, T] = {
    "rule_not_published": T("没有发布", "Not published"),
    "rule_paused": T("已暂停", "Paused"),
    "promise_without_rule": T("没有规则给这个优惠", "No rule gives it"),
    "rule_begins_late": T("晚于活动开始才生效", "Begins after the campaign"),
    "rule_ends_early": T("活动结束前就失效", "Ends before the campaign"),
    "price_not_reached": T("买家拿不到活动价", "Buyers cannot reach the price"),
    "campaign_empty": T("活动没有商品也没有规则", "The campaign has neither goods nor rules"),
    "no_open_batch": T("开始时没有可领的券", "No batch is open at the start"),
    "coupons_short": T("券不够", "Too few coupons"),
    "claims_not_exact": T("发出的数量不准", "The counts are off"),
    "batch_not_open": T("规则没有发布，领不了", "Nothing can be claimed: the rule is not published"),
    "too_slow": T("太慢", "Too slow"),
    "price_failed": T("有购物车算不出价", "Some carts could not be priced"),
    "price_wavers": T("同一购物车算出不同价", "The same cart was priced differently"),
    "rehearsal_broke": T("演练中断", "The rehearsal broke"),
    "above_lowest": T("高于近期最低成交价", "Above the recent lowest price"),
    "strike_unproved": T("划线价没有真实成交", "Nobody paid the struck-through price"),
    "below_cost": T("低于成本", "Below cost"),
    "below_target": T("低于毛利目标", "Below the target margin"),
    "under_target": T("低于毛利目标（可上线）", "Below the target margin (may go live)"),
    "cost_unknown": T("没有成本", "The cost is not known"),
    "no_rules": T("活动没有促销规则", "The campaign has no rules"),
    "no_coupons": T("活动不用券", "The campaign uses no coupons"),
    "no_goods": T("活动没有指定商品", "The campaign names no goods"),
    "nothing_to_price": T("没有可算的购物车", "There is no cart to price"),
    "cart_sku_unknown": T("商品不存在", "Unknown SKU"),
    "cart_currencies": T("币种不同", "Unlike currencies"),
    "old": T("结果已过期", "The result is too old"),
    "changed": T("测试后规则、商品、价格或用例有改动", "Rules, goods, prices or examples have changed since"),
}
# What the checks of a material find: what is wrong, and what to do.
FINDINGS: dict[str, tuple[T, T]] = {
    "material_small": (
        T("像素 {measured}，要求至少 {limit}", "{measured} pixels, at least {limit} are wanted"),
        T("按要求的尺寸重新导出，不要放大。", "Export it at the wanted size; do not blow it up."),
    ),
    "material_ratio": (
        T("比例不符：{measured}，要求 {limit}", "Another ratio: {measured}, wanted {limit}"),
        T("按要求的比例重新排版。", "Lay it out in the wanted ratio."),
    ),
    "material_heavy": (
        T("文件 {measured} KB，上限 {limit} KB", "{measured} KB, the limit is {limit} KB"),
        T("压缩后再交。", "Compress it."),
    ),
    "off_brand": (
        T(
            "品牌色只占 {measured}%，至少 {limit}%（最近的颜色相差 ΔE {distance}，允许 {most}）",
            "Only {measured}% is in brand colours, at least {limit}% (the closest is ΔE {distance} away, {most} allowed)",
        ),
        T("主色换成品牌色。", "Use the brand's colours for what is large."),
    ),
    "brand_not_set": (
        T("店铺没有设置品牌色，没有核对颜色", "The shop has no brand colours; colours were not checked"),
        T("请先设置品牌色。", "Set the brand's colours first."),
    ),
    "film_damaged": (T("视频打不开", "The film does not open"), T("请重新导出 MP4。", "Export it as MP4 again.")),
    "film_without_picture": (
        T("视频没有画面", "The film has no picture"),
        T("请重新导出 MP4。", "Export it as MP4 again."),
    ),
    "film_long": (
        T("时长 {measured} 秒，上限 {limit} 秒", "{measured} s, the limit is {limit} s"),
        T("剪短。", "Cut it shorter."),
    ),
    "film_words_by_ear": (
        T("请看完视频，确认说到：{words}", "Watch it: does it say {words}?"),
        T("确认后在审核意见里写明。", "Say so in your remark."),
    ),
    "listed_word": (
        T("违禁词“{written}”：{ground}", "Prohibited word “{written}”: {ground}"),
        T("建议：{suggestion}", "Instead: {suggestion}"),
    ),
    "claim_lowest": (
        T("“{written}”属于最低价宣称，无法证明", "“{written}” claims a lowest price that nobody can prove"),
        T("删去，写明具体优惠。", "Take it off and say what is given."),
    ),
    "claim_former_price": (
        T("“{written}”宣称原价，须有真实成交", "“{written}” names a former price; somebody must have paid it"),
        T("核对价格记录；保留时写明依据。", "Check the price record; say what proves it if it stays."),
    ),
    "claim_unlike_rules": (
        T("“{written}”与活动规则不符（规则：{given}）", "“{written}” is not what the campaign gives ({given})"),
        T("改成规则里的优惠，或先改规则。", "Say what the rules give, or change the rules first."),
    ),
    "picture_text_not_checked": (
        T(
            "没有安装文字识别，图中文字请人工看一遍",
            "Text recognition is not installed; read what stands on it yourself",
        ),
        T(
            "请确认没有违禁词，优惠与活动规则一致。",
            "See that no word is prohibited and the offers are the campaign's.",
        ),
    ),
    "offer_not_said": (T("没有写出“{words}”", "It does not say “{words}”"), T("补上。", "Say it.")),
}
# What a person looks for on a picture that the checks could not read.
LOOK_FOR = T(
    "请确认写出了{words}，没有违禁词，优惠与活动规则一致。",
    "See that it says {words}, that no word is prohibited, and the offers are the campaign's.",
)
PLACES: dict[str, T] = {
    "file": T("文件", "File"),
    "pixels": T("画面", "Picture"),
    "colours": T("颜色", "Colours"),
    "text": T("文案", "Text"),
    "picture_text": T("图上文字", "Text on the picture"),
}
REFUSALS: dict[str, T] = {
    "campaign_over": T("活动已结束或取消，不用再做素材。", "The campaign is over; it needs no more materials."),
    "campaign_not_approved": T(
        "活动还没有批准。请先提交审批。", "The campaign is not approved yet. Have it approved first."
    ),
    "brief_untitled": T("请填写素材名称。", "Give the material a title."),
    "brief_due_past": T("交付时间要在以后。", "It has to be due later than now."),
    "brief_size": T("请填写宽和高（1 至 20000 像素）。", "Give width and height, 1 to 20,000 pixels."),
    "material_twice": T(
        "这个活动已有同名素材，要求不同。请换个名称。",
        "The campaign has another material of this title. Choose another.",
    ),
    "material_dropped": T("素材已取消。请新建一份要求。", "The material was dropped. Write another brief."),
    "material_checking": T("上一版还在检查，几秒后再交。", "The version before is being checked. Wait some seconds."),
    "text_needed": T("文案请直接写文字。", "A copy is handed in as text."),
    "file_needed": T("请上传文件。", "Hand in a file."),
    "file_missing": T("文件不在了，请重新上传。", "The file is not kept any more. Upload it again."),
    "file_unlike_kind": T(
        "文件内容与素材类型不符：海报要 JPEG 或 PNG，视频要 MP4。",
        "Its content is of another kind: posters are JPEG or PNG, films MP4.",
    ),
    "material_not_in_review": T("没有待审核的版本。请刷新查看。", "No version is in review. Reload the page."),
    "own_material": T("自己做的素材不能自己审核。请找别人。", "Nobody reviews what they made. Ask somebody else."),
    "advice_needs_reason": T(
        "检查有提醒，通过时请写明原因。", "The checks advise against it; give a reason to approve it."
    ),
    "material_not_approved": T("还没有通过的版本，不能使用。", "No version is approved; it cannot be used."),
    "place_needed": T("请填写渠道和位置。", "Give channel and place."),
    "colour_unknown": T("“{colour}”不是颜色。请写成 #RRGGBB。", "“{colour}” is no colour. Write it as #RRGGBB."),
    "colours_too_many": T("最多 {limit} 种品牌色。", "{limit} brand colours at most."),
    "gate_missing": T(
        "活动没有上线测试：批准后才有，上线后关闭。",
        "There is no gate: it opens when the campaign is approved and closes when live.",
    ),
    "gate_not_tested": T("还没有做上线测试。请先测试。", "The gate was never tested. Test it first."),
    "gate_running": T("上线测试正在进行，请等结果。", "The gate is being tested. Wait for the result."),
    "gate_red": T("上线测试未通过。请按提示处理后重新测试。", "The gate is red. Mend what it names and test again."),
    "gate_expired": T("上线测试结果已失效。请重新测试。", "The gate's result no longer counts. Test it again."),
    "gate_changed": T(
        "测试后规则、商品、价格或用例有改动。请重新测试。",
        "Rules, goods, prices or examples changed since. Test it again.",
    ),
    "gate_not_red": T("没有未通过的结果，不需要特批。", "Nothing is red; there is nothing to override."),
    "examples_not_overridden": T(
        "算价用例不符时不能特批：买家会付错钱。请先改正。",
        "Wrong example carts cannot be overridden: buyers would pay wrongly. Mend them.",
    ),
    "gate_run_over": T("这次测试已经结束。", "This test run is over."),
    "example_unnamed": T("请给用例起个名称。", "Give the example a name."),
    "example_amount": T("金额不对。", "An amount is out of bounds."),
    "example_twice": T("同名用例在这一批里出现了两次。", "Two examples of this name stand in the batch."),
    "not_a_rehearsal": T("这不是演练用的券。", "These coupons are no rehearsal's."),
}

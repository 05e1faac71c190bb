"""What checks find and how to mend it; why something is refused, and what to do then."""

from shopkeeper.shared.words import T

# Code of a finding: what is wrong (with the measured value and the limit), and what to do.
FINDINGS: dict[str, tuple[T, T]] = {
    "title_missing": (T("没有标题", "There is no title"), T("请填写标题。", "Write a title.")),
    "title_too_long": (
        T("{platform}标题 {size} 字节，上限 {limit}", "{platform} title has {size} bytes, the limit is {limit}"),
        T("请删去 {over} 字节（一个汉字 2 字节）。", "Take off {over:# byte|# bytes} (a Chinese character is 2)."),
    ),
    "title_too_many_characters": (
        T("{platform}标题 {size} 字，上限 {limit}", "{platform} title has {size} characters, the limit is {limit}"),
        T("请缩短标题。", "Shorten the title."),
    ),
    "title_emoji": (
        T("标题中有{platform}不收的符号：{found}", "The title has signs that {platform} refuses: {found}"),
        T("请删去表情和图形符号。", "Take off emoji and pictographs."),
    ),
    "title_word_repeated": (
        T("标题中“{word}”出现了 {count} 次", "The title says “{word}” {count} times"),
        T("请只保留一次，换成其他有人搜的词。", "Say it once; use the room for another word people search."),
    ),
    "core_keyword_missing": (
        T("没有核心词", "There is no core keyword"),
        T("请填写买家最常搜的那个词。", "Enter the word buyers search most."),
    ),
    "core_keyword_not_in_title": (
        T("标题中没有核心词“{keyword}”", "The title does not hold the core keyword “{keyword}”"),
        T("请把核心词写进标题，靠前为好。", "Put the keyword into the title, near its beginning."),
    ),
    "selling_points_missing": (
        T(
            "只有 {count} 条卖点，至少 {least} 条",
            "{count:# selling point|# selling points}, at least {least:# is|# are} wanted",
        ),
        T("每行写一条这件商品胜过别家的地方。", "Write one advantage of the goods per line."),
    ),
    "scenarios_missing": (
        T(
            "只有 {count} 条使用场景，至少 {least} 条",
            "{count:# usage scenario|# usage scenarios}, at least {least:# is|# are} wanted",
        ),
        T("每行写一个使用的时间、地点或人。", "Write one time, place or person of use per line."),
    ),
    "line_too_long": (
        T("第 {number} 条超过 {limit} 字", "Line {number} is over {limit} characters"),
        T("请拆成两条。", "Make two lines of it."),
    ),
    "line_twice": (T("有两条相同", "Two lines are the same"), T("请删去一条。", "Take one off.")),
    "platforms_missing": (
        T("没有选目标平台", "No platform is chosen"),
        T("请选择这件商品要上架的平台。", "Choose the platforms it is to be sold on."),
    ),
    "category_missing": (
        T("没有选三级类目", "No third-level category is chosen"),
        T("请选到第三级。", "Choose one of the third level."),
    ),
    "category_not_mapped": (
        T("类目没有对应{platform}的叶子类目", "The category has no leaf on {platform}"),
        T("请在类目页为它填写平台类目号。", "Enter the platform's leaf on the category page."),
    ),
    "attribute_missing": (T("缺少必填属性“{name}”", "The attribute “{name}” is missing"), T("请填写。", "Fill it in.")),
    "attribute_not_a_choice": (
        T("“{name}”的值“{value}”不在选项中", "“{value}” is no choice for “{name}”"),
        T("请从中选择：{choices}。", "Choose one of: {choices}."),
    ),
    "attribute_not_a_number": (
        T("“{name}”应为数值，现在是“{value}”", "“{name}” is to be a number, not “{value}”"),
        T("请填写数字和单位。", "Enter a number and its unit."),
    ),
    "attribute_unit": (
        T("“{name}”的单位不对：{value}", "“{name}” has the wrong unit: {value}"),
        T("请使用：{units}。", "Use one of: {units}."),
    ),
    "skus_missing": (
        T("没有在售规格", "No variant is on sale"),
        T("请至少添加一个规格。", "Add at least one variant."),
    ),
    "sku_without_spec": (
        T("规格 {code} 没有填写规格值", "Variant {code} has no specification"),
        T("多个规格时，每个都要写颜色、尺码等。", "With several variants each needs its colour, size and so on."),
    ),
    "sku_spec_twice": (
        T("规格“{spec}”有两个（{code}）", "Two variants are “{spec}” ({code})"),
        T("请改成不同的规格值。", "Make their specifications differ."),
    ),
    "sku_without_cost": (
        T("规格 {code} 没有成本", "Variant {code} has no cost"),
        T("填写后才能核算毛利。", "Enter it so that the margin can be known."),
    ),
    "no_reason_promised_though_exempt": (
        T("法定除外的商品也承诺了 7 天无理由", "Seven days are promised for goods the law exempts"),
        T(
            "可以多承诺，售后会照办；不想多承诺请取消。",
            "One may promise more; after-sale will keep to it. Else take it off.",
        ),
    ),
    "no_reason_not_promised": (
        T("适用 7 天无理由的商品没有作出承诺", "Goods due seven days without reason do not promise it"),
        T("请勾选“7 天无理由退换”，或注明法定除外的类别。", "Tick the promise, or say why the law exempts the goods."),
    ),
    "main_image_missing": (T("没有主图", "There is no main image"), T("请上传一张白底主图。", "Upload one on white.")),
    "images_too_few": (
        T("只有 {count} 张主图，至少 {least} 张", "{count:# picture|# pictures}, at least {least:# is|# are} wanted"),
        T("请补充不同角度的图片。", "Add pictures from other sides."),
    ),
    "images_too_many": (
        T(
            "{platform}最多 {limit} 张主图，现在 {count} 张",
            "{platform} takes {limit:# picture|# pictures}, there are {count}",
        ),
        T("请删去几张，或移到详情。", "Take some off, or make them detail images."),
    ),
    "details_too_many": (
        T(
            "{platform}最多 {limit} 张详情图，现在 {count} 张",
            "{platform} takes {limit:# detail image|# detail images}, there are {count}",
        ),
        T("请合并或删去几张。", "Join some or take them off."),
    ),
    "images_waiting": (
        T("{count} 张图片还在检查", "{count:# picture is|# pictures are} still being inspected"),
        T("稍等几秒再提交。", "Wait some seconds, then submit."),
    ),
    "images_failed": (
        T("{count} 张图片不合格", "{count:# picture has|# pictures have} failed"),
        T("请按图片下的说明更换。", "Replace them as said under each."),
    ),
    "picture_enormous": (
        T("图片像素过大（上限 {limit} 百万像素），没有解码", "More than {limit} megapixels: it was not opened"),
        T("请缩小到 1600 像素以内再上传。", "Make it 1,600 pixels or less, then upload it."),
    ),
    "picture_kind_unknown": (
        T("内容不是可识别的图片", "The content is no picture we know"),
        T("请另存为 JPG 或 PNG。", "Save it as JPG or PNG."),
    ),
    "picture_damaged": (
        T("图片损坏或不完整", "The picture is damaged or cut short"),
        T("请从原文件重新导出。", "Export it again from its source."),
    ),
    "picture_mislabelled": (
        T("文件名是 .{name}，内容却是 {kind}", "The file is called .{name} but is a {kind}"),
        T("请用正确的后缀另存，平台会按后缀拒收。", "Save it under its right ending; platforms go by it."),
    ),
    "picture_animated": (
        T("是动图（{frames} 帧）", "It is animated ({frames} frames)"),
        T("请只保留一帧。", "Keep a single frame."),
    ),
    "picture_cmyk": (
        T("是印刷用的 CMYK 颜色，网页上会偏色", "It has printing colours (CMYK), which look wrong on screens"),
        T("请转换为 sRGB 再导出。", "Convert it to sRGB and export it again."),
    ),
    "picture_blurred": (
        T("清晰度 {measured}，下限 {limit}", "Sharpness {measured}, at least {limit} is wanted"),
        T("请对焦重拍，或用未压缩的原图。", "Take it again in focus, or use the uncompressed original."),
    ),
    "picture_text_not_checked": (
        T(
            "没有安装文字识别，图中文字请人工看一遍",
            "Text recognition is not installed; read what stands on it yourself",
        ),
        T(
            "请确认没有不该有的文字、水印和二维码。",
            "See that it has no text that must not be there, no watermark and no code.",
        ),
    ),
    "picture_has_code": (
        T("图上有二维码", "There is a QR code on the picture"),
        T("平台禁止引流，请去掉二维码。", "Platforms forbid leading buyers away; take it off."),
    ),
    "picture_kind": (
        T("{platform}不收 {measured}，只收 {limit}", "{platform} takes {limit}, not {measured}"),
        T("请另存为其中一种。", "Save it as one of these."),
    ),
    "picture_bytes": (
        T("文件 {measured}，{platform}上限 {limit}", "{measured}; {platform} takes up to {limit}"),
        T("请降低质量或尺寸后另存。", "Save it with less quality or smaller."),
    ),
    "picture_small": (
        T("{measured} 像素，{platform}至少 {limit}", "{measured} pixels; {platform} wants {limit} at least"),
        T("请用更大的原图，不要放大。", "Use a larger original; do not scale it up."),
    ),
    "picture_narrow": (
        T("宽 {measured} 像素，{platform}至少 {limit}", "{measured} pixels wide; {platform} wants {limit} at least"),
        T("请用更宽的原图。", "Use a wider original."),
    ),
    "picture_wide": (
        T("宽 {measured} 像素，{platform}最多 {limit}", "{measured} pixels wide; {platform} takes up to {limit}"),
        T("请缩小。", "Make it smaller."),
    ),
    "picture_tall": (
        T("高 {measured} 像素，{platform}最多 {limit}", "{measured} pixels high; {platform} takes up to {limit}"),
        T("请切成几张。", "Cut it into several."),
    ),
    "picture_ratio": (
        T("{measured} 像素，{platform}要求 {limit}", "{measured} pixels; {platform} wants {limit}"),
        T("请裁成要求的比例。", "Crop it to that ratio."),
    ),
    "picture_not_white": (
        T("边框白色占 {measured}%，至少 {limit}%", "{measured}% of the border is white, at least {limit}% is wanted"),
        T("请抠图后换成纯白底（#FFFFFF）。", "Cut the goods out and put them on pure white (#FFFFFF)."),
    ),
    "picture_corner": (
        T("有一角只有 {measured}% 是白色，可能有角标", "One corner is only {measured}% white: a badge, perhaps"),
        T("请去掉角标、标志。", "Take badges and logos off."),
    ),
    "picture_subject_small": (
        T(
            "商品只占画面 {measured}%，至少 {limit}%",
            "The goods fill {measured}% of the picture, at least {limit}% is wanted",
        ),
        T("请靠近拍摄或裁剪。", "Go nearer or crop it."),
    ),
    "picture_has_text": (
        T("文字占画面 {measured}%，上限 {limit}%", "Text covers {measured}% of the picture, the limit is {limit}%"),
        T("主图不能有文字和水印，请换成无字原图。", "A main image has no text or watermark; use the plain original."),
    ),
    # What a review sends back: a word of the list of words, a place the reviewer marked.
    "listed_word": (
        T("违禁词“{word}”", "“{word}” is on the list of words"),
        T("建议：{suggestion}", "Say instead: {suggestion}"),
    ),
    "marked_place": (
        T("审核人要求修改：{note}", "The reviewer wants a change: {note}"),
        T("请修改后再提交。", "Change it, then submit again."),
    ),
}
REFUSALS: dict[str, T] = {
    "sku_code_unreadable": T(
        "商家编码为空、有空格或超过 60 个字符。", "The SKU code is empty, has spaces or is longer than 60 characters."
    ),
    "product_code_unreadable": T(
        "商品编码为空、有空格或超过 60 个字符。",
        "The product code is empty, has spaces or is longer than 60 characters.",
    ),
    "title_unreadable": T("标题为空或超过 200 个字符。", "The title is empty or longer than 200 characters."),
    "keyword_unreadable": T("核心词超过 60 个字符。", "The core keyword is longer than 60 characters."),
    "lines_unreadable": T(
        "卖点和场景各最多 20 条，每条 200 字以内。", "At most 20 selling points and 20 scenarios, 200 characters each."
    ),
    "description_too_long": T("详情超过 20,000 字。", "The description is longer than 20,000 characters."),
    "attributes_unreadable": T(
        "属性最多 60 个，名称 40 字、值 200 字以内，名称中没有冒号。",
        "At most 60 attributes; names up to 40 characters without a colon, values up to 200.",
    ),
    "platform_unknown": T("没有这个平台。", "There is no such platform."),
    "promise_unknown": T("没有这种服务承诺。", "There is no such promise."),
    "no_reason_unknown": T("没有这种退货类别。", "There is no such class of return."),
    "barcode_unreadable": T("条码为空或超过 60 个字符。", "The barcode is empty or longer than 60 characters."),
    "sku_name_too_long": T("规格名称超过 200 个字符。", "The variant's name is longer than 200 characters."),
    "sku_spec_too_long": T("规格值合起来超过 100 个字符。", "The specification is longer than 100 characters."),
    "sku_spec_unreadable": T(
        "规格名和规格值不能有冒号、分号和换行。", "A specification has no colon, semicolon or line break."
    ),
    "sku_figures": T(
        "重量、成本、价格不能为负，也不能大得离谱。", "Weight, cost and price are not negative and not beyond reason."
    ),
    "currency_unknown": T("币种应为三个字母。", "A currency is three letters."),
    "sku_code_taken": T(
        "商家编码 {sku} 已属于另一商品，请换一个。", "SKU code {sku} belongs to another product; use another one."
    ),
    "sku_not_found": T(
        "没有这个商家编码或条码的规格，请核对。", "No variant has this SKU code or barcode; look again."
    ),
    "alias_is_a_sku": T(
        "{alias} 本来就是一个规格的商家编码，不用对应。", "{alias} is a variant’s own SKU code: nothing is to be put."
    ),
    "alias_taken": T(
        "{alias} 已对应到另一规格。要改请先取消原来的对应。",
        "{alias} means another variant already. Take that away first to change it.",
    ),
    "barcode_taken": T(
        "条码 {barcode} 已属于另一规格，请核对。", "Barcode {barcode} belongs to another variant; look again."
    ),
    "skus_twice_or_too_many": T(
        "同一商家编码写了两次，或规格超过 {limit} 个。",
        "An SKU code stands twice, or there are more than {limit} variants.",
    ),
    "product_code_taken": T(
        "商品编码 {product} 已存在，请打开它来修改。", "There is a product {product} already; open that one to edit it."
    ),
    "category_unknown": T(
        "没有这个类目，或已停用。请刷新后重选。",
        "There is no such category, or it is retired. Reload and choose again.",
    ),
    "version_needed": T("请注明修改的是哪个版本。", "Say which version you edit."),
    "stale_version": T(
        "别人已保存到第 {version} 版（您看的是第 {yours} 版）。您填的内容还在，请对照后再保存。",
        "Somebody saved version {version} meanwhile (yours is {yours}). What you entered is still here: compare, then save.",
    ),
    "unchanged_since_returned": T(
        "商品退回后没有改动。请先修改；要原样再提交，请打开商品写明原因。",
        "Nothing has changed since it was returned. Mend it first, or open it and say why it is submitted as it is.",
    ),
    "under_review": T("商品正在审核，请先撤回再修改。", "The product is under review; withdraw it first."),
    "product_retired": T("商品已停用，请先恢复。", "The product is retired; revive it first."),
    "product_approved": T("这个版本已审核通过。", "This version is approved already."),
    "price_by_plan": T(
        "{code} 的价格由价格方案决定，请到“定价”提出。",
        "The price of {code} comes from price plans; propose it under Pricing.",
    ),
    "product_unfit": T("还有 {count} 处要改，见检查结果。", "{count:# thing|# things} to mend first; see the checks."),
    "not_under_review": T("商品不在审核中。", "The product is not under review."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "file_missing": T("没有这个文件，请重新上传。", "There is no such file; upload it again."),
    "images_over_limit": T("一件商品最多 {limit} 张图片。", "A product has at most {limit} pictures."),
    "images_changed": T("图片已有增减，请刷新后再排序。", "The pictures have changed; reload, then order them."),
    "category_name_unreadable": T(
        "类目名为空、超过 60 字或含有“/”。", "The name is empty, longer than 60 characters or has a “/”."
    ),
    "category_name_taken": T("同级已有“{name}”。", "There is a “{name}” on this level already."),
    "category_too_deep": T("类目只有三级，第三级下不能再加。", "There are three levels; nothing goes below the third."),
    "category_wrong_level": T(
        "只能移到上一级的类目下，层级不变。", "A category goes only under one of the level above its own."
    ),
    "category_cycle": T("不能移到自己或自己的下级之下。", "A category cannot go under itself or what is below it."),
    "category_in_use": T(
        "还有 {count} 件商品在用，请先把它们移到别的类目。",
        "{count:# product is in it; take it|# products are in it; take them} to another category first.",
    ),
    "category_not_a_leaf": T("只有第三级类目能对应平台类目。", "Only third-level categories are mapped."),
    "platform_leaf_unreadable": T(
        "平台类目号有空格或超过 60 个字符。", "The platform's leaf has spaces or is longer than 60 characters."
    ),
    "attribute_twice": T("属性名重复，或超过 60 个。", "An attribute stands twice, or there are more than 60."),
    "attribute_name_unreadable": T(
        "属性名为空、过长或含有冒号、分号。", "An attribute's name is empty, too long or has a colon or semicolon."
    ),
    "attribute_kind_unknown": T("没有这种属性类型。", "There is no such kind of attribute."),
    "attribute_without_choices": T("选项属性要写出选项。", "A choice needs its choices."),
    "tag_unknown": T("没有这个标签，可用：{known}。", "There is no such tag; known are {known}."),
    "price_not_positive": T("价格必须大于零。", "A price must be more than nothing."),
    "sku_unknown": T("没有这个规格。", "There is no such SKU."),
    "import_not_products": T(
        "表头里找不到“商品编码”和“商家编码”。请用导出的模板。",
        "The heading has no product code and no SKU code. Use the template.",
    ),
    "import_unreadable": T(
        "文件无法读取，请用原程序另存后再传。", "The file cannot be read; save it again from its program."
    ),
    "import_too_large": T(
        "表格太大（{rows} 行 × {columns} 列），上限 {limit} 行。请删去空行或拆分。",
        "The table is too large ({rows:# row|# rows} × {columns:# column|# columns}); {limit} rows are taken. Delete empty rows or split it.",
    ),
    "import_no_rows": T("表格里没有商品。", "There are no products in the table."),
    "import_ended": T("导入已结束。", "The import has ended."),
    "import_category_path": T(
        "类目要写三级，例如：服装/男装/T恤。", "Write three levels, such as Clothing/Men/T-shirts."
    ),
    "import_pairs": T("请写成“名：值”。", "Write it as “name: value”."),
    "import_amount": T("请填金额，最多两位小数，不为负。", "Enter an amount of at most two decimals, not negative."),
    "import_whole_number": T("请填整数。", "Enter a whole number."),
    "import_yes_or_no": T("请填“是”或“否”。", "Enter yes or no."),
    "import_rows_disagree": T("同一商品的几行写得不一样。", "The rows of one product say different things."),
}

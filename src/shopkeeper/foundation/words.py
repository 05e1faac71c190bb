"""Words of the foundation's own refusals."""

from shopkeeper.shared.words import T

REFUSALS: dict[str, T] = {
    "reason_needed": T("请写明原因。", "Give a reason."),
    "kind_unknown": T("没有这类含个人信息的记录。", "There are no such records with personal data."),
    "not_revealed": T("请先写明原因再查看。", "Give a reason first; then it is shown."),
    "erased": T("该买家的个人信息已删除，无法恢复。", "This person's data was erased and cannot be brought back."),
    "reveals_exhausted": T(
        "一小时内最多查看 {limit} 条个人信息。请稍后再试，或找主管。",
        "At most {limit:# reveal|# reveals} an hour. Wait a while, or ask your supervisor.",
    ),
    "name_needed": T("请给令牌起个名字。", "Give the token a name."),
    "only_in_person": T("只有本人登录后才能创建令牌。", "Only a person who signed in can make a token."),
    "permission_not_held": T(
        "令牌的权限不能超过你自己的：{permission}。", "A token cannot hold more than you do: {permission}."
    ),
    "token_not_shown": T(
        "令牌只在创建后十分钟内显示。请重新创建。", "A token is shown for ten minutes only. Make a new one."
    ),
    "table_empty": T("表格是空的。请选择有内容的文件。", "The table is empty. Choose a file with something in it."),
    "table_unreadable": T(
        "文件读不出来。请用原程序另存为 XLSX 或 CSV 再传。",
        "The file cannot be read. Save it as XLSX or CSV from its program, then send it again.",
    ),
    "table_row_unreadable": T(
        "第 {line} 行附近的引号没有配对，后面的行可能被吞掉，所以没有读入。请改正，或另存为 XLSX 再传。",
        "Near line {line} a quote is not closed and would swallow what follows, so nothing was read. "
        "Mend it, or save the table as XLSX.",
    ),
    "table_columns_missing": T(
        "缺少列：{missing}。文件里有：{found}。请改表头，或手工指定对应的列。",
        "Columns are missing: {missing}. The file has: {found}. Change the heading, or choose the columns by hand.",
    ),
    "table_too_long": T(
        "一次最多 {most} 行。请拆成几个文件。", "A file may have {most} rows at most. Split it into several."
    ),
    "table_too_large": T(
        "表格太大（{rows} 行 × {columns} 列）。请删去空行、空列，或拆分。",
        "The table is too large ({rows:# row|# rows} × {columns:# column|# columns}). Delete empty rows and columns, or split it.",
    ),
}

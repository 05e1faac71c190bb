"""Words of the foundation's own refusals."""

from shopkeeper.shared.words import T

REFUSALS: dict[str, T] = {
    "reason_needed": T("请写明原因。", "Give a reason."),
    "kind_unknown": T("没有这类含个人信息的记录。", "There are no such records with personal data."),
    "not_revealed": T("请先写明原因再查看。", "Give a reason first; then it is shown."),
    "erased": T("该买家的个人信息已删除，无法恢复。", "This person's data was erased and cannot be brought back."),
    "reveals_exhausted": T(
        "一小时内最多查看 {limit} 条个人信息。请稍后再试，或找主管。",
        "At most {limit} reveals an hour. Wait a while, or ask your supervisor.",
    ),
    "name_needed": T("请给令牌起个名字。", "Give the token a name."),
    "only_in_person": T("只有本人登录后才能创建令牌。", "Only a person who signed in can make a token."),
    "permission_not_held": T(
        "令牌的权限不能超过你自己的：{permission}。", "A token cannot hold more than you do: {permission}."
    ),
    "token_not_shown": T(
        "令牌只在创建后十分钟内显示。请重新创建。", "A token is shown for ten minutes only. Make a new one."
    ),
}

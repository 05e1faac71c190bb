"""Words of the procedure: refusals of its commands."""

from shopkeeper.shared.words import T

REFUSALS: dict[str, T] = {
    "not_allowed": T(
        "你的角色不能这样做。需要请找主管。", "Your role may not do this. Ask your supervisor if you need it."
    ),
    "bad_cursor": T("分页游标无效，请从头读取。", "The page cursor is not valid; start again."),
    "bad_request": T("请求无法读取，请检查参数。", "The request cannot be read; look at its parameters."),
    "not_found": T("没有这条记录，或不在你的范围内。", "There is no such record, or it is outside your scope."),
    "bad_data": T("数据不合规（{constraint}），未保存。", "The data breaks a rule ({constraint}); nothing was saved."),
    "reason_needed": T("请写明原因。", "Give a reason."),
    "claimed_by_other": T("已有同事认领。", "A colleague has taken it already."),
    "not_your_role": T("这项工作不属于你的岗位。", "This duty belongs to another role."),
    "not_their_role": T("对方不在这个岗位，请换一位。", "That person does not have the role; choose another."),
    "not_all_shops": T(
        "通用值影响所有店铺，你只管部分店铺。请按店铺设置。",
        "A general value concerns every shop and you see only some. Set it for your shop.",
    ),
    "policy_unknown": T("没有名为 {key} 的参数。", "There is no policy value called {key}."),
    "policy_wrong_type": T("{key} 的类型不对。", "{key} is of another type."),
    "policy_out_of_bounds": T("{key} 须在 {min} 到 {max} 之间。", "{key} must be between {min} and {max}."),
    "policy_not_a_choice": T("{key} 只能取 {choices}。", "{key} must be one of {choices}."),
    "policy_not_clock_times": T("请写成 9:00,14:00 这样的时间。", "Write times like 9:00,14:00."),
    "clause_unknown": T("规程里没有条款 {clause}。", "The procedure has no clause {clause}."),
    "person_unknown": T("没有这位在职员工。", "There is no such active person."),
}

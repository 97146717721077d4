"""Why a row is rejected: each reason's code, and what it says in both languages."""

# What stands in braces is filled in when rejects are listed: the row a duplicate repeats.
REASONS: dict[str, tuple[str, str]] = {
    "too_few_cells": ("单元格少于表头", "the row has fewer cells than the header"),
    "too_many_cells": ("单元格多于表头", "the row has more cells than the header"),
    "broken_quote": ("引号没有闭合，或引号之后不是分隔符", "a quotation mark is not closed, or not followed by a delimiter"),
    "bad_bytes": ("有不属于文件编码的字节", "has bytes that are not of the file's encoding"),
    "lost_digits": (
        "超过 15 位的数字在表格中已失真；请把这一列设为文本",
        "a number of more than 15 digits has lost some; make the column text",
    ),
    "missing": ("不能为空", "can't be empty"),
    "too_long": ("超过 80 个字符", "longer than 80 characters"),
    "control_character": ("含有控制字符或换行", "has a control character or a line break"),
    "duplicate": ("与本文件第 {first} 行重复", "is in row {first} of the same file already"),
    "unknown_matter": ("目录中没有这个事项编码", "no matter of the catalogue has this code"),
    "unknown_district": ("没有这个行政区划", "no region has this code or name"),
    "unknown_channel": (
        "不认识的渠道；应为 掌上办、网上办、自助办 或 窗口办，或在映射文件中对应",
        "unknown channel; write MOBILE, PC, KIOSK or HALL, or map the word",
    ),
    "unknown_bundle": ("没有这个一件事编码", "no bundle has this code"),
    "not_a_moment": ("应为日期或时间，如 2020-03-05 09:30:00", "expected a date or time such as 2020-03-05 09:30:00"),
    "not_a_flag": ("应为 是 或 否", "expected 是 (yes) or 否 (no)"),
    "too_early": ("早于 1990 年", "is before 1990"),
    "in_the_future": ("在将来", "is in the future"),
    "before_application": ("受理早于申请", "accepted before it was applied for"),
    "before_acceptance": ("办结早于受理", "decided before it was accepted"),
    "not_a_period": ("应为 2020、2020-03 或 2020-03-05", "expected 2020, 2020-03 or 2020-03-05"),
    "not_a_count": (
        "应为不小于 0 的整数、ND（未统计）或 NA（不提供）",
        "expected a whole number from 0, ND (not collected) or NA (not offered)",
    ),
}  # fmt: skip

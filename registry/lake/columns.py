"""The columns of the two kinds of files: cases, and volumes that a department reports.

Only these are ever kept. Every other column of a file must be told to go away.
"""

from dataclasses import dataclass

from registry.exchange.columns import folded


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name here, and the names it goes by elsewhere."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False


CASE_COLUMNS = (
    Column("case_no", ("办件编号", "办件流水号", "受理编号", "case_number"), required=True),
    Column("matter", ("事项编码", "matter_code", "task_code", "task_handle_item"), required=True),
    Column("district", ("行政区划", "区划代码", "region", "district_code"), required=True),
    Column("channel", ("渠道", "办理渠道", "受理渠道"), required=True),
    Column("applied_at", ("申请时间", "申办时间")),
    Column("accepted_at", ("受理时间",), required=True),
    Column("decided_at", ("办结时间",)),
    Column("assisted", ("是否帮办", "帮办代办")),
    Column("bundle", ("一件事编码", "bundle_code")),
    Column("withdrawn", ("是否撤回", "是否撤件")),
)
VOLUME_COLUMNS = (
    Column("matter", ("事项编码", "matter_code"), required=True),
    Column("district", ("行政区划", "区划代码", "region", "district_code")),
    Column("period", ("时期", "统计时期", "期间"), required=True),
    Column("channel", ("渠道", "办理渠道", "受理渠道"), required=True),
    Column("count", ("数量", "办件量", "受理量"), required=True),
)


def by_name(columns: tuple[Column, ...]) -> dict[str, Column]:
    """The columns by every name they go by, folded."""
    return {folded(name): column for column in columns for name in (column.name, *column.aliases)}

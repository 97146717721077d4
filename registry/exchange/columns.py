"""The columns of every file: one table that reading, writing and the README's list all follow.

A header is the national name where there is one. A field names what the cell fills
in the record; a point in it leads to a part (`promised_limit.amount`), and `wide.`
to what a matter's row says of its channels.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from registry import words
from registry.exchange.codes import SCHEMES
from registry.exchange.values import (
    CODE,
    CODES,
    COUNT,
    DATE,
    EXCEPTIONS,
    FLAG,
    HOURS,
    LATITUDE,
    LIMIT,
    LONGITUDE,
    MATERIALS,
    ORDINAL,
    TEXT,
    TEXTS,
    URL,
    Form,
    marker,
    national,
    one_of,
    some_of,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    `required`: every row must have it, or one of the fields in `instead`. `closes`: it need not be there, but where it
    is no cell may be empty, so that a row that was cut off shows. `refers`: the kind
    its codes are of. `written`: our own files have it. A column without a field is
    known and not kept.
    """

    header: str
    field: str | None
    form: Form = TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    instead: tuple[str, ...] = ()
    closes: bool = False
    refers: str | None = None
    written: bool = True


def unkept(header: str, *aliases: str) -> Column:
    """A national column that the registry has no place for."""
    return Column(header, None, aliases=aliases, written=False)


def wide(header: str, field: str, form: Form, *aliases: str, refers: str | None = None) -> Column:
    """A column of a matter's row that tells of a channel."""
    return Column(header, f"wide.{field}", form, aliases, refers=refers, written=False)


UNIT = one_of(words.LimitUnit)
ILLUSTRATIVE = Column("illustrative", "illustrative", FLAG, ("示例", "是否示例"), closes=True)

REGIONS = (
    Column("code", "code", CODE, ("region_code", "行政区划代码", "区划代码"), required=True),
    Column("name", "name", TEXT, ("region_name", "区划名称", "名称"), required=True),
    Column("name_en", "name_en", TEXT, ("英文名称",)),
    Column("level", "level", one_of(words.RegionLevel), ("区划级别", "级别"), required=True),
    Column("parent", "parent", CODE, ("上级区划",), refers="regions"),
    Column("valid_from", "valid_from", DATE, ("启用日期",)),
    Column("valid_to", "valid_to", DATE, ("停用日期",)),
    Column("successors", "successors", CODES, ("后继区划",), refers="regions"),
    Column("record", "record", marker("行政区划", "region"), closes=True),
)
DEPARTMENTS = (
    Column("code", "code", CODE, ("dept_code", "部门编码"), required=True),
    Column("name", "name", TEXT, ("dept_name", "部门名称", "名称"), required=True),
    Column("short_name", "short_name", TEXT, ("简称",)),
    Column("name_en", "name_en", TEXT, ("英文名称",)),
    Column("telephone", "telephone", TEXT, ("电话",)),
    Column("address", "address", TEXT, ("地址",)),
    Column("record", "record", marker("部门", "department"), closes=True),
)
PLACES = (
    Column("code", "code", CODE, ("地点编码",), required=True),
    Column("name", "name", TEXT, ("地点名称", "名称"), required=True),
    Column("kind", "kind", one_of(words.PlaceKind), ("地点类型",), required=True),
    Column("region", "region", CODE, ("行政区划",), required=True, refers="regions"),
    Column("address", "address", TEXT, ("地址",)),
    Column("longitude", "longitude", LONGITUDE, ("经度",)),
    Column("latitude", "latitude", LATITUDE, ("纬度",)),
    Column("telephone", "telephone", TEXT, ("电话",)),
    Column("hours", "hours", HOURS, ("开放时间",)),
    Column("exceptions", "exceptions", EXCEPTIONS, ("例外日期",)),
    Column("departments", "departments", CODES, ("进驻部门",), refers="departments"),
    ILLUSTRATIVE,
)
MATTERS = (
    Column("code", "code", CODE, ("事项编码",), required=True, instead=tuple(SCHEMES)),
    Column("code_scheme", "scheme", CODE, ("scheme", "编码体系")),
    Column("catalog_code", "catalog_code", national("catalog_code"), ("基本编码",)),
    Column("task_code", "task_code", national("task_code"), ("实施编码",)),
    Column("task_handle_item", "task_handle_item", national("task_handle_item"), ("业务办理项编码",)),
    Column("task_name", "name", TEXT, ("name", "事项名称", "名称"), required=True),
    Column("task_name_en", "name_en", TEXT, ("name_en", "英文名称")),
    Column(
        "dept_code", "department", CODE, ("department", "部门编码", "实施主体编码"),
        required=True, instead=("dept_name",), refers="departments",
    ),
    Column("dept_name", "dept_name", TEXT, ("部门", "部门名称", "实施主体"), written=False),
    Column("catalogue", "catalogue", one_of(words.Catalogue), ("目录",)),
    Column("task_type", "type", one_of(words.MatterType), ("type", "事项类型")),
    Column("server_type", "service_objects", some_of(words.ServiceObject), ("service_objects", "服务对象")),
    Column("life_stages", "life_stages", some_of(words.LifeStage), ("人生阶段", "生命周期")),
    Column("use_level", "level", one_of(words.AuthorityLevel), ("level", "行使层级")),
    Column("project_type", "handling", one_of(words.Handling), ("handling", "办件类型")),
    Column("anticipate_day", "statutory_limit.amount", LIMIT, ("法定办结时限",)),
    Column("anticipate_type", "statutory_limit.unit", UNIT, ("法定办结时限单位",)),
    Column("promise_day", "promised_limit.amount", COUNT, ("承诺办结时限",)),
    Column("promise_type", "promised_limit.unit", UNIT, ("承诺办结时限单位",)),
    Column("limit_scene_num", "visits", COUNT, ("visits", "到办事现场次数")),
    Column("limit_scene_explain", "visits_reason", TEXT, ("visits_reason", "必须现场办理原因")),
    Column("handle_type", "handle_forms", some_of(words.HandleForm), ("handle_forms", "办理形式")),
    Column("is_fee", "fee", FLAG, ("fee", "是否收费")),
    Column("fee_standard", "fee_standard", TEXT, ("收费标准",)),
    Column("is_pay_online", "pays_online", FLAG, ("是否支持网上支付",)),
    Column("is_schedule", "by_appointment", FLAG, ("是否支持预约办理",)),
    Column("is_mail_result", "mails_result", FLAG, ("结果是否邮寄",)),
    Column("materials", "materials", MATERIALS, ("申请材料",)),
    Column("accept_condition", "conditions", TEXT, ("conditions", "受理条件")),
    Column("legal_basis", "legal_basis", TEXTS, ("设定依据",)),
    Column("handle_area", "handling_area", one_of(words.HandlingArea), ("handling_area", "通办范围")),
    Column("keywords", "keywords", TEXTS, ("关键词",)),
    Column("batch", "batch", TEXT, ("批次",)),
    Column("task_version", "version", ORDINAL, ("version", "事项版本")),
    Column("task_state", "state", one_of(words.MatterState), ("state", "事项状态")),
    Column("plan_effective_date", "effective_from", DATE, ("effective_from", "计划生效日期")),
    Column("plan_cancel_date", "effective_to", DATE, ("effective_to", "计划取消日期")),
    ILLUSTRATIVE,
    wide("region", "region", CODE, "行政区划", refers="regions"),
    wide("mobile_terminal_url", "MOBILE.url", URL, "移动端办理地址"),
    wide("is_online", "PC.offered", FLAG, "是否网上办理"),
    wide("online_handle_url", "PC.url", URL, "网上办理地址"),
    wide("online_handle_depth", "PC.depth", one_of(words.OnlineDepth), "网上办理深度"),
    wide("is_service_terminals", "KIOSK.offered", FLAG, "是否支持自助终端办理"),
    wide("terminal_processing_url", "KIOSK.url", URL, "自助终端办理地址"),
    wide("is_entry_center", "HALL.offered", FLAG, "是否进驻政务大厅"),
    wide("center_name", "HALL.place", TEXT, "政务大厅名称"),
    wide("transact_addr", "HALL.address", TEXT, "办理地点"),
    wide("transact_time", "HALL.hours", TEXT, "办理时间"),
    unkept("link_addr", "办事指南地址"),
    unkept("power_source", "权力来源"),
    unkept("app_is_single_login"),
    unkept("is_single_login"),
    unkept("is_express"),
    unkept("is_mail_material"),
)  # fmt: skip
OFFERS = (
    Column("matter", "matter", CODE, ("matter_code", "事项编码"), required=True, refers="matters"),
    Column("channel", "channel", one_of(words.Channel), ("渠道",), required=True),
    Column("region", "region", CODE, ("行政区划",), required=True, refers="regions"),
    Column("place", "place", CODE, ("办事地点",), refers="places"),
    Column("url", "url", URL, ("网址",)),
    Column("login", "login", one_of(words.LoginLevel), ("登录要求",)),
    Column("depth", "depth", one_of(words.OnlineDepth), ("online_handle_depth", "网上办理深度")),
    Column("hours", "hours", HOURS, ("办理时间",)),
    Column("valid_from", "valid_from", DATE, ("启用日期",)),
    Column("valid_to", "valid_to", DATE, ("停用日期",)),
    Column("reason", "reason", TEXT, ("原因",)),
    Column("status", "status", one_of(words.OfferStatus), ("状态",), required=True),
)
BUNDLES = (
    Column("code", "code", CODE, ("一件事编码",), required=True),
    Column("name", "name", TEXT, ("一件事名称", "名称"), required=True),
    Column("name_en", "name_en", TEXT, ("英文名称",)),
    Column("summary", "summary", TEXT, ("简介",)),
    Column("lead_department", "lead_department", CODE, ("牵头单位",), required=True, refers="departments"),
    Column("cooperating_departments", "cooperating_departments", CODES, ("配合单位",), refers="departments"),
    Column("audience", "audience", one_of(words.Audience), ("服务对象",)),
    Column("life_stages", "life_stages", some_of(words.LifeStage), ("人生阶段", "生命周期")),
    Column("promise_day", "promised_limit.amount", COUNT, ("承诺办结时限",)),
    Column("promise_type", "promised_limit.unit", UNIT, ("承诺办结时限单位",)),
    Column("forms", "forms", some_of(words.BundleForm), ("办理方式",)),
    Column("before_steps", "before.steps", COUNT, ("改革前环节",)),
    Column("before_materials", "before.materials", COUNT, ("改革前材料",)),
    Column("before_visits", "before.visits", COUNT, ("改革前跑动次数",)),
    Column("before_days", "before.days", COUNT, ("改革前时限",)),
    Column("after_steps", "after.steps", COUNT, ("改革后环节",)),
    Column("after_materials", "after.materials", COUNT, ("改革后材料",)),
    Column("after_visits", "after.visits", COUNT, ("改革后跑动次数",)),
    Column("after_days", "after.days", COUNT, ("改革后时限",)),
    Column("keywords", "keywords", TEXTS, ("关键词",)),
    Column("batch", "batch", TEXT, ("批次",)),
    Column("version", "version", ORDINAL, ("版本",)),
    Column("state", "state", one_of(words.MatterState), ("状态",)),
    Column("effective_from", "effective_from", DATE, ("生效日期",)),
    Column("effective_to", "effective_to", DATE, ("失效日期",)),
    ILLUSTRATIVE,
)
MEMBERS = (
    Column("bundle", "bundle", CODE, ("bundle_code", "一件事编码"), required=True, refers="bundles"),
    Column("matter", "matter", CODE, ("matter_code", "事项编码"), required=True, refers="matters"),
    Column("condition", "condition", TEXT, ("适用条件",)),
    # Cut off, a position is one that an earlier row has.
    Column("position", "position", ORDINAL, ("序号",), closes=True),
)

# In this order whatever a kind refers to has been read before it.
COLUMNS: dict[str, tuple[Column, ...]] = {
    "regions": REGIONS,
    "departments": DEPARTMENTS,
    "places": PLACES,
    "matters": MATTERS,
    "offers": OFFERS,
    "bundles": BUNDLES,
    "members": MEMBERS,
}


@cache
def columns_by_header(kind: str) -> dict[str, Column]:
    """A kind's columns by every name they go by, in `folded` form."""
    return {folded(name): column for column in COLUMNS[kind] for name in (column.header, *column.aliases)}


def is_filled(column: Column, fields: Collection[str | None]) -> bool:
    """Whether the column, or what may stand instead of it, is among the fields."""
    return any(field in fields for field in (column.field, *column.instead))


def folded(header: str) -> str:
    """A header without what people vary in it."""
    return "_".join(header.replace("-", " ").replace("\ufeff", "").casefold().split())

"""The field's closed vocabularies: one enum each, with the national code and both languages.

Provinces use other codes for the same words; a mapping file translates them on the
way in (`registry/exchange`), so that the rest of the house knows one vocabulary.
"""

from enum import Enum
from typing import Self


class Word(Enum):
    """A word with its national code (or our own where the nation has none), Chinese and English."""

    # Each is itself only. Enum hashes the name, in Python, and sets and tables of words are all over the house.
    __hash__ = object.__hash__

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The word that `text` means: by code, name in code, Chinese or English; None if it means none.

        A spreadsheet turns the code 01 into 1, so leading zeros don't count.
        """
        wanted = text.strip()
        short = wanted.lstrip("0") or wanted
        for word in cls:
            if wanted in (word.code, word.name, word.zh) or wanted.lower() == word.en.lower():
                return word
            if word.code.isdigit() and word.code.lstrip("0") == short:
                return word
        return None

    @classmethod
    def expected(cls) -> str:
        """What may be written, for an error message: `01 行政许可, 05 行政给付, …`."""
        return ", ".join(f"{word.code} {word.zh}" for word in cls)


class Channel(Word):
    """The four ends, in the order in which people are sent to them."""

    MOBILE = "mobile", "掌上办", "mobile"
    PC = "pc", "网上办", "PC"
    KIOSK = "kiosk", "自助办", "self-service kiosk"
    HALL = "hall", "窗口办", "hall"

    @property
    def rank(self) -> int:
        """Its place in that order, from 0."""
        return CHANNEL_RANKS[self]


CHANNEL_RANKS = {channel: rank for rank, channel in enumerate(Channel)}


class Catalogue(Word):
    """Matters for the public, and matters that offices do for each other and their staff."""

    PUBLIC = "public", "政务服务事项", "public services"
    INTERNAL = "internal", "机关内部办事事项", "internal office matters"


class MatterType(Word):
    """事项类型."""

    LICENCE = "01", "行政许可", "administrative licence"
    PENALTY = "02", "行政处罚", "administrative penalty"
    COERCION = "03", "行政强制", "administrative coercion"
    LEVY = "04", "行政征收", "administrative levy"
    BENEFIT = "05", "行政给付", "administrative benefit"
    INSPECTION = "06", "行政检查", "administrative inspection"
    CONFIRMATION = "07", "行政确认", "administrative confirmation"
    AWARD = "08", "行政奖励", "administrative award"
    RULING = "09", "行政裁决", "administrative ruling"
    OTHER = "10", "其他行政权力", "other administrative power"
    PUBLIC_SERVICE = "20", "公共服务", "public service"


class ServiceObject(Word):
    """服务对象: who may apply."""

    PERSON = "1", "自然人", "natural person"
    ENTERPRISE = "2", "企业法人", "enterprise"
    INSTITUTION = "3", "事业法人", "public institution"
    SOCIAL_ORGANISATION = "4", "社会组织法人", "social organisation"
    UNINCORPORATED = "5", "非法人企业", "unincorporated business"
    AUTHORITY = "6", "行政机关", "public authority"
    OTHER_ORGANISATION = "9", "其他组织", "other organisation"


class AuthorityLevel(Word):
    """行使层级."""

    NATION = "1", "国家级", "national"
    PROVINCE = "2", "省级", "provincial"
    CITY = "3", "市级", "city"
    COUNTY = "4", "县级", "county or district"
    TOWN = "5", "镇(乡、街道)级", "town or subdistrict"
    GRADED = "6", "分级管理", "graded"


class Handling(Word):
    """办件类型: decided on the spot, or within a promised time."""

    IMMEDIATE = "1", "即办件", "decided on the spot"
    COMMITTED = "2", "承诺件", "decided within the promised limit"


class HandleForm(Word):
    """办理形式: how an application may reach the office."""

    WINDOW = "1", "窗口办理", "at a window"
    ONLINE = "2", "网上办理", "online"
    POSTAL = "3", "快递申请", "by post"


class HandlingArea(Word):
    """通办范围: the area in which any window handles it."""

    NATION = "1", "全国", "the whole country"
    PROVINCE = "2", "全省", "the whole province"
    CITY = "3", "全市", "the whole city"
    COUNTY = "4", "全县", "the whole county or district"
    TOWN = "5", "全镇(乡、街道)", "the whole town or subdistrict"
    VILLAGES = "6", "跨村(社区)", "across villages"


class MatterState(Word):
    """A matter's own state; whether a channel is open is said by its offers."""

    IN_USE = "1", "在用", "in use"
    PAUSED = "2", "暂停", "paused"
    CANCELLED = "3", "取消", "cancelled"


class OfferStatus(Word):
    """What a channel offers for a matter. UNKNOWN is its own answer, never "not offered"."""

    AVAILABLE = "available", "可办", "available"
    SUSPENDED = "suspended", "暂停办理", "suspended"
    PLANNED = "planned", "计划开通", "planned"
    NOT_OFFERED = "not_offered", "不提供", "not offered"
    UNKNOWN = "unknown", "未知", "unknown"


class LoginLevel(Word):
    """What a person must have proved to a channel, from least to most."""

    NONE = "0", "无需登录", "no login"
    ACCOUNT = "1", "注册账号", "registered account"
    REAL_NAME = "2", "实名认证", "verified real name"
    FACE = "3", "人脸核验", "face check"


class OnlineDepth(Word):
    """网上办理深度: how much of the matter can be done there."""

    CONSULT = "1", "I级（咨询）", "level I: ask"
    INTAKE = "2", "II级（收件）", "level II: hand in"
    ACCEPTANCE = "3", "III级（受理）", "level III: accepted online"
    WHOLE = "4", "IV级（全程网办）", "level IV: wholly online"


class LimitUnit(Word):
    """Units of a time limit."""

    WORKING_DAY = "1", "工作日", "working day"
    MONTH = "2", "月", "month"
    YEAR = "3", "年", "year"
    DAY = "4", "天", "day"


class MaterialForm(Word):
    """How a document is brought."""

    ORIGINAL = "original", "原件", "original"
    COPY = "copy", "复印件", "copy"
    ELECTRONIC = "electronic", "电子证照", "electronic certificate, fetched by the office"
    FORM = "form", "填写表单", "form to fill in"


class Audience(Word):
    """Whom a life stage or bundle is for."""

    PERSON = "person", "个人", "people"
    ENTERPRISE = "enterprise", "企业", "enterprises"


class LifeStage(Word):
    """The stages of a person's life and of an enterprise's."""

    BIRTH = "birth", "出生", "birth"
    SCHOOLING = "schooling", "上学", "schooling"
    EMPLOYMENT = "employment", "就业", "employment"
    MARRIAGE = "marriage", "婚育", "marriage and children"
    HOUSING = "housing", "置业", "buying a home"
    RELIEF = "relief", "救助", "relief"
    MEDICAL = "medical", "就医", "medical care"
    RETIREMENT = "retirement", "退休", "retirement"
    OLD_AGE = "old_age", "养老", "old age"
    AFTER_DEATH = "after_death", "身后", "after a death"
    START_UP = "start_up", "企业开办", "starting an enterprise"
    PREMISES = "premises", "场地获得", "getting premises"
    HIRING = "hiring", "员工招聘", "hiring"
    OPERATION = "operation", "生产经营", "operation"
    RIGHTS = "rights", "权益保护", "protecting rights"
    CLOSURE = "closure", "清算注销", "winding up"

    @property
    def audience(self) -> Audience:
        """Whose life it is a stage of."""
        order = list(type(self))
        enterprise = order.index(self) >= order.index(LifeStage.START_UP)
        return Audience.ENTERPRISE if enterprise else Audience.PERSON


class BundleForm(Word):
    """The three promises a bundle makes."""

    ONLINE = "online", "网上办", "online, on a PC"
    MOBILE = "mobile", "掌上办", "on a mobile"
    ONE_WINDOW = "one_window", "一窗办", "at one window"


class RegionLevel(Word):
    """Levels of GB/T 2260 that a city needs."""

    PROVINCE = "province", "省", "province"
    CITY = "city", "设区的市", "city"
    DISTRICT = "district", "区", "district"
    COUNTY = "county", "县", "county"
    COUNTY_CITY = "county_city", "县级市", "county-level city"


class PlaceKind(Word):
    """Kinds of places where matters are done in person."""

    HALL = "hall", "办事大厅", "hall"
    # A vehicle office or a marriage registry: only for the matters whose offers name it.
    SPECIAL = "special", "专门大厅", "specialised hall"
    KIOSK = "kiosk", "自助终端", "self-service kiosk"


class RecordKind(Word):
    """Kinds of what readers see, as changes are told of them."""

    REGION = "region", "行政区划", "region"
    DEPARTMENT = "department", "部门", "department"
    PLACE = "place", "办事地点", "place"
    MATTER = "matter", "事项", "matter"
    BUNDLE = "bundle", "一件事", "bundle"
    CLOSURE = "closure", "停办", "closure"
    LINK = "link", "网址", "address"


class RecordAction(Word):
    """What a change did to a record."""

    ADD = "add", "新增", "added"
    CHANGE = "change", "更改", "changed"
    REMOVE = "remove", "移除", "removed"


VOCABULARIES: tuple[type[Word], ...] = (
    Channel, Catalogue, MatterType, ServiceObject, AuthorityLevel, Handling, HandleForm,
    HandlingArea, MatterState, OfferStatus, LoginLevel, OnlineDepth, LimitUnit, MaterialForm,
    Audience, LifeStage, BundleForm, RegionLevel, PlaceKind, RecordKind, RecordAction,
)  # fmt: skip

"""Routing's own closed vocabularies."""

from registry.words import Word


class Device(Word):
    """What the person has at hand."""

    PHONE = "phone", "手机", "phone"
    COMPUTER = "computer", "电脑", "computer"
    KIOSK = "kiosk", "在自助终端旁", "at a kiosk"
    NONE = "none", "无设备", "none"


class Preference(Word):
    """How the person would rather do it."""

    BY_MYSELF = "by_myself", "自己办理", "by myself"
    WITH_HELP = "with_help", "有人协助", "with help"
    ELDERLY = "elderly", "适老服务", "elderly mode"


class ReasonCode(Word):
    """Why not, or what to know before going there."""

    MATTER_MISSING = "matter_missing", "事项不存在", "no such matter"
    MATTER_CANCELLED = "matter_cancelled", "事项已取消", "matter cancelled"
    MATTER_ENDED = "matter_ended", "事项已停止实施", "matter no longer in effect"
    MATTER_PAUSED = "matter_paused", "事项已暂停", "matter paused"
    MATTER_NOT_YET = "matter_not_yet", "事项尚未实施", "matter not yet in effect"
    NOT_FOR_YOU = "not_for_you", "不属服务对象", "not for this service object"
    NOT_OFFERED = "not_offered", "不提供", "not offered"
    UNKNOWN = "unknown", "情况未知", "unknown"
    OTHER_REGION = "other_region", "仅限其他区域", "another region"
    PLANNED = "planned", "计划开通", "planned"
    SUSPENDED = "suspended", "暂停办理", "suspended"
    NOT_YET_VALID = "not_yet_valid", "尚未开始", "not yet valid"
    NO_LONGER_VALID = "no_longer_valid", "已经结束", "no longer valid"
    OUT_OF_ORDER = "out_of_order", "临时停用", "closed for a time"
    BROKEN_LINK = "broken_link", "网址失效", "address known broken"
    LOGIN_TOO_LOW = "login_too_low", "登录级别不够", "needs a higher login level"
    WRONG_DEVICE = "wrong_device", "设备不符", "another device is needed"
    CLOSED_NOW = "closed_now", "不在开放时间", "outside hours"
    PARTLY = "partly", "只能办一部分", "only part can be done there"
    NO_ADDRESS = "no_address", "未登记地址", "no address is known"
    BETTER_CHANNEL = "better_channel", "有更好的渠道", "a better channel was taken"
    PREFERS_HALL = "prefers_hall", "偏好大厅", "the hall is preferred"


class Standing(Word):
    """What a verdict says of a channel."""

    TAKEN = "taken", "选用", "taken"
    PASSED_OVER = "passed_over", "可办，未选用", "possible, passed over"
    IMPOSSIBLE = "impossible", "现在不能办", "cannot be done there now"


class Applies(Word):
    """Whether a bundle's member applies to this person."""

    YES = "yes", "适用", "applies"
    NO = "no", "不适用", "does not apply"
    DEPENDS = "depends", "视情况", "depends"

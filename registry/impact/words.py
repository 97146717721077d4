"""Impact's own closed vocabularies."""

from registry.words import Word


class Turn(Word):
    """What becomes of a channel, or of a promise to be done on it."""

    KEPT = "kept", "保持", "kept"
    GAINED = "gained", "新增", "gained"
    LOST = "lost", "失去", "lost"
    # Of a promise: it was broken before the edit already.
    STILL_NOT = "still_not", "仍不能", "still not"
    # Of promises only: no longer made.
    DROPPED = "dropped", "不再承诺", "no longer promised"


# What is a change, of all that may become of a channel or a promise.
TURNED = frozenset({Turn.GAINED, Turn.LOST, Turn.DROPPED})


class Weight(Word):
    """What a finding means for publishing."""

    BLOCKS = "blocks", "不能发布", "can’t be published"
    ASKS = "asks", "须说明理由方可发布", "may be published with a reason"
    TELLS = "tells", "仅提示", "to know"


class Code(Word):
    """What an impact finds, by the name that programs go by."""

    EMPTY_BUNDLE = "empty_bundle", "没有事项", "no members"
    UNKNOWN_MATTER = "unknown_matter", "事项不存在", "no such matter"
    DUPLICATE_MEMBER = "duplicate_member", "事项重复", "a member twice"
    WITHDRAWN_MATTER = "withdrawn_matter", "事项已停止", "a matter that is no more"
    PROMISE_BROKEN = "promise_broken", "承诺做不到", "a promise breaks"
    PROMISE_DROPPED = "promise_dropped", "不再承诺", "a promise is dropped"
    PROMISE_BROKEN_BEFORE = "promise_broken_before", "承诺原已做不到", "a promise broken before"
    MATTER_LEFT_OUT = "matter_left_out", "事项不再属于任何一件事", "a matter left out of every bundle"
    VISITS_UNDERSTATED = "visits_understated", "公布的跑动次数偏少", "more visits than stated"


class Figure(Word):
    """What doing a bundle costs a person."""

    VISITS = "visits", "到现场次数", "visits"
    MATERIALS = "materials", "材料", "documents"
    STEPS = "steps", "环节", "steps"
    WORKING_DAYS = "working_days", "承诺时限（工作日）", "promised limit in working days"

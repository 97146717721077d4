"""What people are told: for each reason its sentence, and what would lift it, in Chinese and English.

What stands in [ ] is left out where a particular of it is unknown.
"""

from typing import NamedTuple

from registry.routing.words import ReasonCode
from registry.words import Channel, OnlineDepth


class Text(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


# How each channel is spoken of.
AT = {
    Channel.MOBILE: Text("手机", "on a phone"),
    Channel.PC: Text("电脑", "on a computer"),
    Channel.KIOSK: Text("自助终端", "at a self-service kiosk"),
    Channel.HALL: Text("大厅窗口", "at a window in the hall"),
}

# What is left to do when a channel goes only so far.
LEFT = {
    OnlineDepth.CONSULT: Text("只能咨询，申请要另行提交", "only questions are answered; apply elsewhere"),
    OnlineDepth.INTAKE: Text(
        "可以提交材料，受理和领证要另行办理", "documents are taken in; acceptance and the result are elsewhere"
    ),
    OnlineDepth.ACCEPTANCE: Text("可以受理，还须到现场", "it is accepted there; you still have to come"),
    OnlineDepth.WHOLE: Text("", ""),
}

R = ReasonCode
SENTENCES: dict[ReasonCode, Text] = {
    R.MATTER_MISSING: Text("目录中没有编码为“{matter}”的事项", "the catalogue has no matter {matter}"),
    R.MATTER_CANCELLED: Text(
        "该事项已取消[，实施至{until}]", "this matter was cancelled[; it was in effect until {until}]"
    ),
    R.MATTER_ENDED: Text("该事项已停止实施，实施至{until}", "this matter was in effect until {until}"),
    R.MATTER_PAUSED: Text("该事项暂停办理", "this matter is paused"),
    R.MATTER_NOT_YET: Text("该事项自{since}起实施", "this matter takes effect on {since}"),
    R.NOT_FOR_YOU: Text("该事项面向{served}，不面向{asked}", "this matter is for: {served}; not for: {asked}"),
    R.NOT_OFFERED: Text("不能在{at}办理[：{why}]", "it is not offered {at}[: {why}]"),
    R.UNKNOWN: Text("能否在{at}办理，目录未载明", "the catalogue does not say whether it is offered {at}"),
    R.OTHER_REGION: Text("在{at}办理仅限{regions}", "it is offered {at} only for {regions}"),
    R.PLANNED: Text(
        "计划在{at}开通[，自{since}起][；原定{overdue}，尚未公布开通][：{why}]",
        "it is planned {at}[ from {since}][; it was due on {overdue} and is not yet announced][: {why}]",
    ),
    R.SUSPENDED: Text(
        "在{at}暂停办理[，至{until}][；原定至{overdue}，尚未公布恢复][：{why}]",
        "it is suspended {at}[ until {until}][; it was to end on {overdue} and no end is announced][: {why}]",
    ),
    R.NOT_YET_VALID: Text("自{since}起才可在{at}办理", "it can be done {at} only from {since}"),
    R.NO_LONGER_VALID: Text("在{at}办理已于{until}结束[：{why}]", "it could be done {at} until {until}[: {why}]"),
    R.OUT_OF_ORDER: Text(
        "[{place}：]临时停用，{why}[，预计{until}恢复]",
        "[{place}: ]closed for a time, {why}[, expected back {until}]",
    ),
    R.BROKEN_LINK: Text("办理网址已确认失效：{url}", "the address is known to be broken: {url}"),
    R.LOGIN_TOO_LOW: Text("需要“{needed}”，现为“{held}”", "it needs: {needed}; held: {held}"),
    R.WRONG_DEVICE: Text("要在{at}办理，手边没有", "it is done {at}, and none is at hand"),
    R.CLOSED_NOW: Text(
        "[{place}：]现在不开放[（{why}）][，下次开放{opens}]",
        "[{place}: ]closed now[ ({why})][, opens {opens}]",
    ),
    R.PARTLY: Text("在{at}不能全程办完[，深度为{depth}]：{left}", "only part can be done {at}[, {depth}]: {left}"),
    R.NO_ADDRESS: Text("在{at}办理的具体地址未登记", "no address is registered for doing it {at}"),
    R.BETTER_CHANNEL: Text("可以在{at}办，{chosen}更方便", "it can be done {at}; it is easier {chosen}"),
    R.PREFERS_HALL: Text(
        "可以在{at}办，按“{preference}”优先大厅", "it can be done {at}; the hall goes first: {preference}"
    ),
}

REMEDIES: dict[ReasonCode, Text] = {
    R.MATTER_NOT_YET: Text("{since}起可以办理", "it can be done from {since}"),
    R.MATTER_PAUSED: Text(
        "请向{office}[（电话{telephone}）]询问恢复时间", "ask {office}[ ({telephone})] when it resumes"
    ),
    R.NOT_FOR_YOU: Text("请由{served}申请，或到大厅咨询", "let one of these apply, or ask in the hall: {served}"),
    R.UNKNOWN: Text("请向{office}[（电话{telephone}）]询问", "ask {office}[ ({telephone})]"),
    R.OTHER_REGION: Text("在{regions}可以办理", "it can be done in {regions}"),
    R.PLANNED: Text("[{since}起可在{at}办理]", "[from {since} it can be done {at}]"),
    R.SUSPENDED: Text("[{until}之后可再试]", "[try again after {until}]"),
    R.NOT_YET_VALID: Text("{since}起可在{at}办理", "from {since} it can be done {at}"),
    R.OUT_OF_ORDER: Text("[{until}之后可再试]", "[try again after {until}]"),
    R.LOGIN_TOO_LOW: Text("请先完成“{needed}”", "first complete this: {needed}"),
    R.WRONG_DEVICE: Text("请用{at}办理", "do it {at}"),
    R.CLOSED_NOW: Text("[请在{opens}之后办理]", "[come after {opens}]"),
    R.PARTLY: Text(
        "可先在{at}开始，余下的到{where}[（{address}）]办完",
        "begin {at}, finish at {where}[ ({address})]",
    ),
    R.NO_ADDRESS: Text(
        "请按事项名称查找，或向{office}[（电话{telephone}）]询问", "look for its name, or ask {office}[ ({telephone})]"
    ),
    R.PREFERS_HALL: Text("如愿自己办理，可在{at}办", "it can be done by yourself {at}"),
}

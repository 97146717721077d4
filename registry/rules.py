"""The rules across fields: those a Zhejiang city's own audit applies (1-6), and ours.

What is unknown breaks no rule, with two exceptions: a matter without a word about
the hall breaks rule 7, and a channel that is known to be closed without a word of
why, rule 10. Cancelled matters and bundles need keep neither 7 nor 8. Dates play no
part: nothing here reads the clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from registry.bundles import Bundle
from registry.holdings import Holdings
from registry.matters import Matter, Offer, TimeLimit
from registry.words import (
    Audience,
    BundleForm,
    Channel,
    HandleForm,
    Handling,
    MatterState,
    OfferStatus,
    OnlineDepth,
    ServiceObject,
)

ONLINE = (Channel.MOBILE, Channel.PC)
CLOSED = (OfferStatus.SUSPENDED, OfferStatus.PLANNED, OfferStatus.NOT_OFFERED)
# What keeps each promise of a bundle.
KEEPERS = {BundleForm.MOBILE: Channel.MOBILE, BundleForm.ONLINE: Channel.PC, BundleForm.ONE_WINDOW: Channel.HALL}


@dataclass(frozen=True, slots=True)
class Problem:
    """One breach of a rule, by one record."""

    rule: int | str
    kind: str
    code: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.kind} {self.code} [{self.rule}] {self.zh} / {self.en}"


Said = tuple[str, str]
MatterRule = Callable[[Matter], Iterator[Said]]
BundleRule = Callable[[Bundle, Holdings], Iterator[Said]]


def problems(holdings: Holdings) -> Iterator[Problem]:
    """Every breach of every rule, matters first, each kind in the order held."""
    for matter in holdings.matters.values():
        for rule, check in MATTER_RULES:
            for zh, en in check(matter):
                yield Problem(rule, "matter", matter.code, zh, en)
    for bundle in holdings.bundles.values():
        for name, look in BUNDLE_RULES:
            for zh, en in look(bundle, holdings):
                yield Problem(name, "bundle", bundle.code, zh, en)


def on_the_spot_is_immediate(matter: Matter) -> Iterator[Said]:
    """1. A promised limit of "on the spot" goes with 即办件, and only with it."""
    if matter.promised_limit is None or matter.handling is None:
        return
    immediate = matter.handling is Handling.IMMEDIATE
    if immediate and not matter.promised_limit.on_the_spot:
        yield "即办件的承诺时限应为当场", "is decided on the spot, but promises a limit above 0"
    if matter.promised_limit.on_the_spot and not immediate:
        yield "承诺当场办结的应为即办件", "promises the spot, but is not 即办件"


def visits_have_a_reason(matter: Matter) -> Iterator[Said]:
    """2. Whoever must come is told why, and nobody else."""
    if matter.visits and not matter.visits_reason:
        yield f"须到现场 {matter.visits} 次而没有说明原因", f"needs {matter.visits} visits and gives no reason"
    if matter.visits == 0 and matter.visits_reason:
        yield "到现场 0 次而有必须现场办理的原因", "needs no visit, yet gives a reason for one"


def no_visit_without_a_way(matter: Matter) -> Iterator[Said]:
    """3. Zero visits and no online handling: then one may apply by post."""
    if matter.visits != 0 or not matter.handle_forms or HandleForm.POSTAL in matter.handle_forms:
        return
    offers = [offer for offer in matter.offers if offer.channel in ONLINE]
    # A channel that nothing is said of may be open, unless the forms leave online handling out.
    silent = len({offer.channel for offer in offers}) < len(ONLINE) and HandleForm.ONLINE in matter.handle_forms
    if not silent and all(offer.status in CLOSED for offer in offers):
        yield (
            "到现场 0 次且不能网上办理，应支持快递申请",
            "needs no visit and is not online, so it must be possible by post",
        )


def wholly_online_needs_no_visit(matter: Matter) -> Iterator[Said]:
    """4. Depth IV (全程网办) means that nobody has to come."""
    if matter.visits and any(o.depth is OnlineDepth.WHOLE and o.channel in ONLINE for o in matter.offers):
        yield f"全程网办而须到现场 {matter.visits} 次", f"is wholly online, yet needs {matter.visits} visits"


def life_stages_fit_applicants(matter: Matter) -> Iterator[Said]:
    """5. A stage of a person's life is for persons, a stage of an enterprise's for others."""
    if not matter.service_objects:
        return
    has_person = ServiceObject.PERSON in matter.service_objects
    has_other = any(who is not ServiceObject.PERSON for who in matter.service_objects)
    for stage in matter.life_stages:
        if not (has_person if stage.audience is Audience.PERSON else has_other):
            yield f"“{stage.zh}”与服务对象不符", f"the stage “{stage.en}” does not fit who may apply"


def no_fee_no_payment(matter: Matter) -> Iterator[Said]:
    """6. Where nothing is charged, nothing is paid online."""
    if matter.fee is False and matter.pays_online:
        yield "不收费而支持网上支付", "charges nothing, yet is paid for online"


def the_hall_always_answers(matter: Matter) -> Iterator[Said]:
    """7. 兜底: the hall offers it."""
    if matter.state is MatterState.CANCELLED:
        return
    if all(offer.status is OfferStatus.NOT_OFFERED for offer in matter.offers_on(Channel.HALL)):
        yield "没有实体大厅兜底", "has no hall offer to fall back on"


def promised_within_statutory(matter: Matter) -> Iterator[Said]:
    """9. No promise is longer than what the law allows anyway."""
    promised, statutory = matter.promised_limit, matter.statutory_limit
    if promised is not None and statutory is not None and _longer(promised, statutory):
        yield "承诺时限长于法定时限", "promises a longer limit than the law sets"


def closed_offers_have_a_reason(matter: Matter) -> Iterator[Said]:
    """10. Whoever is turned away from a channel is told why."""
    for offer in matter.offers:
        if offer.status in CLOSED and not offer.reason:
            yield (
                f"{offer.channel.zh}（{offer.region}）{offer.status.zh}而没有说明原因",
                f"its {offer.channel.en} offer in {offer.region} is {offer.status.en} and gives no reason",
            )


def bundles_keep_their_promises(bundle: Bundle, holdings: Holdings) -> Iterator[Said]:
    """8. A bundle is offered on a mobile, on a PC and at one window, and so is each of its members."""
    if bundle.state is MatterState.CANCELLED:
        return
    for form, channel in KEEPERS.items():
        if form not in bundle.forms:
            yield f"没有承诺{form.zh}", f"does not promise to be done {form.en}"
        for member in bundle.members:
            matter = holdings.matters.get(member.matter)
            if matter is not None and not any(map(_keeps, matter.offers_on(channel))):
                yield (
                    f"事项“{matter.code} {matter.name}”妨碍{form.zh}",
                    f"matter {matter.code} ({matter.name}) stands in the way: it can't be done {form.en}",
                )


def bundles_fit_their_stages(bundle: Bundle, _: Holdings) -> Iterator[Said]:
    """A bundle for people is about a person's life, one for enterprises about an enterprise's."""
    for stage in bundle.life_stages:
        if bundle.audience is not None and stage.audience is not bundle.audience:
            yield f"“{stage.zh}”与面向{bundle.audience.zh}不符", f"is for {bundle.audience.en}, but “{stage.en}” is not"


def bundles_have_living_members(bundle: Bundle, holdings: Holdings) -> Iterator[Said]:
    """A bundle has members, and each is a matter in use."""
    if bundle.state is MatterState.CANCELLED:
        return
    if not bundle.members:
        yield "没有事项", "has no members"
    for member in bundle.members:
        matter = holdings.matters.get(member.matter)
        if matter is None:
            yield f"没有事项“{member.matter}”", f"there is no matter {member.matter}"
        elif matter.state is not MatterState.IN_USE:
            yield f"事项“{matter.code} {matter.name}”{matter.state.zh}", f"matter {matter.code} is {matter.state.en}"


MATTER_RULES: tuple[tuple[int, MatterRule], ...] = (
    (1, on_the_spot_is_immediate),
    (2, visits_have_a_reason),
    (3, no_visit_without_a_way),
    (4, wholly_online_needs_no_visit),
    (5, life_stages_fit_applicants),
    (6, no_fee_no_payment),
    (7, the_hall_always_answers),
    (9, promised_within_statutory),
    (10, closed_offers_have_a_reason),
)
BUNDLE_RULES: tuple[tuple[int | str, BundleRule], ...] = (
    (8, bundles_keep_their_promises),
    ("audience", bundles_fit_their_stages),
    ("members", bundles_have_living_members),
)
RULES: tuple[tuple[int | str, MatterRule | BundleRule], ...] = (*MATTER_RULES, *BUNDLE_RULES)


def _longer(promised: TimeLimit, statutory: TimeLimit) -> bool:
    if promised.unit is statutory.unit:
        return promised.amount > statutory.amount
    # Seven days and five working days are the same, whatever floating point makes of it.
    return promised.working_days > statutory.working_days + 1e-6


def _keeps(offer: Offer) -> bool:
    """Whether an offer keeps a bundle's promise: what is online must be so from end to end."""
    if offer.status is not OfferStatus.AVAILABLE:
        return False
    return offer.channel not in ONLINE or offer.depth in (OnlineDepth.WHOLE, None)

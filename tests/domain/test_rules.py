"""The rules across fields, each broken and kept."""

import pytest

from registry.bundles import Bundle
from registry.matters import Matter, TimeLimit
from registry.rules import RULES, problems
from registry.words import (
    Audience,
    BundleForm,
    Channel,
    HandleForm,
    Handling,
    LifeStage,
    LimitUnit,
    MatterState,
    OfferStatus,
    OnlineDepth,
    ServiceObject,
)
from tests.make import make_bundle, make_holdings, make_matter, make_offer

HALL = make_offer(Channel.HALL)
MOBILE = make_offer(Channel.MOBILE, depth=OnlineDepth.WHOLE)
PC = make_offer(Channel.PC)
DAYS, MONTHS = LimitUnit.WORKING_DAY, LimitUnit.MONTH


def broken(*records: Matter | Bundle) -> list[int | str]:
    return [problem.rule for problem in problems(make_holdings(*records))]


def matter(*offers, **fields):
    return make_matter("M-1", offers=(HALL, *offers), **fields)


BREACHES = [
    (1, matter(handling=Handling.IMMEDIATE, promised_limit=TimeLimit(3, DAYS))),
    (1, matter(handling=Handling.COMMITTED, promised_limit=TimeLimit(0, DAYS))),
    (2, matter(visits=1)),
    (2, matter(visits=0, visits_reason="须当面签字")),
    (3, matter(visits=0, handle_forms=(HandleForm.WINDOW,))),
    (
        3,
        matter(
            make_offer(Channel.PC, OfferStatus.NOT_OFFERED, reason="无"),
            make_offer(Channel.MOBILE, OfferStatus.PLANNED, reason="无"),
            visits=0,
            handle_forms=(HandleForm.ONLINE,),
        ),
    ),
    (4, matter(MOBILE, visits=1, visits_reason="须当面签字")),
    (5, matter(life_stages=(LifeStage.BIRTH,), service_objects=(ServiceObject.ENTERPRISE,))),
    (5, matter(life_stages=(LifeStage.HIRING,), service_objects=(ServiceObject.PERSON,))),
    (6, matter(fee=False, pays_online=True)),
    (7, make_matter()),
    (9, matter(statutory_limit=TimeLimit(1, MONTHS), promised_limit=TimeLimit(23, DAYS))),
    (10, matter(make_offer(Channel.PC, OfferStatus.SUSPENDED))),
]
KEPT = [
    make_matter(offers=[HALL]),
    matter(handling=Handling.IMMEDIATE, promised_limit=TimeLimit(0, MONTHS)),
    matter(visits=0, handle_forms=(HandleForm.WINDOW, HandleForm.POSTAL)),
    matter(PC, visits=0, handle_forms=(HandleForm.WINDOW,)),
    matter(visits=0, handle_forms=(HandleForm.WINDOW, HandleForm.ONLINE)),
    matter(make_offer(Channel.PC, OfferStatus.UNKNOWN), visits=0, handle_forms=(HandleForm.WINDOW,)),
    matter(MOBILE, visits=0),
    matter(life_stages=(LifeStage.HIRING,), service_objects=(ServiceObject.PERSON, ServiceObject.UNINCORPORATED)),
    matter(fee=None, pays_online=True),
    matter(statutory_limit=TimeLimit(7, LimitUnit.DAY), promised_limit=TimeLimit(5, DAYS)),
    matter(make_offer(Channel.KIOSK, OfferStatus.UNKNOWN)),
    make_matter(state=MatterState.CANCELLED),
]


@pytest.mark.parametrize(("rule", "breach"), BREACHES)
def test_a_breach_is_told_once(rule, breach):
    assert broken(breach) == [rule]


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_kept_or_unknown_breaks_no_rule(kept):
    assert broken(kept) == []


def test_a_hall_that_is_known_not_to_offer_it_is_no_fallback():
    closed = make_offer(Channel.HALL, OfferStatus.NOT_OFFERED, reason="已移交")
    assert broken(make_matter(offers=[closed])) == [7]


BUNDLE = {"members": ["M-1"], "forms": tuple(BundleForm)}


def test_a_bundle_that_keeps_its_promises_breaks_no_rule():
    assert broken(matter(MOBILE, PC), make_bundle(**BUNDLE)) == []


def test_the_member_that_stands_in_the_way_is_named():
    consult = make_offer(Channel.PC, depth=OnlineDepth.CONSULT)
    found = list(problems(make_holdings(matter(MOBILE, consult), make_bundle(**BUNDLE))))
    assert [problem.rule for problem in found] == [8]
    assert "M-1 事项M-1" in found[0].zh
    assert "网上办" in found[0].zh


def test_a_bundle_promises_all_three_forms():
    kept = make_bundle(members=["M-1"], forms=(BundleForm.MOBILE, BundleForm.ONE_WINDOW))
    assert broken(matter(MOBILE, PC), kept) == [8]


def test_a_bundle_fits_its_life_stages():
    bundle = make_bundle(**BUNDLE, audience=Audience.PERSON, life_stages=(LifeStage.BIRTH, LifeStage.CLOSURE))
    assert broken(matter(MOBILE, PC), bundle) == ["audience"]


def test_a_bundle_has_members_and_they_are_in_use():
    assert broken(make_bundle(forms=tuple(BundleForm))) == ["members"]
    assert broken(make_bundle(**BUNDLE)) == ["members"]
    assert broken(matter(MOBILE, PC, state=MatterState.PAUSED), make_bundle(**BUNDLE)) == ["members"]


def test_every_rule_of_the_domain_is_among_the_rules():
    assert {rule for rule, _ in RULES} == {*range(1, 11), "audience", "members"}


def test_a_problem_is_one_line_in_both_languages():
    (problem,) = problems(make_holdings(make_matter()))
    assert str(problem) == "matter M-1 [7] 没有实体大厅兜底 / has no hall offer to fall back on"

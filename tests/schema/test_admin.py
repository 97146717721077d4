"""Editing through the admin schema, from a draft to the history; what it says when something is in the way."""

from typing import Any

import pytest
from sqlalchemy import Engine

from registry.access import Role
from registry.settings import Settings
from registry.store.current import Current, read_snapshot
from schema.app import build_app
from tests.schema.editing import City, found
from tests.schema.following import Still
from tests.schema.signing_in import ask_admin, secret
from tests.schema.stages import APPROVED, DRAFTED, OVERTAKEN, PUBLISHED, SUBMITTED, TWICE, stages

EDITOR, REVIEWER, PUBLISHER = Role.EDITOR, Role.REVIEWER, Role.PUBLISHER
ERRORS = "errors { code field message currentVersion meanwhile { zh en } member overridable }"


def document(mutation: str, results: str) -> str:
    """A mutation that asks for these results, and for the errors whole."""
    given = mutation[0].upper() + mutation[1:]
    return f"mutation ($input: {given}Input!) {{ {mutation}(input: $input) {{ {results} {ERRORS} }} }}"


OPEN = document("draftOpen", "draft { version basedOn state }")
SAVE = document(
    "draftSave",
    "draft { version state content { members { code condition } nameEn promisedLimit { text } after { visits } } }",
)
SUBMIT = document("bundleSubmit", "draft { state submittedBy }")
REVIEW = document("bundleReview", "draft { state approvedBy remarks { kind text } }")
PUBLISH = document(
    "bundlePublish",
    "bundle { version } revision version { number unreviewed override overridden { code } reviewedBy }",
)
REVERT = document("bundleRevert", "bundle { version summary } version { revertedFrom }")
GRANT = document("tokenGrant", "secret")
IMPACT = """query ($bundle: String!, $operations: [DraftOperation!]) { impact(bundle: $bundle, operations: $operations) {
  nothing
  blockers { code member overridable }
  promises { form turn city { after { possible blockedBy { code reason { text } } } } }
  channels { channel turn }
  figures { figure together { before after } }
  members { added removed leftOut }
  report { zh en }
} }"""
HISTORY = """query ($bundle: String!, $first: Int, $before: Int) {
  history(bundle: $bundle, first: $first, before: $before) {
    number author origin unreviewed differences { kind subject zh en }
  }
}"""


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> City:
    return found(tmp_path_factory.mktemp("city"), stages)


@pytest.fixture
def city(settled: City) -> City:
    settled.put_back()
    return settled


def change(city: City, document: str, role: Role, where: str = "own", /, **given: Any) -> dict[str, Any]:
    """What came of a mutation."""
    answer = city.ask(document, role, where, input=given)
    assert "errors" not in answer, answer
    (payload,) = answer["data"].values()
    return dict(payload)


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


def test_a_bundle_is_edited_reviewed_and_published_and_its_history_tells_of_it(city: City) -> None:
    version = change(city, OPEN, EDITOR, bundle=PUBLISHED)["draft"]["version"]
    operations = [
        {"add": {"matter": "M-4", "position": 1, "condition": "新设立的"}},
        {"remove": "M-2"},
        {"move": {"matter": "M-3", "position": 2}},
        {"condition": {"matter": "M-1", "condition": None}},
        {"set": {"nameEn": "Anew", "promisedLimit": {"amount": 3, "unit": "WORKING_DAY"}, "after": {"visits": 1}}},
        {"order": ["M-3", "M-4", "M-1"]},
    ]
    saved = change(city, SAVE, EDITOR, bundle=PUBLISHED, expectedVersion=version, operations=operations)["draft"]
    assert saved["content"] == {
        "members": [{"code": "M-3", "condition": None}, {"code": "M-4", "condition": "新设立的"}, {"code": "M-1", "condition": None}],
        "nameEn": "Anew", "promisedLimit": {"text": "3工作日"}, "after": {"visits": 1},
    }  # fmt: skip
    seen = {"bundle": PUBLISHED, "expectedVersion": saved["version"]}
    assert codes(change(city, PUBLISH, PUBLISHER, **seen)) == ["NEEDS_REVIEW"]
    assert change(city, SUBMIT, EDITOR, **seen)["draft"]["state"] == "SUBMITTED"
    asked = change(city, REVIEW, REVIEWER, **seen, approve=True, comment="好")["draft"]
    assert (asked["state"], asked["remarks"][-1]) == ("APPROVED", {"kind": "APPROVED", "text": "好"})
    published = change(city, PUBLISH, PUBLISHER, **seen, note="第一次")
    assert published["errors"] == []
    assert published["bundle"] == {"version": 2}
    assert published["revision"] == read_snapshot(city.engine).revision
    assert published["version"] == {
        "number": 2, "unreviewed": False, "override": None, "overridden": [], "reviewedBy": "token:T-9 reviewer own",
    }  # fmt: skip
    newest, first = city.ask(HISTORY, Role.READER, "cooperating", bundle=PUBLISHED)["data"]["history"]
    assert (newest["number"], newest["author"], newest["origin"]) == (2, "token:T-13 publisher own", "EDIT")
    assert {(each["kind"], each["subject"]) for each in newest["differences"]} >= {("ADDED", "M-4"), ("REMOVED", "M-2")}
    assert (first["number"], first["origin"]) == (1, "IMPORT")
    assert city.ask(HISTORY, Role.READER, bundle=PUBLISHED, first=1, before=2)["data"]["history"] == [first]


def test_a_stale_version_is_refused_with_the_current_one_and_what_changed(city: City) -> None:
    old = city.versions[DRAFTED]
    rename = [{"set": {"name": "另一个名字"}}]
    change(city, SAVE, EDITOR, bundle=DRAFTED, expectedVersion=old, operations=rename)
    late = change(city, SAVE, EDITOR, "all", bundle=DRAFTED, expectedVersion=old, operations=rename)
    (error,) = late["errors"]
    assert late["draft"] is None
    assert (error["code"], error["field"], error["currentVersion"]) == ("STALE_VERSION", "expectedVersion", old + 1)
    assert "另一个名字" in error["meanwhile"][0]["zh"]


def test_a_promise_that_would_break_is_named_with_its_member_and_may_be_overridden_with_a_reason(city: City) -> None:
    # M-6 is offered in the hall only.
    operations = [{"add": {"matter": "M-6"}}]
    told = city.ask(IMPACT, Role.READER, bundle=DRAFTED, operations=operations)["data"]["impact"]
    assert {(each["code"], each["member"]) for each in told["blockers"]} == {("PROMISE_BROKEN", "M-6")}
    mobile = next(each for each in told["promises"] if each["form"] == "MOBILE")
    assert mobile["turn"] == "LOST"
    assert [each["code"] for each in mobile["city"]["after"]["blockedBy"]] == ["M-6"]
    assert told["members"]["added"] == ["M-6"]
    assert any("M-6" in each["en"] for each in told["report"])
    seen = {"bundle": DRAFTED, "expectedVersion": city.versions[DRAFTED]}
    seen["expectedVersion"] = change(city, SAVE, EDITOR, **seen, operations=operations)["draft"]["version"]
    change(city, SUBMIT, EDITOR, **seen)
    change(city, REVIEW, REVIEWER, **seen, approve=True)
    refused = change(city, PUBLISH, PUBLISHER, **seen)
    assert set(codes(refused)) == {"PROMISE_BROKEN"}
    assert {(error["member"], error["overridable"]) for error in refused["errors"]} == {("M-6", True)}
    assert refused["bundle"] is None
    assert codes(change(city, PUBLISH, PUBLISHER, **seen, override=" ")) == ["REASON_NEEDED"]
    done = change(city, PUBLISH, PUBLISHER, **seen, override="系统改造期间")
    assert done["version"]["override"] == "系统改造期间"
    assert {each["code"] for each in done["version"]["overridden"]} == {"PROMISE_BROKEN"}


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"add": {"matter": "M-99"}}], "UNKNOWN_MATTER"),
        ([{"add": {"matter": "M-1"}}], "DUPLICATE_MEMBER"),
        ([{"remove": "M-5"}], "NO_SUCH_MEMBER"),
        ([{"move": {"matter": "M-1", "position": 9}}], "BAD_POSITION"),
        ([{"order": ["M-1"]}], "BAD_ORDER"),
        ([{"set": {"name": None}}], "BAD_VALUE"),
        ([{"set": {"leadDepartment": "NONE"}}], "BAD_VALUE"),
        ([{"set": {}}], "NOTHING_CHANGED"),
        ([], "NOTHING_CHANGED"),
    ],
)
def test_an_operation_that_makes_no_sense_is_refused_by_name(
    city: City, operations: list[dict[str, Any]], expected: str
) -> None:
    version = city.versions[DRAFTED]
    refused = change(city, SAVE, EDITOR, bundle=DRAFTED, expectedVersion=version, operations=operations)
    assert codes(refused) == [expected]
    assert refused["draft"] is None


@pytest.mark.parametrize("operation", [{}, {"remove": "M-1", "order": []}, {"remove": None}])
def test_an_operation_is_of_exactly_one_kind(city: City, operation: dict[str, Any]) -> None:
    refused = change(city, SAVE, EDITOR, bundle=DRAFTED, expectedVersion=1, operations=[operation])
    assert (codes(refused), refused["errors"][0]["field"]) == (["BAD_VALUE"], "operations")
    asked = city.ask(IMPACT, EDITOR, bundle=DRAFTED, operations=[operation])
    assert asked["errors"][0]["extensions"]["code"] == "BAD_VALUE"


def test_whoever_edited_or_submitted_does_not_review_whatever_their_role(city: City) -> None:
    version = city.versions[DRAFTED]
    everybody = Role.ADMINISTRATOR
    saved = change(city, SAVE, everybody, bundle=DRAFTED, expectedVersion=version, operations=[{"remove": "M-2"}])
    seen = {"bundle": DRAFTED, "expectedVersion": saved["draft"]["version"]}
    change(city, SUBMIT, EDITOR, **seen)
    assert codes(change(city, REVIEW, everybody, **seen, approve=True)) == ["SECOND_PERSON_NEEDED"]
    assert codes(change(city, REVIEW, REVIEWER, **seen, approve=False)) == ["REASON_NEEDED"]
    asked = change(city, REVIEW, REVIEWER, **seen, approve=False, comment="缺材料")
    assert asked["draft"]["state"] == "CHANGES_ASKED"


def test_publishing_unreviewed_is_a_permission_of_its_own_and_marked(city: City) -> None:
    seen = {"bundle": DRAFTED, "expectedVersion": city.versions[DRAFTED]}
    assert codes(change(city, PUBLISH, PUBLISHER, **seen)) == ["NEEDS_REVIEW"]
    done = change(city, PUBLISH, Role.ADMINISTRATOR, **seen)
    assert done["version"] == {
        "number": 2, "unreviewed": True, "override": None, "overridden": [], "reviewedBy": None,
    }  # fmt: skip
    assert city.ask(HISTORY, Role.READER, bundle=DRAFTED)["data"]["history"][0]["unreviewed"]


def test_an_earlier_version_is_published_anew(city: City) -> None:
    done = change(city, REVERT, PUBLISHER, bundle=TWICE, expectedVersion=2, to=1)
    assert (done["bundle"], done["version"]) == ({"version": 3, "summary": None}, {"revertedFrom": 1})
    again = change(city, REVERT, PUBLISHER, bundle=TWICE, expectedVersion=2, to=1)
    assert (codes(again), again["errors"][0]["currentVersion"]) == (["STALE_VERSION"], 3)
    assert codes(change(city, REVERT, PUBLISHER, bundle=TWICE, expectedVersion=3, to=9)) == ["NO_SUCH_VERSION"]


def test_drafts_are_seen_by_the_departments_they_concern(city: City) -> None:
    query = "{ drafts { bundle baseMoved editors { name edits } differences { zh } impact { nothing } } }"
    seen = {each["bundle"]: each for each in city.ask(query, Role.READER, "cooperating")["data"]["drafts"]}
    assert {DRAFTED, SUBMITTED, APPROVED, OVERTAKEN} <= set(seen)
    assert [seen[bundle]["baseMoved"] for bundle in (DRAFTED, OVERTAKEN)] == [False, True]
    assert seen[DRAFTED]["editors"] == [{"name": "setter", "edits": 1}]
    assert city.ask(query, Role.READER, "foreign")["data"]["drafts"] == []
    one = city.ask("query ($b: String!) { draft(bundle: $b) { version } }", Role.READER, "foreign", b=DRAFTED)
    assert (one["data"]["draft"], one["errors"][0]["extensions"]["code"]) == (None, "FORBIDDEN")


def test_a_draft_tells_what_is_still_needed_to_publish_it(city: City) -> None:
    query = "query ($b: String!) { draft(bundle: $b) { ready stillNeeded { step required } impact { people } } }"
    told = {bundle: city.ask(query, Role.READER, b=bundle)["data"]["draft"] for bundle in (DRAFTED, APPROVED)}
    assert [told[bundle]["ready"] for bundle in told] == [False, True]
    assert [need["step"] for need in told[DRAFTED]["stillNeeded"] if need["required"]] == ["SUBMIT", "REVIEW"]
    assert told[DRAFTED]["impact"] == {"people": None}


def test_what_is_planned_and_what_was_released_is_listed(city: City) -> None:
    query = "{ schedules { code state items { bundle } } releases { code items { bundle before number } } }"
    told = city.ask(query, Role.READER, "cooperating")["data"]
    assert told["schedules"] == [{"code": "S-1", "state": "WAITING", "items": [{"bundle": "B-9"}]}]
    assert [each["code"] for each in told["releases"]] == ["R-1"]
    assert told["releases"][0]["items"][0] == {"bundle": "B-10", "before": 1, "number": 2}


AUDIT = """query ($first: Int, $before: Int, $filter: AuditFilter) { auditLog(first: $first, before: $before, filter: $filter) {
  totalCount older head entries { id actor request action kind subject before after revision hash } } }"""


def test_the_audit_log_is_read_in_pages_by_whoever_may(city: City) -> None:
    change(city, OPEN, EDITOR, "foreign", bundle=PUBLISHED)
    page = city.ask(AUDIT, REVIEWER, first=2)["data"]["auditLog"]
    newest = page["entries"][0]
    assert page["head"] == newest["hash"]
    assert (newest["action"], newest["kind"], newest["subject"]) == ("refuse", "draft", PUBLISHED)
    assert newest["actor"] == "token:T-7 editor foreign"
    assert newest["request"]
    following = city.ask(AUDIT, REVIEWER, first=2, before=page["older"])["data"]["auditLog"]
    assert following["entries"][0]["id"] == page["older"] - 1
    mine = city.ask(AUDIT, REVIEWER, filter={"request": newest["request"]})["data"]["auditLog"]
    assert (mine["totalCount"], mine["older"]) == (1, None)
    later = city.ask(AUDIT, REVIEWER, filter={"since": "2099-01-01T00:00:00"})["data"]["auditLog"]
    assert later["totalCount"] == 0
    for role, where in ((EDITOR, "all"), (REVIEWER, "own")):
        assert city.ask(AUDIT, role, where)["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert city.ask(AUDIT, REVIEWER, first=101)["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_tokens_are_listed_for_whoever_may_grant_them(city: City) -> None:
    query = "{ tokens { code name grant { role departments } holds } }"
    everyone = city.ask(query, Role.ADMINISTRATOR)["data"]["tokens"]
    assert len(everyone) == len(city.secrets)
    own = city.ask(query, Role.ADMINISTRATOR, "own")["data"]["tokens"]
    assert {tuple(each["grant"]["departments"]) for each in own} == {("GA",)}
    assert city.ask(query, EDITOR)["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_webhooks_and_what_waits_for_them_is_told_to_whoever_may_send(city: City) -> None:
    query = """{ webhooks { code url removedAt } deliveries(states: [PENDING]) { webhook state attempts } }"""
    told = city.ask(query, Role.ADMINISTRATOR)["data"]
    assert told["webhooks"] == [{"code": "W-1", "url": "https://portal.example/hook", "removedAt": None}]
    assert told["deliveries"][0] == {"webhook": "W-1", "state": "PENDING", "attempts": 0}
    for role, where in ((PUBLISHER, "all"), (Role.ADMINISTRATOR, "own")):
        refused = city.ask(query, role, where)
        assert {error["extensions"]["code"] for error in refused["errors"]} == {"FORBIDDEN"}


def test_an_empty_list_of_departments_is_not_taken_for_all_of_them(city: City) -> None:
    assert codes(change(city, GRANT, Role.ADMINISTRATOR, "all", role="EDITOR", departments=[])) == ["BAD_USER_INPUT"]


def test_text_that_no_database_takes_is_the_askers_fault(reference_engine: Engine) -> None:
    snapshot = read_snapshot(reference_engine)
    app = build_app(Still(snapshot), Settings(), reference_engine)
    token = secret(reference_engine, Role.ADMINISTRATOR)
    for query in (
        r'{ draft(bundle: "a\u0000") { version } }',
        r'{ auditLog(filter: {actor: "a\u0000"}) { totalCount } }',
        r'{ history(bundle: "a\u0000") { number } }',
    ):
        answer = ask_admin(app, query, token).json()
        assert "errors" not in answer or answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    for change in (
        r'draftOpen(input: {bundle: "a\u0000"})',
        r'tokenRevoke(input: {code: "a\u0000"})',
        r'draftSave(input: {bundle: "HZ-YJS-01", expectedVersion: 1, operations: [{remove: "a\u0000"}]})',
        r'tokenRevoke(input: {code: "T-1", idempotencyKey: "a\u0000"})',
    ):
        answer = ask_admin(app, f"mutation {{ change: {change} {{ errors {{ code }} }} }}", token).json()
        assert "errors" not in answer, answer


def test_whoever_published_something_sees_it_at_once(city: City) -> None:
    app = build_app(Current(city.engine, interval=3_600), Settings(), city.engine)
    token = city.secrets[Role.ADMINISTRATOR, "all"]
    seen = {"bundle": APPROVED, "expectedVersion": city.versions[APPROVED]}
    done = ask_admin(app, PUBLISH, token, variables={"input": seen}).json()["data"]["bundlePublish"]
    assert done["errors"] == []
    opened = 'mutation { draftOpen(input: {bundle: "B-4"}) { draft { basedOn baseMoved differences { zh } } } }'
    draft = ask_admin(app, opened, token).json()["data"]["draftOpen"]["draft"]
    assert draft == {"basedOn": 2, "baseMoved": False, "differences": []}

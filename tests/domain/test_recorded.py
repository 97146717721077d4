"""Whatever the registry holds can be written as JSON and read back the same."""

from datetime import UTC, datetime

import orjson
from hypothesis import HealthCheck, given, settings

from registry.access import Grant, Role
from registry.bundles import Bundle
from registry.closures import Closure
from registry.holdings import Holdings
from registry.recorded import plain, read_back
from registry.words import Channel
from tests.holdings import holdings


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(held=holdings())
def test_every_record_reads_back_as_it_was(held: Holdings) -> None:
    for kind in (held.regions, held.departments, held.places, held.matters, held.bundles):
        for record in kind.values():
            assert read_back(type(record), orjson.loads(orjson.dumps(plain(record)))) == record


def test_moments_and_sets_read_back_as_they_were() -> None:
    closure = Closure("C-1", "升级", datetime(2020, 10, 9, 1, 30, tzinfo=UTC), channel=Channel.MOBILE)
    assert read_back(Closure, plain(closure)) == closure
    grant = Grant(Role.EDITOR, frozenset({"GA", "RS"}))
    assert plain(grant) == {"role": "EDITOR", "departments": ["GA", "RS"]}
    assert read_back(Grant, plain(grant)) == grant


def test_a_field_that_was_not_there_yet_takes_its_default() -> None:
    assert read_back(Bundle, {"code": "B-1", "name": "一件事", "lead_department": "GA"}) == Bundle(
        "B-1", "一件事", "GA"
    )

"""The synthetic cases: labelled, repeatable, taken without a reject, and rising as the city's did."""

import csv
import hashlib

import duckdb

from registry.lake.demo import FIRST, LAST, demo
from registry.lake.intake import import_cases
from registry.lake.ledger import Imported
from registry.lake.volumes import volumes
from registry.words import Channel, OfferStatus
from tests.make import make_holdings, make_matter, make_offer, reference_holdings
from tests.store.lakes import opened

ROWS = 120_000


def shares(volumes, by: str) -> dict[object, float]:
    """The share done online, by one thing; where there are a hundred cases at least."""
    online = "CASE WHEN NOT assisted AND channel IN ('MOBILE', 'PC') THEN \"count\" ELSE 0 END"
    with duckdb.connect() as connection:
        connection.register("volumes", volumes)
        query = (
            f'SELECT {by}, sum({online}) / sum("count") FROM volumes GROUP BY 1 HAVING sum("count") > 100 ORDER BY 1'
        )
        return dict(connection.execute(query).fetchall())


def test_the_demo_rises_from_the_first_share_to_the_last_and_is_uneven(tmp_path):
    path = demo(ROWS, 7, reference_holdings(), tmp_path / "demo.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["case_no"] for row in rows}) == len(rows) == ROWS
    assert all(row["case_no"].startswith("DEMO-2020-") for row in rows)
    with opened(f"sqlite:///{tmp_path}/registry.sqlite", tmp_path) as lake:
        assert import_cases(lake, [path], holdings=reference_holdings()) == Imported(ROWS, ROWS)
        found = volumes(lake)
    months = list(shares(found, "month(start)").values())
    assert len(months) == 12
    assert abs(months[0] - FIRST) < 0.02
    assert abs(months[-1] - LAST) < 0.02
    assert months == sorted(months)
    departments = {code: matter.department for code, matter in reference_holdings().matters.items()}
    by_matter = shares(found, "matter")
    assert len({departments[matter] for matter in by_matter}) > 20
    assert max(by_matter.values()) - min(by_matter.values()) > 0.4
    by_district = shares(found, "district").values()
    assert max(by_district) - min(by_district) > 0.1


def test_the_same_seed_makes_the_same_file(tmp_path):
    made = [demo(2_000, seed, reference_holdings(), tmp_path / f"{n}.csv") for n, seed in enumerate((1, 1, 2))]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in made]
    assert digests[0] == digests[1] != digests[2]


def test_a_matter_is_done_only_where_it_is_offered(tmp_path):
    hall_only = make_matter("M-1", offers=[make_offer(), make_offer(Channel.PC, OfferStatus.PLANNED)])
    no_mobile = make_matter("M-2", offers=[make_offer(), make_offer(Channel.PC)])
    path = demo(3_000, 1, make_holdings(hall_only, no_mobile), tmp_path / "demo.csv")
    with path.open(encoding="utf-8") as file:
        done = {(row["matter"], row["channel"]) for row in csv.DictReader(file)}
    assert done == {("M-1", "HALL"), ("M-1", ""), ("M-2", "HALL"), ("M-2", "PC"), ("M-2", "")}

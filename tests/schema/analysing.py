"""A desk over a small lake, and the analysts' address over it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from registry.figures.desk import Desk
from registry.holdings import Holdings
from registry.lake.engines import open_engine
from registry.lake.intake import import_cases
from registry.lake.reported import import_volumes
from registry.lake.tables import open_lake
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.rate import Rate
from registry.snapshot import Snapshot
from registry.words import LifeStage, MatterType, ServiceObject
from schema.analysts.serving import analysts_transport
from schema.transport import GraphQLTransport
from tests.make import make_bundle, make_department, make_holdings, make_matter, make_region
from tests.schema.asking import post
from tests.store.lakes import case, write_cases

# Two departments that share twenty matters, every second one each; what is known of the last is little.
CITY = make_holdings(
    make_department("GA", name="市公安局", name_en="Public Security Bureau"),
    make_department("MZ", name="市民政局"),
    make_region("330105", name="拱墅区", parent="330100"),
    *(
        make_matter(
            f"M-{n}", department=("GA", "MZ")[n % 2], type=MatterType.LICENCE, visits=n % 3,
            service_objects=(ServiceObject.PERSON, ServiceObject.ENTERPRISE), life_stages=(LifeStage.BIRTH,),
        )
        for n in range(19)
    ),
    make_matter("M-19"),
    make_bundle("B-1", members=["M-1", "M-2"]),
)  # fmt: skip
CASES = [
    *(case(n) for n in range(240)),
    *(case(n, district="330105", channel="MOBILE") for n in range(240, 300)),
    *(case(n, channel="PC", assisted="1", matter="M-1", bundle="B-1") for n in range(300, 310)),
    *(case(n, channel="", matter="M-3") for n in range(310, 314)),
]
# M-5 has cases in each of these months, so its total is set aside; M-19 has none in 2019.
VOLUMES = "matter,district,period,channel,count\nM-5,,2020-06,HALL,7\nM-19,,2019-03,MOBILE,3\nM-19,,2019-03,HALL,ND\n"


@contextmanager
def desk_over(
    folder: Path, holdings: Holdings = CITY, cases: Iterable[dict[str, str]] = CASES, rates: Iterable[Rate] = ()
) -> Iterator[Desk]:
    """A desk over a lake that holds the cases, and a few volumes where the city has their matters."""
    snapshot = Snapshot(holdings, 7, None)
    known = {rate.name: rate for rate in rates} or RATES_BY_NAME
    lake = open_lake(f"sqlite:///{folder}/registry.sqlite", folder / "lake", memory="300MB")
    with Desk(lambda: snapshot, lake, open_engine(None), known) as desk:
        import_cases(lake, [write_cases(folder / "cases.csv", cases)], holdings=holdings)
        if "M-19" in holdings.matters:
            volumes = folder / "volumes.csv"
            volumes.write_text(VOLUMES, encoding="utf-8")
            import_volumes(lake, [volumes], holdings=holdings)
        yield desk


def analysts_over(desk: Desk) -> GraphQLTransport:
    """The analysts' address over a desk."""
    return analysts_transport(desk.catalogue, lambda: desk, cost_limit=50_000, rates=desk.rates.values())


def asked(app: ASGIApp, query: str, **variables: Any) -> Any:
    """The data of an answer that must have no errors."""
    answer = post(app, query, variables=variables).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]

"""A desk over a lake of a few cases, counted by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from registry.figures.desk import Desk
from registry.holdings import Holdings
from registry.lake.engines import open_engine
from registry.lake.intake import import_cases
from registry.lake.reported import import_volumes
from registry.lake.tables import Lake, open_lake
from registry.snapshot import Snapshot
from registry.words import MatterType, RegionLevel
from tests.make import CITY, make_bundle, make_department, make_holdings, make_matter, make_region
from tests.store.lakes import case, write_cases

WEST, EAST = "330106", "330105"
TOWN = make_holdings(
    make_department("GA", name="市公安局", name_en="Public Security Bureau"),
    make_department("MZ", name="=市民政局"),
    make_region(WEST, name="西湖区", level=RegionLevel.DISTRICT, parent=CITY),
    make_region(EAST, name="拱墅区", level=RegionLevel.DISTRICT, parent=CITY),
    make_matter("A", name="身份证换领", type=MatterType.LICENCE),
    make_matter("B", name="居住证申领", type=MatterType.LICENCE),
    make_matter("C", name="结婚登记", department="MZ", type=MatterType.CONFIRMATION),
    make_bundle("ONE", ("A", "C"), name="出生一件事"),
)


@dataclass
class Town:
    """A desk and its lake, on the real clock."""

    desk: Desk
    lake: Lake
    folder: Path
    files: int = 0

    def cases(self, *rows: dict[str, str]) -> None:
        """Take in cases."""
        self.files += 1
        path = write_cases(self.folder / f"cases-{self.files}.csv", rows)
        import_cases(self.lake, [path], holdings=self.desk.catalogue().holdings)

    def volumes(self, *lines: str) -> None:
        """Take in totals: matter, district, period, channel, count."""
        self.files += 1
        path = self.folder / f"volumes-{self.files}.csv"
        path.write_text("\n".join(["matter,district,period,channel,count", *lines]), encoding="utf-8")
        import_volumes(self.lake, [path], holdings=self.desk.catalogue().holdings)


@contextmanager
def town(url: str, folder: Path, holdings: Holdings = TOWN) -> Iterator[Town]:
    """An empty lake in a small town."""
    lake, snapshot = open_lake(url, folder / "lake", memory="300MB"), Snapshot(holdings, 3, None)
    with Desk(lambda: snapshot, lake, open_engine(None)) as desk:
        yield Town(desk, lake, folder)


def numbered(prefix: str = "N") -> Callable[..., list[dict[str, str]]]:
    """A maker of cases, each with a number of its own."""
    count = 0

    def make(
        times: int, channel: str = "PC", matter: str = "A", day: str = "2020-03-05", **fields: str
    ) -> list[dict[str, str]]:
        nonlocal count
        count += times
        given = {"channel": channel, "matter": matter, "district": WEST, "accepted_at": f"{day} 09:30:00"}
        given |= {"applied_at": f"{day} 08:00:00"} | fields
        return [case(0, case_no=f"{prefix}{each:06}", **given) for each in range(count - times, count)]

    return make

"""Routing beside what it costs to write the answer down, and at a hundred times as many matters."""

from datetime import datetime
from typing import Any

import orjson

from benchmarks.generate import generated
from benchmarks.table import median_seconds, show
from registry.opening import CITY_ZONE
from registry.routing.journey import journey
from registry.routing.route import Route, route
from registry.routing.wishes import Wish
from registry.routing.words import Device
from registry.snapshot import Snapshot

MOMENT = datetime(2020, 10, 15, 10, 0, tzinfo=CITY_ZONE)
WISH = Wish(device=Device.PHONE, region="330106", position=(120.13, 30.26))


def main() -> None:
    """Nothing here has a database: a snapshot made of holdings, and no engine."""
    small, large = Snapshot(generated(1_017), 1, None), Snapshot(generated(100_000), 1, None)
    routes = [route(small, matter.code, WISH, MOMENT) for matter in small.matters.records]
    answers = [_answer(each) for each in routes]
    all_routes = median_seconds(lambda: [route(small, matter.code, WISH, MOMENT) for matter in small.matters.records])
    writing = median_seconds(lambda: [orjson.dumps(answer) for answer in answers])
    telling = median_seconds(lambda: [orjson.dumps(_answer(each)) for each in routes])
    journeys = median_seconds(lambda: [journey(small, code, WISH, MOMENT) for code in small.holdings.bundles])
    show(
        "路由 · routing, one wish",
        ("what", "ms", "× telling the answer"),
        [
            ("all 1,017 matters", all_routes * 1000, all_routes / telling),
            ("a journey for all 41 bundles", journeys * 1000, journeys / telling),
            ("telling 1,017 answers: reasons into words, and JSON", telling * 1000, 1.0),
            ("of which JSON alone", writing * 1000, writing / telling),
        ],
    )
    codes = [matter.code for matter in small.matters.records]
    few, many = (_one_after_the_other(snapshot, codes) for snapshot in (small, large))
    show(
        "路由一个事项 · routing one matter",
        ("matters held", "µs", "ratio"),
        [("1,017", few * 1e6, 1.0), ("100,000", many * 1e6, many / few)],
    )


def _answer(way: Route) -> dict[str, Any]:
    """What a client asks for: four verdicts with their reasons in words, and the place."""
    return {
        "chosen": way.chosen.channel.name,
        "verdicts": [
            {
                "channel": verdict.channel.name, "taken": verdict.taken, "url": verdict.url,
                "reason": verdict.reason and {"code": verdict.reason.code.name, "text": verdict.reason.text.zh},
                "remedy": verdict.remedy and verdict.remedy.zh,
            }
            for verdict in way.verdicts
        ],
        "place": {"name": way.hall.name, "address": way.hall.address, "open": way.hall.open_now},
    }  # fmt: skip


def _one_after_the_other(snapshot: Snapshot, codes: list[str]) -> float:
    return median_seconds(lambda: [route(snapshot, code, WISH, MOMENT) for code in codes]) / len(codes)


if __name__ == "__main__":
    main()

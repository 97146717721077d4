"""What an edit would do, beside computing the bundle's journey twice, before and after it: at most five times that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from benchmarks.generate import generated
from benchmarks.table import median_seconds, show
from registry.bundles import Bundle, Member
from registry.impact import moves
from registry.impact.impact import impact
from registry.impact.offers import offers_impact
from registry.impact.report import report
from registry.matters import Matter
from registry.opening import CITY_ZONE
from registry.routing.journey import journey
from registry.routing.wishes import Wish
from registry.snapshot import Snapshot
from registry.words import Channel, OfferStatus

MOMENT = datetime(2020, 9, 28, 10, tzinfo=CITY_ZONE)
WISH = Wish()
LIMIT = 5


def main() -> None:
    """Every bundle of the catalogue, edited in four ways, at two sizes of catalogue."""
    for count in (1_017, 100_000):
        snapshot = Snapshot(generated(count), 1, None)
        rows = [(name, *_measured(snapshot, edit)) for name, edit in _edits(snapshot).items()]
        heads = ("edit", "journeys, µs", "impact", "×", "first of a revision", "×", "and its sentences", "×")
        show(f"影响 · impact of an edit, {count:,} matters, a bundle", heads, rows, f"the limit is {LIMIT} ×")
        _offers(snapshot, count)


Edit = Callable[[Bundle], Bundle]


def _edits(snapshot: Snapshot) -> dict[str, Edit]:
    poor = next(matter.code for matter in snapshot.matters.records if _lacks_the_mobile(matter))
    return {
        "none": lambda bundle: bundle,
        "the order turned round": lambda bundle: replace(bundle, members=bundle.members[::-1]),
        "a member less": lambda bundle: replace(bundle, members=bundle.members[1:]),
        "a member that breaks the mobile": lambda bundle: replace(bundle, members=(*bundle.members[1:], Member(poor))),
    }


def _lacks_the_mobile(matter: Matter) -> bool:
    return any(offer.status is OfferStatus.NOT_OFFERED for offer in matter.offers_on(Channel.MOBILE))


def _measured(snapshot: Snapshot, edit: Edit) -> tuple[float, ...]:
    held = snapshot.holdings
    edited = [edit(bundle) for bundle in held.bundles.values()]
    later = Snapshot(replace(held, bundles={bundle.code: bundle for bundle in edited}), 2, None)

    def anew() -> None:
        for bundle in edited:
            moves.forget(snapshot)
            impact(snapshot, bundle, MOMENT)

    twice, found, first, said = (
        median_seconds(work) / len(edited) * 1e6
        for work in (
            lambda: [journey(each, code, WISH, MOMENT) for code in held.bundles for each in (snapshot, later)],
            lambda: [impact(snapshot, bundle, MOMENT) for bundle in edited],
            anew,
            lambda: [report(impact(snapshot, bundle, MOMENT)) for bundle in edited],
        )
    )
    return twice, found, found / twice, first, first / twice, said, said / twice


def _offers(snapshot: Snapshot, count: int) -> None:
    """Suspending a department's mobile offers: what is looked at before it is done."""
    suspended = [
        replace(matter, offers=tuple(replace(offer, status=OfferStatus.SUSPENDED) for offer in matter.offers))
        for matter in snapshot.matters.records
        if matter.department == "HZ-GA"
    ][:100]
    seconds = median_seconds(lambda: offers_impact(snapshot, suspended, MOMENT), runs=3)
    show(
        f"渠道变更 · a change of {len(suspended)} matters’ offers, {count:,} matters held",
        ("what", "ms"),
        [("impact on matters, bundles and rates", seconds * 1000)],
    )


if __name__ == "__main__":
    main()

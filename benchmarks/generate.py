"""Catalogues of any size: the reference catalogue's matters over and over, each copy in a district of its own name."""

import dataclasses
from itertools import islice, product

from registry.exchange.reference import reference_holdings
from registry.holdings import Holdings
from registry.matters import Matter

# Two characters make a name that no other copy has, and that reads like a place's.
FIRST = "东南西北中上下新古长安宁平和清明华永康乐富文武德光天云龙凤金银玉石山水江河湖海"
SECOND = "城州阳阴川岭溪泉桥门关口塘港湾洲浦坝埠集"


def generated(count: int) -> Holdings:
    """Holdings with `count` matters, and the reference catalogue's bundles."""
    reference = reference_holdings()
    originals = list(reference.matters.values())
    places = ["", *(a + b for a, b in product(FIRST, SECOND))]
    copies = (_copy(matter, number, place) for number, place in enumerate(places) for matter in originals)
    matters = {matter.code: matter for matter in islice(copies, count)}
    bundles = {
        bundle.code: bundle
        for bundle in reference.bundles.values()
        if all(member.matter in matters for member in bundle.members)
    }
    return dataclasses.replace(reference, matters=dict(sorted(matters.items())), bundles=bundles)


def _copy(matter: Matter, number: int, place: str) -> Matter:
    if not number:
        return matter
    keywords = tuple(f"{place}{keyword}" for keyword in matter.keywords)
    return dataclasses.replace(matter, code=f"{matter.code}-{number}", name=f"{place}{matter.name}", keywords=keywords)

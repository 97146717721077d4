"""What people say, and what offices call it.

`synonyms.csv` has a line for each meaning: `said` are words that people use one for
another, `official` what the catalogue may call it. Both are looked for, the official
ones too when they are typed, but never the colloquial for the official.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from registry.search.text import plain

SAID = 0.85  # how surely another word of the same line is meant
OFFICIAL = 0.8

# Said around a wish rather than being one. What is left of a query decides.
STOP = frozenset((files("registry.search") / "stopwords.txt").read_text("utf-8").split())


class Synonyms(NamedTuple):
    """For each word what else may be meant, with how surely (0-1)."""

    meanings: Mapping[str, Mapping[str, float]]
    longest: int


def related(rows: Iterable[tuple[list[str], list[str]]]) -> Synonyms:
    """The synonyms of lines of words said and words official."""
    meanings: dict[str, dict[str, float]] = defaultdict(dict)
    for said, official in rows:
        for word in said:
            for others, factor in ((said, SAID), (official, OFFICIAL)):
                for other in others:
                    if other != word:
                        meanings[word][other] = max(factor, meanings[word].get(other, 0.0))
    return Synonyms(dict(meanings), max(map(len, meanings), default=0))


@cache
def synonyms() -> Synonyms:
    """The general ones, that come with the registry."""
    lines = (files("registry.search") / "synonyms.csv").read_text("utf-8").splitlines()
    return related((_words(row["said"]), _words(row["official"])) for row in csv.DictReader(lines))


def _words(cell: str) -> list[str]:
    return [" ".join(plain(word).split()) for word in cell.split(";") if word.strip()]

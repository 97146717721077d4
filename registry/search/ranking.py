"""How well a document answers a query.

Half of a score is how much of what was asked is anywhere in the document; half is how
much of it is in one place, its name or one keyword, and how little else is there: a
keyword is a query that somebody foresaw. Words count by their rarity.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from registry.search.document import Document
from registry.search.query import Answer, Unit
from registry.search.text import place_of, plain_lines

NAME, KEYWORD, EXTRA = 1.0, 0.95, 0.35  # what an answer counts by where it stands
TOGETHER = 0.5  # the share of a score that one place earns
FILLED = 0.35  # of that, the share for a place that says nothing else
SAME_NAME, SAME_KEYWORD = 1.0, 0.3  # on top where a name or a keyword is the query
REPEATED, OFTEN = 0.06, 4.0  # what it adds that several places answer, at most when so many do
SHOWN, SHOWN_SHARE = 0.3, 0.1  # less sure answers, and answers to less of the query, aren't shown
LENGTH = 1e-4  # a character of a name, so that of equals the shorter goes first


class Stretch(NamedTuple):
    """A part of a document that answers: what it is worth, the place's number, and where in it."""

    worth: float
    place: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and the stretches that earned it."""

    score: float
    stretches: tuple[Stretch, ...]

    def named(self) -> "Scored":
        """The score of a document whose name is the query."""
        return replace(self, score=self.score + SAME_NAME)


def text_of(document: Document) -> str:
    """A document's name, keywords and extra words as compared, a line each."""
    return plain_lines((document.name, *document.keywords, *document.extra))


def score(units: Sequence[Unit], text: str, keywords: int, query: str) -> Scored:
    """The score of a document by its text; `keywords` is their number, `query` is without spaces."""
    wanted = _wanted(units, text)
    best = [0.0] * len(wanted)
    together = repeated = bonus = 0.0
    stretches: list[Stretch] = []
    places = text.split("\n")
    for number, place in enumerate(places):
        worth = NAME if number == 0 else KEYWORD if number <= keywords else EXTRA
        covered, filled = 0.0, 0
        for index, (weight, answers) in enumerate(wanted):
            factor, start, end = _surest(answers, place)
            covered += weight * factor
            filled += end - start
            best[index] = max(best[index], weight * factor * worth)
            if factor > SHOWN and number <= keywords:
                stretches.append(Stretch(weight * factor * worth, number, start, end))
        share = min(1.0, filled / (len(place) or 1))
        together = max(together, worth * covered * (1 - FILLED + FILLED * share))
        if number <= keywords:
            repeated += covered
            bonus = max(bonus, SAME_KEYWORD if number and place.replace(" ", "") == query else 0.0)
    value = (1 - TOGETHER) * sum(best) + TOGETHER * together + REPEATED * min(1.0, repeated / OFTEN)
    return Scored(max(0.0, value + bonus - LENGTH * len(places[0])), _shown(stretches))


def _wanted(units: Sequence[Unit], text: str) -> list[tuple[float, list[Answer]]]:
    """The share in the query of each unit that a text answers, and its answers there, surest first."""
    total = sum(unit.weight for unit in units) or 1.0
    wanted = ((unit.weight / total, [answer for answer in unit.answers if answer[0] in text]) for unit in units)
    return [(weight, answers) for weight, answers in wanted if answers]


def _shown(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    most = max((stretch.worth for stretch in stretches), default=0.0)
    return tuple(stretch for stretch in stretches if stretch.worth > SHOWN_SHARE * most)


def _surest(answers: Sequence[Answer], place: str) -> tuple[float, int, int]:
    """The surest answer that stands in a place, and where: factor, start, end; zeros if none does."""
    for words, factor in answers:
        if words in place and (start := place_of(words, place)) >= 0:
            return factor, start, start + len(words)
    return 0.0, 0, 0


def matched(scored: Scored, document: Document) -> tuple[str, ...]:
    """The stretches of the name and the keywords that answered, as they stand there, best first."""
    places = (document.name, *document.keywords)
    worths: dict[str, float] = {}
    for worth, place, start, end in _merged(scored.stretches):
        words = places[place][start:end]
        worths[words] = max(worth, worths.get(words, 0.0))
    return tuple(sorted(worths, key=lambda words: (-worths[words], words)))


def _merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches, those that touch or overlap made one."""
    merged: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch[1:]):
        last = merged[-1] if merged else None
        if last and last.place == stretch.place and stretch.start <= last.end:
            whole = last._replace(worth=last.worth + stretch.worth, end=max(last.end, stretch.end))
            merged[-1] = whole
        else:
            merged.append(stretch)
    return merged

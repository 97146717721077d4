"""How well a document answers a query.

Half of a score is how much of what was asked is anywhere in the document; half is how
much of it is in one place, its name or one keyword, and how little else is there: a
keyword is a query that somebody foresaw. Words count by their rarity.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.search.document import Document
from registry.search.query import Unit
from registry.search.text import place_of, plain_lines

NAME, KEYWORD, EXTRA = 1.0, 0.95, 0.35  # what an answer counts by where it stands
TOGETHER = 0.5  # the share of a score that one place earns
FILLED = 0.35  # of that, the share for a place that says nothing else
SAME_NAME, SAME_KEYWORD = 1.0, 0.3  # on top where a name or a keyword is the query
REPEATED, OFTEN = 0.06, 4.0  # what it adds that several places answer, at most when so many do
SHOWN, SHOWN_SHARE = 0.3, 0.1  # less sure answers, and answers to less of the query, aren't shown
LENGTH = 1e-4  # a character of a name, so that of equals the shorter goes first


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, and the stretches that earned it: their worth, the place's number, start and end."""

    score: float
    stretches: tuple[tuple[float, int, int, int], ...]


def text_of(document: Document) -> str:
    """A document's name, keywords and extra words as compared, a line each."""
    return plain_lines((document.name, *document.keywords, *document.extra))


def score(units: Sequence[Unit], text: str, keywords: int, query: str) -> Scored:
    """The score of a document by its text; `keywords` is their number, `query` is without spaces."""
    total = sum(unit.weight for unit in units) or 1.0
    present = [(unit.weight / total, [answer for answer in unit.answers if answer[0] in text]) for unit in units]
    best_of = [0.0] * len(units)
    together, bonus, repeated = 0.0, 0.0, 0.0
    least = SHOWN_SHARE * max((weight for weight, _ in present), default=0.0)
    stretches: list[tuple[float, int, int, int]] = []
    places = text.split("\n")
    for number, place in enumerate(places):
        worth = NAME if number == 0 else KEYWORD if number <= keywords else EXTRA
        covered, filled = 0.0, 0
        for index, (weight, answers) in enumerate(present):
            factor, start, end = _best(answers, place)
            if not factor:
                continue
            covered += weight * factor
            filled += end - start
            best_of[index] = max(best_of[index], weight * factor * worth)
            if number <= keywords and factor > SHOWN and weight > least:
                stretches.append((weight * factor * worth, number, start, end))
        if covered:
            repeated += covered * (number <= keywords)
            share = min(1.0, filled / (len(place) or 1))
            together = max(together, worth * covered * (1 - FILLED + FILLED * share))
        if query and number <= keywords and place.replace(" ", "") == query:
            bonus = max(bonus, SAME_KEYWORD if number else SAME_NAME)
    value = (1 - TOGETHER) * sum(best_of) + TOGETHER * together
    value += REPEATED * min(1.0, repeated / OFTEN)
    return Scored(value + bonus - LENGTH * len(places[0]) if value else bonus, tuple(stretches))


def _best(answers: Sequence[tuple[str, float]], place: str) -> tuple[float, int, int]:
    """The surest answer that stands in a place, and where: factor, start, end; zeros if none does."""
    for words, factor in answers:
        if words in place and (start := place_of(words, place)) >= 0:
            return factor, start, start + len(words)
    return 0.0, 0, 0


def matched(scored: Scored, document: Document) -> tuple[str, ...]:
    """The stretches of the name and the keywords that answered, as they stand there, best first."""
    places = (document.name, *document.keywords)
    worths: dict[str, float] = {}
    ordered = sorted(scored.stretches, key=lambda stretch: stretch[1:])
    at = 0
    while at < len(ordered):
        worth, number, start, end = ordered[at]
        at += 1
        while at < len(ordered) and ordered[at][1] == number and ordered[at][2] <= end:
            worth, end = worth + ordered[at][0], max(end, ordered[at][3])
            at += 1
        words = places[number][start:end]
        worths[words] = max(worth, worths.get(words, 0.0))
    return tuple(sorted(worths, key=lambda words: (-worths[words], words)))

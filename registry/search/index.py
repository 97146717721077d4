"""The index: which documents may answer, and in what order.

Postings are ascending in document number, and documents are numbered from the shortest
name on, so that a list cut short keeps what would have been placed first.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest

from registry.search.document import Document, Hit
from registry.search.lexicon import Lexicon, counted
from registry.search.query import Reader, Unit
from registry.search.ranking import matched, score, text_of
from registry.search.synonyms import synonyms
from registry.search.text import LONGEST, grams, squeezed

POSTINGS = 20_000  # read for one query; after that only what they chose is looked at
LOOKED_AT = 2_000
WEIGHED = 300  # candidates that are scored, and so the most that are found
TAIL = 0.4  # of the best score, but for the bonus: below it a hit is noise


class SearchIndex:
    """Documents to search. Never changed once it is built, so threads may share it."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = sorted(documents, key=lambda document: (len(document.name), document.code, document.name))
        self._texts = [text_of(document) for document in self._documents]
        self._named: dict[str, list[int]] = {}
        for number, document in enumerate(self._documents):
            self._named.setdefault(_same(document.name), []).append(number)
        self._postings = _postings(self._texts)
        counts = counted(_segmented(self._texts))
        for word in synonyms().meanings:
            counts.setdefault(word, 1)
        self._reader = Reader(Lexicon(counts), synonyms(), self._frequency, len(self._documents))

    def search(self, text: str, *, limit: int | None = None) -> tuple[Hit, ...]:
        """The documents that answer, best first and by code where equal; none if nothing is similar."""
        units, query = self._reader.read(text), _same(text)
        named = self._named.get(query, [])
        hits = []
        for number in self._candidates(units).union(named):
            document = self._documents[number]
            scored = score(units, self._texts[number], len(document.keywords), query)
            hits.append((scored.named() if number in named else scored, document))
        least = TAIL * min(1.0, max((scored.score for scored, _ in hits), default=0.0))
        kept = [(scored, document) for scored, document in hits if scored.score > 0 and scored.score >= least]
        kept.sort(key=lambda hit: (-hit[0].score, hit[1].code))
        return tuple(Hit(document.code, scored.score, matched(scored, document)) for scored, document in kept[:limit])

    def _candidates(self, units: Sequence[Unit]) -> set[int]:
        """The numbers of the most promising documents, chosen by the rarest that was asked for first."""
        totals: dict[int, float] = {}
        left = POSTINGS
        for unit in units:
            if left <= 0:
                self._look(unit, totals)
                continue
            found: dict[int, float] = {}
            for words, factor in unit.answers:
                posting = self._posting(words)[:left]
                left -= len(posting)
                for number in posting:
                    found.setdefault(number, factor)
            for number, factor in found.items():
                totals[number] = totals.get(number, 0.0) + unit.weight * factor
        return set(nlargest(WEIGHED, totals, key=lambda number: (totals[number], -number)))

    def _look(self, unit: Unit, totals: dict[int, float]) -> None:
        """Add what a common word is worth to the documents that lead so far."""
        for number in nlargest(LOOKED_AT, totals, key=lambda number: (totals[number], -number)):
            text = self._texts[number]
            factor = next((factor for words, factor in unit.answers if words in text), 0.0)
            totals[number] += unit.weight * factor

    def _posting(self, words: str) -> "array[int]":
        """The numbers of the documents with the rarest part of a word; at least those with the word."""
        none = array("I")
        return min((self._postings.get(gram, none) for gram in grams(words)), key=len, default=none)

    def _frequency(self, words: str) -> int:
        return len(self._posting(words))


def _same(name: str) -> str:
    """What two names that count as the same have in common."""
    return squeezed(name[:LONGEST]) or name[:LONGEST]


def _postings(texts: Iterable[str]) -> "dict[str, array[int]]":
    postings: dict[str, array[int]] = {}
    for number, text in enumerate(texts):
        for gram in grams(text):
            if (posting := postings.get(gram)) is None:
                postings[gram] = array("I", (number,))
            else:
                posting.append(number)
    return postings


def _segmented(texts: Iterable[str]) -> Iterator[list[str]]:
    """The words of each stretch of text between spaces."""
    from rjieba import cut  # loaded when first needed: its dictionary takes a while

    for text in texts:
        phrase: list[str] = []
        for word in cut(text, hmm=False):
            if word.isspace():
                yield phrase
                phrase = []
            else:
                phrase.append(word)
        yield phrase

"""A query taken apart into what it asks for, each with everything that would answer it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log
from typing import NamedTuple

from registry.search.lexicon import Alike, Heard, Lexicon
from registry.search.synonyms import STOP, Synonyms
from registry.search.text import LATIN, LONGEST, TOKEN, is_latin, plain, visible

STOP_WEIGHT = 0.05
UNKNOWN_WEIGHT = 0.35  # what nothing in the catalogue answers can't tell one document from another
MISSPELT = 0.8  # how surely a word is meant that is not quite what was typed
FRAGMENT, CHARACTER = 0.6, 0.2  # how surely a part of a word, or a character of it, answers for it
CONFUSED = 0.4  # and where what was typed is a word too
UNSURE = 0.5  # a second word this likely, and letters may mean either
WITHIN = 0.5  # how much a word counts that is part of a phrase known as a whole
MOST_UNITS = 32  # the rarest decide; what people type has fewer than twenty
LONGEST_SLIP = 5  # characters in which one slip is looked for

MIXED = re.compile(r"([^\sa-z0-9]{0,2})(?<![a-z0-9])([a-z]+)(?![a-z0-9])([^\sa-z0-9]{0,2})")
MIXTURES = ((2, 2), (2, 1), (1, 2), (2, 0), (0, 2), (1, 1), (1, 0), (0, 1))  # characters before and after the letters

Frequency = Callable[[str], int]
Answer = tuple[str, float]  # words, and how surely they answer (0-1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing asked for. `answers`: what would answer it, most surely first; `text` itself among them."""

    text: str
    answers: tuple[Answer, ...]
    weight: float


class Piece(NamedTuple):
    """A stretch of a query, and the words it may be read as where that is not what stands there."""

    text: str
    alike: tuple[Alike, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads queries in the light of one catalogue: `frequency` counts its documents with a word."""

    lexicon: Lexicon
    synonyms: Synonyms
    frequency: Frequency
    documents: int

    def read(self, text: str) -> tuple[Unit, ...]:
        """What the first 200 characters of a query ask for, the rarest first."""
        query = MIXED.sub(self._unmixed, " ".join(plain(visible(text[:LONGEST])).split()))
        pieces = [piece for phrase in self._phrases(query) for piece in phrase]
        units: dict[str, Unit] = {}
        for piece in pieces:
            unit = self._unit(piece)
            units.setdefault(unit.text, unit)
            for word in self._within(piece.text):
                part = self._unit(Piece(word))
                units.setdefault(word, replace(part, weight=part.weight * WITHIN))
        return tuple(sorted(units.values(), key=lambda unit: (-unit.weight, unit.text))[:MOST_UNITS])

    def _within(self, phrase: str) -> list[str]:
        """The words of a phrase that is known as a whole: a document that has them all may answer as well."""
        if phrase not in self.synonyms.meanings or is_latin(phrase) or len(phrase) < 4:
            return []
        from rjieba import cut

        words = [word for word in cut(phrase, hmm=False) if word not in STOP]
        return [word for word in words if len(word) > 1 and self.frequency(word)] if len(words) > 1 else []

    def _unmixed(self, found: re.Match[str]) -> str:
        """A word typed half in Chinese, half in letters, in Chinese: 驾zhao, 公ji金; or as it was typed."""
        before, run, after = found.groups()
        if self._known(run):
            return found[0]
        for left, right in MIXTURES:
            start, end = before[len(before) - left :], after[:right]
            if len(start) == left and len(end) == right and (words := self.lexicon.mixed(start, run, end)):
                return before[: len(before) - left] + words[0].word + after[right:]
        return found[0]

    def _phrases(self, query: str) -> Iterator[list[Piece]]:
        """Pieces of each stretch of Chinese, and of each of Latin letters."""
        letters: list[str] = []
        for part in self._parts(query):
            if is_latin(part) and not self._known(part):
                letters.append(part)
                continue
            yield from self._sounded(letters)
            letters = []
            yield [Piece(part)] if is_latin(part) or part in self.synonyms.meanings else list(self._chinese(part))
        yield from self._sounded(letters)

    def _parts(self, query: str) -> Iterator[str]:
        """Latin words, known phrases that hold some, and stretches of Chinese, in their order."""
        at = 0
        while match := TOKEN.search(query, at):
            at = match.start()
            phrase = self._phrase_at(query, at)
            if phrase and (is_latin(phrase) or LATIN.search(phrase)):
                yield phrase
                at += len(phrase)
            elif is_latin(match[0]) and not self._known(match[0]):
                yield from _letters_and_digits(match[0])
                at = match.end()
            else:
                yield match[0]
                at = match.end()

    def _phrase_at(self, text: str, at: int, ends: Collection[int] | None = None) -> str | None:
        """The longest synonym that starts there, and ends at one of `ends` if they are given."""
        for size in range(min(self.synonyms.longest, len(text) - at), 1, -1):
            phrase, end = text[at : at + size], at + size
            if ends is not None and end not in ends:
                continue
            if phrase in self.synonyms.meanings and not (LATIN.match(phrase[-1]) and LATIN.match(text, end)):
                return phrase
        return None

    def _known(self, word: str) -> bool:
        return word in STOP or word in self.synonyms.meanings or (len(word) > 1 and self.frequency(word) > 0)

    def _sounded(self, letters: list[str]) -> Iterator[list[Piece]]:
        """Letters read as pinyin and initials, or else each as a word."""
        if not letters:
            return
        spelt = [run for run in letters if run.isalpha()]
        found = self.lexicon.heard(spelt) if spelt else []
        if found:
            yield [piece for heard in found for piece in self._written(heard)]
            letters = [run for run in letters if not run.isalpha()]
        yield [Piece(run, tuple(self.lexicon.slips(run)) if len(run) >= 5 else ()) for run in letters]

    def _written(self, heard: Heard) -> Iterator[Piece]:
        """What was heard, as if it had been typed in Chinese where syllables were and only one word comes near."""
        first = heard.words[0]
        if len(heard.letters) > len(first.word) and all(other.factor < UNSURE for other in heard.words[1:]):
            return self._chinese(first.word)
        return iter((Piece(heard.letters, tuple(heard.words)),))

    def _chinese(self, stretch: str) -> Iterator[Piece]:
        """Its words: as a dictionary divides it, synonyms and stop phrases kept together, slips mended."""
        pieces = self._rejoined(list(self._divided(stretch)))
        at = 0
        while at < len(pieces):
            for count in range(min(4, len(pieces) - at), 0, -1):
                if alike := self._mended(pieces[at : at + count]):
                    yield Piece("".join(pieces[at : at + count]), tuple(alike))
                    at += count
                    break
            else:
                yield Piece(pieces[at], tuple(self._confusable(pieces[at])))
                at += 1

    def _divided(self, stretch: str) -> Iterator[str]:
        from rjieba import cut  # loaded when first needed: its dictionary takes a while

        at, ends = 0, _ends(cut(stretch, hmm=False))
        while at < len(stretch):
            word_end = next(end for end in ends if end > at)
            phrase = self._phrase_at(stretch, at, ends) or ""
            stop = next((size for size in range(8, 1, -1) if stretch[at : at + size] in STOP), 0)
            size = max(word_end - at, len(phrase), stop)
            yield stretch[at : at + size]
            at += size

    def _rejoined(self, pieces: list[str]) -> list[str]:
        """The pieces, a word that the catalogue hasn't given up where its characters make one that it has."""
        joined: list[str] = []
        for piece in pieces:
            loose: Sequence[str] = piece if self._foreign(piece, joined) else (piece,)
            for part in loose:
                pair = joined[-1] + part if joined else part
                if len(pair) == 2 and joined and pair in self.lexicon and not {part, joined[-1]} & STOP:
                    joined[-1] = pair
                else:
                    joined.append(part)
        return joined

    def _foreign(self, piece: str, before: list[str]) -> bool:
        """Whether a piece is no word here, and long or beginning with the end of one that is."""
        if len(piece) < 2 or piece in STOP or piece in self.synonyms.meanings or self.frequency(piece):
            return False
        return len(piece) > 2 or bool(before and len(before[-1]) == 1 and before[-1] + piece[0] in self.lexicon)

    def _mended(self, pieces: list[str]) -> list[Alike]:
        """What may be meant where what was typed occurs nowhere: words that sound so, or are spelt almost so."""
        typed = "".join(pieces)
        if not 2 <= len(typed) <= LONGEST_SLIP or self.frequency(typed) or typed in self.synonyms.meanings:
            return []
        if any(piece in STOP for piece in pieces) or all(piece in self.synonyms.meanings for piece in pieces):
            return []
        found = self.lexicon.homophones(typed)
        if not found and not any(len(piece) > 1 and piece in self.lexicon for piece in pieces):
            # Between characters that are words by themselves only a missing one is a slip.
            longer = 0 if any(self._strange(piece) for piece in pieces) else len(typed)
            found = [like for like in self.lexicon.slips(typed) if len(like.word) > longer]
        return [Alike(like.word, like.factor * MISSPELT) for like in found]

    def _strange(self, piece: str) -> bool:
        return piece not in self.synonyms.meanings and (piece not in self.lexicon or not self.frequency(piece))

    def _confusable(self, piece: str) -> list[Alike]:
        """The words that a word of two characters or more is easily written for."""
        if len(piece) < 2 or is_latin(piece) or piece in STOP or piece in self.synonyms.meanings:
            return []
        return [Alike(like.word, like.factor * CONFUSED) for like in self.lexicon.homophones(piece) if like.factor == 1]

    def _unit(self, piece: Piece) -> Unit:
        answers = {piece.text: 1.0}
        for word, factor in (Alike(piece.text, 1.0), *piece.alike):
            answers[word] = max(factor, answers.get(word, 0.0))
            for other, likely in self._meanings(word).items():
                answers[other] = max(factor * likely, answers.get(other, 0.0))
        for word, likely in (Alike(piece.text, 1.0), *piece.alike[:1]):
            for part, factor in self._fragments(word):
                answers.setdefault(part, likely * factor)
        found = {word: factor for word, factor in answers.items() if self.frequency(word)}
        ordered = tuple(sorted(found.items(), key=lambda answer: (-answer[1], answer[0])))
        return Unit(piece.text, ordered, self._weight(piece.text, ordered))

    def _fragments(self, word: str) -> Iterator[Answer]:
        """Parts of a Chinese word, that answer for it where the whole is missing."""
        if is_latin(word) or LATIN.search(word) or word in STOP:
            return
        for size in range(len(word) - 1, 1, -1):
            for at in range(len(word) - size + 1):
                yield word[at : at + size], FRAGMENT * size / len(word)
        if len(word) == 2 and word not in self.synonyms.meanings:
            yield from ((character, CHARACTER) for character in word)

    def _meanings(self, word: str) -> Mapping[str, float]:
        found = self.synonyms.meanings.get(word)
        if found is None and is_latin(word) and len(word) > 3 and word.endswith("s"):
            found = self.synonyms.meanings.get(word[:-1])
        return found or {}

    def _weight(self, text: str, answers: tuple[Answer, ...]) -> float:
        commonest = max((self.frequency(word) for word, factor in answers if factor >= 0.5), default=0)
        weight = log(1 + self.documents / (1 + commonest))
        if text in STOP:
            return weight * STOP_WEIGHT
        return weight if answers else weight * UNKNOWN_WEIGHT


def _ends(words: list[str]) -> list[int]:
    ends, at = [], 0
    for word in words:
        at += len(word)
        ends.append(at)
    return ends


@cache
def _letters_and_digits(token: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z]+|[0-9]+", token))

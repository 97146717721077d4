"""The words of a catalogue by how they sound and how they are spelt.

They answer for what was typed in pinyin, in initials, or with a slip: people type
`shenfenzheng`, `sfz`, 身分证 and 身证 and mean 身份证.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice, pairwise, product
from math import log
from typing import NamedTuple

from registry.search.pinyin import SPELLINGS, blurred, divisions, initials, readings, spellings
from registry.search.text import is_latin

LONGEST_WORD = 5
MOST_WORDS = 60_000  # the commonest; the others are still found as they are written
FEW_PAIRS = 3_000  # so few pairs of neighbours are all kept, of more those that are seen again
MOST_ALIKE = 6
SLIP = 0.85  # how surely a word is meant that is spelt otherwise
BLUR = 0.8  # how surely a sound is meant that is only nearly so
LEAST = 0.2  # less sure than this share of the surest is not worth a look
LONG, COMMON = 1.3, 50  # how a division into words is judged: longer words, then commoner ones

Sound = tuple[str, ...]  # what one character may sound like: syllables, or a syllable's first letter


class Alike(NamedTuple):
    """A word of the catalogue that may be meant, and how surely (0-1)."""

    word: str
    factor: float


Sounding = Callable[[tuple[Sound, ...]], list[Alike]]


class Heard(NamedTuple):
    """Letters, and the words that they may stand for."""

    letters: str
    words: list[Alike]


class Lexicon:
    """Words with their frequencies, by initials and by what is left when one character is dropped."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        commonest = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
        self._counts = {word: counts[word] for word in commonest}
        self._by_initials = _listed((key, word) for word in commonest for key in _initials(word))
        self._by_rest = _listed((rest, word) for word in commonest if _long(word) for rest in _rests(word))
        self._syllables = frozenset(_syllables(commonest))

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def sounding(self, sounds: tuple[Sound, ...]) -> list[Alike]:
        """The words that sound so, character for character."""
        found: list[Alike] = []
        letters = (sorted({sound[0] for sound in syllables}) for syllables in sounds)
        for key in islice(product(*letters), SPELLINGS):
            words = self._by_initials.get("".join(key), "").splitlines()
            found += (Alike(word, _likeness(word, sounds) * (1 + log(self._counts[word]))) for word in words)
        return _strongest(found)

    def homophones(self, typed: str) -> list[Alike]:
        """The other words that sound like what was typed in Chinese."""
        sounds = tuple(readings(character)[:1] for character in typed)
        return [like for like in self.sounding(sounds) if like.word != typed] if all(sounds) else []

    def slips(self, typed: str) -> list[Alike]:
        """The words of three characters or more with one character more, less or other, or two exchanged."""
        near: dict[str, int] = {}
        for rest in (typed, *_rests(typed)):
            for word in (rest, *self._by_rest.get(rest, "").splitlines()):
                if word in self._counts and len(word) >= 3 and word not in typed and _one_slip(word, typed):
                    near[word] = self._counts[word]
        return [Alike(word, SLIP) for word in sorted(near, key=lambda word: (-near[word], word))[:MOST_ALIKE]]

    def mixed(self, before: str, run: str, after: str) -> list[Alike]:
        """The words with these characters before and after what a run of letters sounds like."""
        found: list[Alike] = []
        ends = [tuple(readings(character)[:1] for character in end) for end in (before, after)]
        for spelling in islice(divisions(run, self._syllables), SPELLINGS):
            sounds = (*ends[0], *((syllable,) for syllable in spelling), *ends[1])
            if all(sounds) and len(sounds) <= LONGEST_WORD:
                found += self.sounding(sounds)
        fitting = [like for like in found if like.word.startswith(before) and like.word.endswith(after)]
        return sorted(fitting, key=lambda like: (-like.factor, like.word))

    def heard(self, runs: list[str]) -> list[Heard]:
        """Runs of letters read as pinyin and initials, together or apart; nothing if they can't all be."""
        sounding = cache(self.sounding)  # for this query: its readings have most parts in common
        if not all(run in self._syllables or len(run) == 1 for run in runs):
            apart = [self._read([run], sounding) for run in runs]
            if all(apart):
                return [word for words in apart for word in words]
        return self._read(runs, sounding)

    def _read(self, runs: list[str], sounding: Sounding) -> list[Heard]:
        best: tuple[float, list[Heard]] = (0.0, [])
        for reading in islice(product(*(spellings(run, self._syllables) for run in runs)), SPELLINGS):
            found = self._divided(tuple(sound for part in reading for sound in part), sounding)
            if found is not None and found[0] > best[0] and not _guessed(found[1]):
                best = found
        return best[1]

    def _divided(self, sounds: tuple[str, ...], sounding: Sounding) -> tuple[float, list[Heard]] | None:
        """The division of a row of sounds into words that explains it best, with its worth."""
        best: list[tuple[float, list[Heard]] | None] = [(0.0, [])]
        for end in range(1, len(sounds) + 1):
            options = []
            for start in range(max(0, end - LONGEST_WORD), end):
                before, part = best[start], sounds[start:end]
                if before is None or part == (part[0][0],):
                    continue  # a single letter is no word
                if found := sounding(tuple((sound,) for sound in part)):
                    heard = Heard("".join(part), found)
                    options.append((before[0] + self._worth(heard), [*before[1], heard]))
            best.append(max(options, key=lambda option: option[0]) if options else None)
        return best[-1]

    def _worth(self, heard: Heard) -> float:
        commonest = max(self._counts[like.word] for like in heard.words)
        return float(len(heard.letters) ** LONG * (1 + commonest**0.5 / COMMON))


def counted(phrases: Iterable[list[str]]) -> Counter[str]:
    """How often words occur in segmented phrases: single ones, short whole phrases, pairs that are seen again."""
    words, pairs = Counter[str](), Counter[str]()
    for phrase in phrases:
        words.update(phrase)
        if len(phrase) > 1 and len(whole := "".join(phrase)) <= LONGEST_WORD:
            words[whole] += 1
        pairs.update(a + b for a, b in pairwise(phrase) if len(a) + len(b) <= LONGEST_WORD)
    once = len(pairs) <= FEW_PAIRS
    words.update({pair: count for pair, count in pairs.items() if count > 1 or once})
    return Counter({word: count for word, count in words.items() if word.isalnum() and len(word) <= 12})


def _syllables(words: list[str]) -> Iterator[str]:
    for character in sorted(set("".join(words))):
        yield from readings(character)


def _listed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The words of each key, a line each: a text takes less memory and time than a list."""
    lists: dict[str, str] = {}
    for key, word in pairs:
        words = lists.get(key)
        lists[key] = word if words is None else f"{words}\n{word}"
    return lists


def _guessed(words: list[Heard]) -> bool:
    """Whether letters were read as three or more words of two initials each, which any letters can be."""
    return len(words) > 2 and all(len(heard.letters) == len(heard.words[0].word) == 2 for heard in words)


def _long(word: str) -> bool:
    """Whether a word is long enough to be recognised with a character wrong."""
    return len(word) >= 5 if is_latin(word) else len(word) >= 3


def _initials(word: str) -> Iterable[str]:
    if is_latin(word) or len(word) > LONGEST_WORD:
        return ()
    letters = [initials(character) for character in word]
    whole = "".join(letters)
    return (whole,) if len(whole) == len(word) else map("".join, islice(product(*letters), SPELLINGS))


def _rests(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _one_slip(a: str, b: str) -> bool:
    """Whether one character more, less or other, or two neighbours exchanged, makes one the other."""
    if len(a) != len(b):
        return abs(len(a) - len(b)) == 1
    wrong = [at for at in range(len(a)) if a[at] != b[at]]
    return len(wrong) == 1 or (
        len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0] : wrong[1] + 1] == b[wrong[1]] + b[wrong[0]]
    )


def _likeness(word: str, sounds: tuple[Sound, ...]) -> float:
    """How well a word's readings fit the sounds: 1 exactly, less where one is blurred, 0 if not."""
    likeness = 1.0
    for character, syllables in zip(word, sounds, strict=True):
        own = readings(character)
        if any(sound in own or (len(sound) == 1 and sound in initials(character)) for sound in syllables):
            continue
        if not {blurred(sound) for sound in syllables} & {blurred(reading) for reading in own}:
            return 0.0
        likeness *= BLUR
    return likeness


def _strongest(found: list[Alike]) -> list[Alike]:
    best = max((like.factor for like in found), default=0.0)
    scaled = {like.word: (like.factor / best) ** 2 for like in found if like.factor > 0}
    ordered = sorted(scaled, key=lambda word: (-scaled[word], word))
    return [Alike(word, scaled[word]) for word in ordered[:MOST_ALIKE] if scaled[word] >= LEAST]

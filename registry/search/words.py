"""The words of a catalogue by how they sound and how they are spelt.

They answer for what was typed in pinyin, in initials, or with a slip: people type
`shenfenzheng`, `sfz`, 身分证 and 身证 and mean 身份证.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, pairwise, product
from math import log
from typing import NamedTuple

from registry.search.text import is_latin

LONGEST_WORD = 5
MOST_WORDS = 60_000  # the commonest; the others are still found as they are written
FEW_PAIRS = 3_000  # so few pairs of neighbours are all kept, of more those that are seen again
MOST_ALIKE = 6
SLIP = 0.85  # how surely a word is meant that is spelt otherwise
SPELLINGS = 8  # ways to read one word or one run of letters
# Sounds that are one in much of the country: zh/z, ch/c, sh/s, n/l at the start, n/ng at the end.
BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


class Alike(NamedTuple):
    """A word of the catalogue that may be meant, and how surely (0-1)."""

    word: str
    factor: float


@lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """The ways to read a character in pinyin without tones, the commonest first; none if there are none."""
    from pypinyin import Style, pinyin  # loaded when first needed: it is large

    found = pinyin(character, heteronym=True, style=Style.NORMAL, errors="ignore")
    return tuple(dict.fromkeys(found[0]))[:2] if found else ()


@cache
def blurred(syllable: str) -> str:
    """The syllable as it may be confused."""
    for full, short in BLURRED:
        if syllable.startswith(full):
            syllable = short + syllable[2:]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


class Words:
    """Words with their frequencies, by initials and by what is left when one character is dropped."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        commonest = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
        self._counts = {word: counts[word] for word in commonest}
        self._by_initials = _listed((initials, word) for word in commonest for initials in _initials(word))
        self._by_rest = _listed((rest, word) for word in commonest if _long(word) for rest in _rests(word))
        self._syllables = frozenset(_syllables(commonest))

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def sounding(self, sounds: tuple[tuple[str, ...], ...]) -> list[Alike]:
        """The words that sound so: for each character its possible syllables, or an initial."""
        found: list[Alike] = []
        for initials in _combinations([sorted({sound[0] for sound in syllables}) for syllables in sounds]):
            words = self._by_initials.get(initials, "").splitlines()
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
        found = []
        for spelling in islice(self._full(run), SPELLINGS):
            if len(before) + len(spelling) + len(after) <= LONGEST_WORD:
                parts = (*before, *spelling, *after)
                sounds = tuple(readings(part)[:1] if not is_latin(part) else (part,) for part in parts)
                found += [
                    like
                    for like in (self.sounding(sounds) if all(sounds) else ())
                    if like.word.startswith(before) and like.word.endswith(after)
                ]
        return sorted(found, key=lambda like: (-like.factor, like.word))

    def typed(self, letters: list[str]) -> list[tuple[str, list[Alike]]] | None:
        """Runs of letters read as pinyin and initials: what was typed for each word, and the words.

        None if the letters can't all be read so.
        """
        apart = [self._read([run]) for run in letters] if min(map(len, letters)) > 1 else []
        if apart and all(apart) and not all(run in self._syllables for run in letters):
            return [word for words in apart for word in words]
        return self._read(letters) or None

    def _read(self, letters: list[str]) -> list[tuple[str, list[Alike]]]:
        best: tuple[float, list[tuple[str, list[Alike]]]] = (0.0, [])
        for reading in islice(product(*(list(self._spellings(run)) for run in letters)), SPELLINGS):
            sounds = tuple(sound for part in reading for sound in part)
            found = self._divided(sounds)
            if found is not None and found[0] > best[0] and not _guessed(found[1]):
                best = found
        return best[1]

    def _spellings(self, run: str) -> Iterator[tuple[str, ...]]:
        whole = list(islice(self._full(run), SPELLINGS))
        yield from whole
        if not whole:
            yield self._mixed(run)

    def _full(self, run: str) -> Iterator[tuple[str, ...]]:
        if not run:
            yield ()
        for size in range(min(6, len(run)), 0, -1):
            if run[:size] in self._syllables:
                for rest in self._full(run[size:]):
                    yield (run[:size], *rest)

    def _mixed(self, run: str) -> tuple[str, ...]:
        """The fewest syllables and initials that spell the run."""
        best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
        for end in range(1, len(run) + 1):
            options = [(best[end - 1][0] + 1.6, (*best[end - 1][1], run[end - 1]))]
            for size in range(2, min(6, end) + 1):
                if run[end - size : end] in self._syllables:
                    cost, parts = best[end - size]
                    options.append((cost + 1, (*parts, run[end - size : end])))
            best.append(min(options))
        return best[-1][1]

    def _divided(self, sounds: tuple[str, ...]) -> tuple[float, list[tuple[str, list[Alike]]]] | None:
        """The division of a row of sounds into words that explains it best, longer words counting more."""
        best: list[tuple[float, list[tuple[str, list[Alike]]]] | None] = [(0.0, [])]
        for end in range(1, len(sounds) + 1):
            options = []
            for size in range(1, min(LONGEST_WORD, end) + 1):
                before, part = best[end - size], sounds[end - size : end]
                if before is None or (size == 1 and len(part[0]) == 1):
                    continue  # a single letter is no word
                if found := self.sounding(tuple((sound,) for sound in part)):
                    commonest = max(self._counts.get(like.word, 0) for like in found)
                    worth = before[0] + len("".join(part)) ** 1.3 * (1 + commonest**0.5 / 50)
                    options.append((worth, [*before[1], ("".join(part), found)]))
            best.append(max(options, key=lambda option: option[0]) if options else None)
        return best[-1]


def counted(phrases: Iterable[list[str]]) -> Counter[str]:
    """How often each word occurs in segmented phrases, and each pair of neighbours that is seen again."""
    words, pairs = Counter[str](), Counter[str]()
    for phrase in phrases:
        words.update(phrase)
        pairs.update(a + b for a, b in pairwise(phrase) if len(a) + len(b) <= LONGEST_WORD)
    once = len(pairs) <= FEW_PAIRS
    words.update({pair: count for pair, count in pairs.items() if count > 1 or once})
    return Counter({word: count for word, count in words.items() if word.isalnum() and len(word) <= 12})


def _syllables(words: list[str]) -> Iterator[str]:
    for character in sorted(set("".join(words))):
        yield from readings(character)


def _combinations(choices: Sequence[Iterable[str]]) -> Iterable[str]:
    return ("".join(choice) for choice in islice(product(*choices), SPELLINGS))


def _listed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The words of each key, a line each: a text takes less memory and time than a list."""
    lists: dict[str, str] = {}
    for key, word in pairs:
        words = lists.get(key)
        lists[key] = word if words is None else f"{words}\n{word}"
    return lists


def _guessed(words: list[tuple[str, list[Alike]]]) -> bool:
    """Whether letters were read as three or more words of two initials each, which any letters can be."""
    return len(words) > 2 and all(len(typed) == 2 and len(found[0].word) == 2 for typed, found in words)


def _long(word: str) -> bool:
    """Whether a word is long enough to be recognised with a character wrong."""
    return len(word) >= 5 if is_latin(word) else len(word) >= 3


def _initials(word: str) -> Iterable[str]:
    if is_latin(word) or len(word) > LONGEST_WORD:
        return ()
    letters = [_letters(character) for character in word]
    whole = "".join(letters)
    return (whole,) if len(whole) == len(word) else _combinations(letters)


@cache
def _letters(character: str) -> str:
    """The letters that its readings begin with."""
    return "".join(dict.fromkeys(sound[0] for sound in readings(character)))


def _rests(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _one_slip(a: str, b: str) -> bool:
    """Whether one character more, less or other, or two neighbours exchanged, makes one the other."""
    if len(a) == len(b):
        wrong = [at for at in range(len(a)) if a[at] != b[at]]
        swapped = (
            len(wrong) == 2 and wrong[1] == wrong[0] + 1 and a[wrong[0]] == b[wrong[1]] and a[wrong[1]] == b[wrong[0]]
        )
        return len(wrong) == 1 or swapped
    return abs(len(a) - len(b)) == 1


def _likeness(word: str, sounds: tuple[tuple[str, ...], ...]) -> float:
    """How well a word's readings fit the sounds: 1 exactly, less where one is blurred, 0 if not."""
    likeness = 1.0
    for character, syllables in zip(word, sounds, strict=True):
        own = readings(character)
        if any(sound in own for sound in syllables):
            continue
        if any(len(sound) == 1 and sound == reading[0] for sound in syllables for reading in own):
            continue
        if not {blurred(sound) for sound in syllables} & {blurred(reading) for reading in own}:
            return 0.0
        likeness *= 0.8
    return likeness


def _strongest(found: list[Alike]) -> list[Alike]:
    best = max((like.factor for like in found), default=1.0)
    scaled = {like.word: min(1.0, (like.factor / best) ** 2) for like in found}
    ordered = sorted(scaled, key=lambda word: (-scaled[word], word))
    return [Alike(word, scaled[word]) for word in ordered[:MOST_ALIKE] if scaled[word] >= 0.2]

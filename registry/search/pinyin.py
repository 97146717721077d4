"""Pinyin: how characters are read, and how a run of letters may be divided into syllables."""

from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from itertools import islice

SPELLINGS = 8  # ways to read one word or one run of letters
LONGEST_SYLLABLE = 6
INITIAL_COST = 1.6  # of a letter read as an initial, where a whole syllable costs 1
# Sounds that are one in much of the country: zh and z, ch and c, sh and s; ng and n at the end.
BLURRED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """The two commonest ways to read a character, without tones; none if it isn't Chinese."""
    from pypinyin import Style, pinyin  # loaded when first needed: it is large

    found = pinyin(character, heteronym=True, style=Style.NORMAL, errors="ignore")
    return tuple(dict.fromkeys(found[0]))[:2] if found else ()


@cache
def initials(character: str) -> str:
    """The letters that its readings begin with."""
    return "".join(dict.fromkeys(sound[0] for sound in readings(character)))


@cache
def blurred(syllable: str) -> str:
    """The syllable as it may be confused."""
    for full, short in BLURRED:
        if syllable.startswith(full):
            syllable = short + syllable[2:]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


def spellings(run: str, syllables: Collection[str]) -> list[tuple[str, ...]]:
    """The ways to divide letters into syllables, longer ones first; else the one with the fewest initials."""
    return list(islice(divisions(run, syllables), SPELLINGS)) or [_with_initials(run, syllables)]


def divisions(run: str, syllables: Collection[str]) -> Iterator[tuple[str, ...]]:
    """All divisions of letters into syllables, longer ones first."""
    # Only ends from which the rest can be spelt are followed, or odd letters would cost exponential time.
    spelt = [False] * len(run) + [True]
    for start in range(len(run) - 1, -1, -1):
        spelt[start] = any(spelt[end] and run[start:end] in syllables for end in _ends(run, start))
    stack: list[tuple[int, tuple[str, ...]]] = [(0, ())] if spelt[0] else []
    while stack:
        start, parts = stack.pop()
        if start == len(run):
            yield parts
        following = (end for end in _ends(run, start) if spelt[end] and run[start:end] in syllables)
        stack.extend((end, (*parts, run[start:end])) for end in following)


def _ends(run: str, start: int) -> range:
    return range(start + 1, min(start + LONGEST_SYLLABLE, len(run)) + 1)


def _with_initials(run: str, syllables: Collection[str]) -> tuple[str, ...]:
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(run) + 1):
        cost, parts = best[end - 1]
        options = [(cost + INITIAL_COST, (*parts, run[end - 1]))]
        for start in range(max(0, end - LONGEST_SYLLABLE), end - 1):
            if run[start:end] in syllables:
                cost, parts = best[start]
                options.append((cost + 1, (*parts, run[start:end])))
        best.append(min(options))
    return best[-1][1]

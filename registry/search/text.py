"""Text as it is compared: one character for one, so that what matched can be shown as it stands.

Full-width and capital letters, traditional characters and punctuation make no
difference; whatever is neither letter nor digit is a space.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

LONGEST = 200  # characters of a query that count
TOKEN = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")
LATIN = re.compile(r"[a-z0-9]+")
UNSEEN = frozenset({"Cc", "Cf", "Mn", "Me"})


class _Plain(dict[int, str]):
    """A table for str.translate that fills itself: code point to one comparable character."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = folded if len(folded) == 1 and folded.isalnum() else " "
        return self[code]


_PLAIN = _Plain()


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC  # loaded when first needed: starting up must not wait for it

    return OpenCC("t2s")


def plain(text: str) -> str:
    """The text in small, half-width, simplified characters, as long as it was."""
    return simplified(text.translate(_PLAIN))


def plain_lines(texts: Iterable[str]) -> str:
    """Texts made plain, a line each."""
    return simplified("\n".join(text.translate(_PLAIN) for text in texts))


def simplified(folded: str) -> str:
    """Traditional characters made simplified."""
    if folded.isascii():
        return folded
    converted: str = _simplifier().convert(folded)
    return converted if len(converted) == len(folded) else folded


def visible(text: str) -> str:
    """The text without characters that don't show: control and format characters, marks on others."""
    return "".join(
        character for character in text if character.isspace() or unicodedata.category(character) not in UNSEEN
    )


def squeezed(text: str) -> str:
    """Plain text without spaces, as two names are compared for being the same."""
    return "".join(plain(visible(text)).split())


def is_latin(text: str) -> bool:
    """Whether it is a word in Latin letters or digits, which is matched whole."""
    return text.isascii()


def grams(text: str) -> set[str]:
    """What a plain text is indexed by: characters, pairs of characters, Latin words."""
    found: set[str] = set()
    for token in TOKEN.findall(text):
        if token.isascii():
            found.add(token)
        else:
            found.update(token)
            found.update(map(str.__add__, token, token[1:]))
    return found


def place_of(words: str, text: str) -> int:
    """Where `words` stand in a plain text, or -1. Latin words match whole words only."""
    at = text.find(words)
    if at < 0 or not (_latin(words[0]) or _latin(words[-1])):
        return at
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(words) : at + len(words) + 1]
        if not (_latin(words[0]) and _latin(before)) and not (_latin(words[-1]) and _latin(after)):
            return at
        at = text.find(words, at + 1)
    return -1


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()

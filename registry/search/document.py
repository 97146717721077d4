"""What goes into an index, and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Something to be found. `extra` (its department's short name, its English name) is weighed least."""

    code: str
    name: str
    keywords: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers.

    `score` is comparable within one search only: about 1 where everything asked for is
    there, more where a name or keyword is the query itself. `matched` are the words of
    its name and keywords that answered, as they stand there, best first.
    """

    code: str
    score: float
    matched: tuple[str, ...]

"""Answers as files."""

from schema.renderings import Rendering


def renderings() -> tuple[Rendering, ...]:
    """The files there are."""
    return ()

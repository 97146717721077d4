"""Versions of bundles: what was published, when, by whom and how; releases of several at once. Never changed afterwards."""

from dataclasses import dataclass
from datetime import datetime

from registry.bundles import Bundle
from registry.words import Word


class Origin(Word):
    """How a version came to be."""

    EDIT = "edit", "编辑发布", "edited and published"
    IMPORT = "import", "导入", "loaded from files"
    REVERT = "revert", "回退", "an earlier version put back"


@dataclass(frozen=True, slots=True)
class Overridden:
    """Something that would have stopped a publication, had a publisher not given a reason to go on."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BundleVersion:
    """One published version. A content of None: with it the bundle was taken out of the registry.

    Numbers of a bundle have no gaps, but where a file that was loaded raised the number
    by more. `unreviewed` stays for ever: nobody but its authors looked at it. `override`
    is the reason given for going on although something, `overridden`, stood in the way.
    """

    bundle: str
    number: int
    published_at: datetime
    revision: int
    author: str
    content: Bundle | None
    origin: Origin = Origin.EDIT
    note: str | None = None
    reviewed_by: str | None = None
    unreviewed: bool = False
    override: str | None = None
    overridden: tuple[Overridden, ...] = ()
    reverted_from: int | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """A bundle in a release: the version before it and the version it published."""

    bundle: str
    before: int
    number: int


@dataclass(frozen=True, slots=True)
class Release:
    """Several bundles that were published at once. `undoes` and `undone_by` are codes of releases."""

    code: str
    at: datetime
    revision: int
    author: str
    items: tuple[Released, ...]
    note: str | None = None
    undoes: str | None = None
    undone_by: str | None = None
